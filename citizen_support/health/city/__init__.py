"""The city itself: departments, services, holidays, people."""
