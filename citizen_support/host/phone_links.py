"""Links that dial, in texts that staff write."""

import re

from frappe.model.document import Document

_FORMATTED = frozenset({"Text Editor", "Long Text"})
# No two of its parts can take the same blanks: a text full of them costs no more than any other.
_LINK = r"(<a\b[^<>]*?\bhref)\s*=\s*(?:([\"'])\s*)?"
_DIALS = re.compile(_LINK + "tel:", re.IGNORECASE)
_HIDDEN = re.compile(_LINK + "#tel:")


class KeepsPhoneLinks(Document):
	"""A record in whose formatted texts a link may dial a number.

	Frappe cleans HTML when it saves a record, and knows only addresses of web and mail: a link to `tel:+12025550100`
	leads nowhere afterwards (one to `tel:112` does, as bleach takes what is followed by digits alone for a host and a
	port). A place on the same page is left alone, so a number passes as one. Should a later Frappe clean elsewhere,
	the links are lost again, and nothing else.
	"""

	def _sanitize_content(self) -> None:
		self._rewrite(_DIALS, r"\1=\2#tel:")
		super()._sanitize_content()
		self._rewrite(_HIDDEN, r"\1=\2tel:")

	def _rewrite(self, pattern: re.Pattern, replacement: str) -> None:
		for field in self.meta.fields:
			text = self.get(field.fieldname)
			if field.fieldtype in _FORMATTED and isinstance(text, str) and "tel:" in text.lower():
				self.set(field.fieldname, pattern.sub(replacement, text))
