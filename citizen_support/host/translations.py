"""Frappe's translations, kept by the process for a moment.

Frappe fetches all texts of a language, those of every app, from Redis anew in each request (`frappe/translate.py`,
`get_all_translations`): some thousands, of which a page needs a hundred.
"""

import frappe
from frappe.translate import MERGED_TRANSLATION_KEY, get_all_translations
from frappe.utils.caching import site_cache

# As long as whole pages are kept (`portal/kept.py`): a changed text may take this long to reach residents.
KEEP_SECONDS = 30


def share_translations() -> None:
	"""Let this request use the texts that the process has read already; nobody may change them."""
	language = frappe.local.lang
	if language:
		name = frappe.cache.make_key(MERGED_TRANSLATION_KEY)
		frappe.local.cache.setdefault(name, {}).setdefault(language, _read(language))


@site_cache(ttl=KEEP_SECONDS)
def _read(language: str) -> dict[str, str]:
	return get_all_translations(language)
