"""Languages by their own names."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=200)
def name_language(code: str, spoken: str | None = None) -> str:
	"""What its speakers call a language ("Deutsch", "العربية"); its code if nobody knows.

	:param spoken: code of another language, to have it named as that one does ("German" in "en").
	"""
	try:
		locale = Locale.parse(code.replace("-", "_"))
		other = Locale.parse(spoken.replace("-", "_")) if spoken else locale
	except (UnknownLocaleError, ValueError):
		return code
	name = locale.get_display_name(other) or code
	return name[:1].upper() + name[1:]
