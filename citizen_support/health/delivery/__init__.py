"""From a request to its ticket, and from the city to the resident: submissions, mail, SMS."""
