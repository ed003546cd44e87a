"""Languages by their own names."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=200)
def name_language(code: str) -> str:
	"""What its speakers call a language ("Deutsch", "العربية"); its code if nobody knows."""
	try:
		locale = Locale.parse(code.replace("-", "_"))
	except (UnknownLocaleError, ValueError):
		return code
	name = locale.get_display_name(locale) or code
	return name[:1].upper() + name[1:]
