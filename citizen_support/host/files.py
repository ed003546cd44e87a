"""Private files of requests, kept apart from Frappe's sharing of equal files."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable

import frappe
from frappe.model.document import Document

FOLDER = "/private/files/"
# Names that `attach_new_file` gives.
_OWN = re.compile(r"/private/files/[0-9a-f]{32}\.(?P<extension>[a-z0-9]{1,5})")


def attach_new_file(doctype: str, name: str, file_name: str, content: bytes, extension: str) -> Document:
	"""Store content under a random name and attach it privately.

	Frappe gives equal content one file, and whoever may read one of its records may read them all; two residents
	with the same photo would share it. A random name and a salted hash keep each upload to its own request.
	"""
	stored = f"{secrets.token_hex(16)}.{extension}"
	path = frappe.get_site_path("private", "files", stored)
	os.makedirs(os.path.dirname(path), exist_ok=True)
	with open(path, "xb") as target:
		target.write(content)
	frappe.db.after_rollback.add(lambda: _remove_quietly(path))
	return _insert_record(
		{
			"attached_to_doctype": doctype,
			"attached_to_name": name,
			"file_name": file_name,
			"file_url": FOLDER + stored,
			"file_size": len(content),
			"content_hash": _hash(content, stored),
		}
	)


def is_own_file(file_url: str) -> bool:
	"""Whether we stored the file, under a random name of ours; not so what came by mail."""
	return bool(_OWN.fullmatch(file_url))


def is_own_picture(file_url: str) -> bool:
	"""Whether it is a picture that we drew ourselves (`intake.files.clean_file`)."""
	found = _OWN.fullmatch(file_url)
	return bool(found) and found["extension"] in ("jpg", "png")


def copy_attachments(from_doctype: str, from_name: str, targets: Iterable[tuple[str, str]]) -> None:
	"""Attach the files of one document to others as well; the bytes are shared."""
	rows = list_attachments(from_doctype, from_name)
	for doctype, name in targets:
		known = {row.file_url for row in list_attachments(doctype, name)}
		for row in rows:
			if row.file_url not in known:
				fields = ("file_name", "file_url", "file_size", "content_hash")
				_insert_record(
					{field: row[field] for field in fields}
					| {"attached_to_doctype": doctype, "attached_to_name": name}
				)


def list_attachments(doctype: str, names: str | list[str]) -> list[frappe._dict]:
	"""Files attached to a document or several."""
	names = [names] if isinstance(names, str) else names
	return list_attachments_of([(doctype, name) for name in names])


def list_attachments_of(documents: Iterable[tuple[str, str]]) -> list[frappe._dict]:
	"""Files attached to documents of several kinds, each named by doctype and name."""
	pairs = tuple((doctype, str(name)) for doctype, name in documents)
	if not pairs:
		return []
	return frappe.db.sql(
		"""select name, file_name, file_url, file_size, content_hash, attached_to_doctype, attached_to_name,
			creation
		from `tabFile`
		where (attached_to_doctype, attached_to_name) in %s
		order by creation, name""",
		(pairs,),
		as_dict=True,
	)


def holds_all(doctype: str, name: str, contents: Iterable[bytes]) -> bool:
	"""Whether each of these contents is attached to a document already."""
	rows = list_attachments(doctype, name)
	return all(
		any(row.content_hash == _hash(content, row.file_url.removeprefix(FOLDER)) for row in rows)
		for content in contents
	)


def read_file(file_url: str) -> bytes | None:
	"""Bytes of a private file that a record names; None if it is gone or lies elsewhere."""
	if not file_url.startswith(FOLDER):
		return None
	folder = os.path.realpath(frappe.get_site_path("private", "files"))
	path = os.path.realpath(os.path.join(folder, file_url.removeprefix(FOLDER)))
	if not path.startswith(folder + os.sep) or not os.path.isfile(path):
		return None
	with open(path, "rb") as source:
		return source.read()


def _hash(content: bytes, stored: str) -> str:
	"""A hash that two uploads never share, so that Frappe never takes one for the other."""
	return hashlib.sha256(content + stored.encode()).hexdigest()[:32]


def _insert_record(values: dict) -> Document:
	record = frappe.get_doc({"doctype": "File", "is_private": 1, **values})
	# The bytes are on disk already and were checked; Frappe would read, shrink and share them again.
	record.flags.copy_from_existing_file = True
	return record.insert(ignore_permissions=True)


def _remove_quietly(path: str) -> None:
	try:
		os.remove(path)
	except FileNotFoundError:
		return
