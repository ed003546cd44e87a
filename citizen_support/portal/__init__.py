"""The public pages: read the request, ask the rooms, show a page. No rule of the desk lives here."""
