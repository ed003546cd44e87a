"""How Helpdesk is set up for the portal."""
