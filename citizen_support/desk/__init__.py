"""What the forms of the back office ask for, each with its own check of permission."""
