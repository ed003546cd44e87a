"""What in HTML would run if a browser showed it."""

from bs4 import BeautifulSoup, Tag

RUNNING = frozenset(
	{"script", "iframe", "object", "embed", "base", "form", "style", "link", "meta", "svg", "math"}
)
# Browsers leave these out of an address before they read its scheme.
_PASSED_OVER = str.maketrans("", "", "".join(map(chr, range(33))))


def list_running(html: str | Tag) -> list[str]:
	"""Elements that run or load by themselves, handlers of events, and addresses that are scripts; [] if all is text."""
	page = BeautifulSoup(html, "html.parser") if isinstance(html, str) else html
	return [str(element)[:200] for element in page.find_all(True) if _runs(element)]


def _runs(element: Tag) -> bool:
	if element.name in RUNNING or any(name.lower().startswith("on") for name in element.attrs):
		return True
	addresses = (
		str(element.get(name, "")).translate(_PASSED_OVER).lower() for name in ("href", "src", "action")
	)
	return any(address.startswith(("javascript:", "data:", "vbscript:")) for address in addresses)
