"""The machines and services below the site."""
