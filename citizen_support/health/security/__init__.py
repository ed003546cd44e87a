"""What opens the site to people who should stay outside."""
