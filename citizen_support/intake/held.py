"""Uploads of a form that came back with errors: kept for the next try, so nobody has to choose them again.

They lie in a folder named after the form's own secret key, outside the folders that Frappe serves, and are
thrown away after a day.
"""

import hashlib
import json
import shutil
import time
from pathlib import Path

import frappe

from citizen_support.intake.files import CleanFile

FOLDER = "citizen_support_uploads"
KEEP_SECONDS = 86400


def hold(form_key: str, question: str, file: CleanFile) -> None:
	"""Keep a file for the form with this key."""
	folder = _get_folder(form_key)
	folder.mkdir(parents=True, exist_ok=True)
	stem = f"{time.time_ns():020d}"
	(folder / f"{stem}.bin").write_bytes(file.content)
	data = {"question": question, "name": file.name, "media_type": file.media_type}
	(folder / f"{stem}.json").write_text(json.dumps(data))


def list_held(form_key: str) -> list[tuple[str, str, CleanFile]]:
	"""Id, question and file of everything kept for the form, oldest first."""
	held = []
	for path in sorted(_get_folder(form_key).glob("*.json")):
		content = path.with_suffix(".bin")
		if content.exists():
			data = json.loads(path.read_text())
			file = CleanFile(data["name"], content.read_bytes(), data["media_type"])
			held.append((path.stem, data["question"], file))
	return held


def drop(form_key: str, ids: set[str]) -> None:
	"""Forget some of the files kept for the form; ids that are none of its files are ignored."""
	for file_id, _question, _file in list_held(form_key):
		if file_id in ids:
			for ending in (".json", ".bin"):
				(_get_folder(form_key) / f"{file_id}{ending}").unlink(missing_ok=True)


def release(form_key: str) -> None:
	"""Forget everything kept for the form, once it was taken in."""
	shutil.rmtree(_get_folder(form_key), ignore_errors=True)


def release_all() -> None:
	"""Forget everything that is kept for any form."""
	shutil.rmtree(_get_root(), ignore_errors=True)


def purge() -> int:
	"""Throw away what was kept for more than a day; returns how many forms were forgotten. Runs daily."""
	oldest = time.time() - KEEP_SECONDS
	stale = [path for path in _get_root().glob("*") if path.is_dir() and path.stat().st_mtime < oldest]
	for path in stale:
		shutil.rmtree(path, ignore_errors=True)
	return len(stale)


def _get_root() -> Path:
	return Path(frappe.get_site_path("private", FOLDER))


def _get_folder(form_key: str) -> Path:
	return _get_root() / hashlib.sha256(form_key.encode()).hexdigest()[:40]
