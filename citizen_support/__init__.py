"""A citizen desk for municipalities on Frappe Helpdesk."""

__version__ = "0.1.0"
