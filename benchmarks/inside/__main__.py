"""`python -m benchmarks.inside SITE MODULE.FUNCTION '{"argument": …}'`: call it in the site, print what it returns."""

import importlib
import json
import sys

import frappe

RESULT = "RESULT "


def main(site: str, function: str, arguments: str) -> None:
	"""As Administrator, with a commit at the end."""
	module, _dot, name = function.rpartition(".")
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	try:
		frappe.set_user("Administrator")
		result = getattr(importlib.import_module(f"benchmarks.inside.{module}"), name)(
			**json.loads(arguments)
		)
		frappe.db.commit()  # as at the end of a request
	finally:
		frappe.destroy()
	print(RESULT + json.dumps(result, default=str), flush=True)


if __name__ == "__main__":
	main(*sys.argv[1:])
