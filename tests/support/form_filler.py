"""A resident without JavaScript: reads any form from its HTML, fills every field, and sends what a browser would."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

TEXTS = {
	"email": "resident@example.org",
	"tel": "+1 202-555-0143",
	"number": "3",
	"date": "2026-12-01",
	"text": "12 Oak Street, 92903",
}


@dataclass
class FilledForm:
	"""What to send: address, plain fields (a name may repeat) and files."""

	action: str
	fields: list[tuple[str, str]] = field(default_factory=list)
	files: list[tuple[str, tuple[str, bytes, str]]] = field(default_factory=list)

	def set(self, name: str, value: str) -> None:
		"""Give a field another value than the one filled in."""
		self.fields = [(key, old) for key, old in self.fields if key != name] + [(name, value)]

	def drop(self, name: str) -> None:
		"""Leave a field out."""
		self.fields = [(key, old) for key, old in self.fields if key != name]


def fill_form(html: str, choice: int = 0) -> FilledForm:
	"""Fill the form of a page that sends by POST.

	:param choice: which of the choices to take (counted from 0; the last one if there are fewer).
	"""
	form = BeautifulSoup(html, "html.parser").find(
		"form", method=lambda value: value and value.lower() == "post"
	)
	filled = FilledForm(form["action"])
	for name, controls in _group(form):
		_fill_control(filled, name, controls, choice)
	return filled


def make_png(width: int = 8, height: int = 8) -> bytes:
	"""A small real picture, made without any library."""
	rows = b"".join(b"\0" + b"\x40\x80\xc0" * width for _row in range(height))

	def chunk(kind: bytes, data: bytes) -> bytes:
		return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

	header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
	return (
		b"\x89PNG\r\n\x1a\n"
		+ chunk(b"IHDR", header)
		+ chunk(b"IDAT", zlib.compress(rows))
		+ chunk(b"IEND", b"")
	)


def _group(form: Tag) -> Iterator[tuple[str, list[Tag]]]:
	"""Controls of the form by name, in order."""
	groups: dict[str, list[Tag]] = {}
	for control in form.find_all(["input", "textarea", "select"]):
		if control.get("name") and control.get("type") not in ("submit", "button", "reset"):
			groups.setdefault(control["name"], []).append(control)
	yield from groups.items()


def _fill_control(filled: FilledForm, name: str, controls: list[Tag], choice: int) -> None:
	control = controls[0]
	kind = control.get("type", "text") if control.name == "input" else control.name
	if kind == "hidden":
		filled.fields.append((name, control.get("value", "")))
	elif kind in ("radio", "checkbox"):
		if name != "remove_file":
			filled.fields.append((name, controls[min(choice, len(controls) - 1)]["value"]))
	elif kind == "select":
		options = [option["value"] for option in control.find_all("option") if option.get("value")]
		filled.fields.append((name, options[min(choice, len(options) - 1)]))
	elif kind == "file":
		filled.files.append((name, ("photo.png", make_png(), "image/png")))
	elif name == "website":
		filled.fields.append((name, ""))
	else:
		filled.fields.append((name, _make_text(control, kind)))


def _make_text(control: Tag, kind: str) -> str:
	"""A sound answer within the field's own bounds."""
	if kind in ("number", "date") and (control.get("min") or control.get("max")):
		return control.get("min") or control["max"]
	if kind == "text" and control.get("inputmode") == "decimal":
		return control.get("min") or "3"
	text = TEXTS.get(kind, TEXTS["text"])
	return text[: int(control.get("maxlength", 200))]
