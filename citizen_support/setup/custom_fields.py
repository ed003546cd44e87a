"""What the app adds to Helpdesk's own forms; one dict for install, migrate and uninstall."""

MODULE = "Citizen Support"
SIDEBAR_PLACEHOLDERS = {"cs_outcome": "What was done, in words for the resident"}
_SHOWN = {"read_only": 1, "no_copy": 1}
# Helpdesk shows the sidebar's fields on its page for new tickets too, unless this says otherwise.
_ONCE_THERE = {"depends_on": "eval:doc.name"}


def get_custom_fields() -> dict[str, list[dict]]:
	"""Custom fields by doctype."""
	return {
		"HD Ticket": _ticket_fields(),
		"HD Service Level Agreement": [
			{
				"fieldname": "cs_key",
				"fieldtype": "Data",
				"label": "Citizen Support key",
				"insert_after": "description",
				"read_only": 1,
				"hidden": 1,
				"no_copy": 1,
				"unique": 1,
				"length": 32,
				"module": MODULE,
			}
		],
	}


def get_sidebar_fieldnames() -> list[str]:
	"""Fields of the request that agents see beside the conversation, in order."""
	return [
		"cs_reference",
		"cs_service",
		"cs_department",
		"cs_routed_because",
		"cs_place",
		"cs_channel",
		"cs_citizen",
		"cs_phone",
		"cs_outcome",
	]


def get_fieldnames() -> list[str]:
	"""Every field of a request that holds something."""
	layout = ("Tab Break", "Section Break", "Column Break")
	return [field["fieldname"] for field in _ticket_fields() if field["fieldtype"] not in layout]


def get_inner_fieldnames() -> list[str]:
	"""Fields of a request that only the app itself may set, never whoever makes or edits a ticket."""
	return [
		"cs_reference",
		"cs_routed_because",
		"cs_citizen",
		"cs_latitude",
		"cs_longitude",
		"cs_language",
		"cs_agreement",
		"cs_targets",
		"cs_key_version",
		"cs_told",
	]


def _ticket_fields() -> list[dict]:
	fields = [
		{"fieldname": "cs_tab", "fieldtype": "Tab Break", "label": "Citizen Support"},
		{
			"fieldname": "cs_reference",
			"fieldtype": "Data",
			"label": "Reference",
			"unique": 1,
			"length": 9,
			**_SHOWN,
			**_ONCE_THERE,
		},
		{
			"fieldname": "cs_service",
			"fieldtype": "Link",
			"label": "Service",
			"options": "Municipal Service",
			"search_index": 1,
			"in_standard_filter": 1,
		},
		{
			"fieldname": "cs_department",
			"fieldtype": "Link",
			"label": "Department",
			"options": "Municipal Department",
			"search_index": 1,
			"in_standard_filter": 1,
			**_ONCE_THERE,
		},
		{
			"fieldname": "cs_routed_because",
			"fieldtype": "Small Text",
			"label": "Why here",
			**_SHOWN,
			**_ONCE_THERE,
		},
		{
			"fieldname": "cs_channel",
			"fieldtype": "Select",
			"label": "Channel",
			"options": "\nPortal\nE-mail\nPhone\nCounter\nSMS\nChat\nAPI",
		},
		{
			"fieldname": "cs_outcome",
			"fieldtype": "Small Text",
			"label": "Outcome",
			"no_copy": 1,
			**_ONCE_THERE,
		},
		{"fieldname": "cs_column", "fieldtype": "Column Break"},
		{
			"fieldname": "cs_citizen",
			"fieldtype": "Link",
			"label": "Citizen",
			"options": "Citizen",
			"search_index": 1,
			"read_only": 1,
			**_ONCE_THERE,
		},
		{"fieldname": "cs_phone", "fieldtype": "Data", "label": "Phone", "length": 40},
		{"fieldname": "cs_place", "fieldtype": "Small Text", "label": "Place"},
		{
			"fieldname": "cs_latitude",
			"fieldtype": "Float",
			"label": "Latitude",
			"precision": "7",
			"read_only": 1,
		},
		{
			"fieldname": "cs_longitude",
			"fieldtype": "Float",
			"label": "Longitude",
			"precision": "7",
			"read_only": 1,
		},
		{"fieldname": "cs_language", "fieldtype": "Data", "label": "Language", "length": 16, "read_only": 1},
		{
			"fieldname": "cs_agreement",
			"fieldtype": "Data",
			"label": "Promise",
			"length": 32,
			"hidden": 1,
			"read_only": 1,
		},
		{
			"fieldname": "cs_targets",
			"fieldtype": "Small Text",
			"label": "Promised targets",
			"hidden": 1,
			"read_only": 1,
		},
		{
			"fieldname": "cs_key_version",
			"fieldtype": "Int",
			"label": "Key version",
			"hidden": 1,
			"default": "1",
			**_SHOWN,
		},
		{"fieldname": "cs_told", "fieldtype": "Small Text", "label": "Last told", "hidden": 1, **_SHOWN},
	]
	return _chain(fields)


def _chain(fields: list[dict]) -> list[dict]:
	"""Set each field after the one before it, and say whose it is so that uninstalling finds it."""
	previous = "resolution_failed_by"
	for field in fields:
		field["insert_after"] = previous
		field["module"] = MODULE
		previous = field["fieldname"]
	return fields
