"""The app's own translations, brought to where Frappe looks for them.

Frappe reads compiled files below `sites/assets/locale` (`frappe/gettext/translate.py`), and only `bench build` puts them there.
Neither `bench install-app` nor `bench migrate` does, and an app that was linked or copied into a bench may never be built.
"""

from frappe.gettext.translate import get_catalog, get_locales, write_binary
from frappe.translate import clear_cache

from citizen_support.host.errors import log_failure

APP = "citizen_support"


def list_languages() -> list[str]:
	"""The languages the app comes in, besides the English of its source."""
	return sorted(get_locales(APP))


def compile_texts() -> None:
	"""Compile every language of `locale/`; where assets cannot be written, `bench build` has done it before."""
	try:
		for language in get_locales(APP):
			write_binary(APP, get_catalog(APP, language), language)
	except OSError:
		log_failure("The app's translations could not be compiled; run bench build")
	clear_cache()
