"""Uploads of a form that came back with errors: kept for the next try, so nobody has to choose them again.

They lie in a folder named after the form's own secret key, outside the folders that Frappe serves, and are
thrown away after a day; sooner, but never within the hour, if all of them together become too many.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import frappe

from citizen_support import limits
from citizen_support.host.errors import background_job
from citizen_support.intake.files import CleanFile

FOLDER = "citizen_support_uploads"
KEEP_SECONDS = 86400
KEEP_AT_LEAST_SECONDS = 3600
# Once too much is held, so much of what is allowed is left for what comes next.
ROOM_PERCENT = 10
MEASURE_SECONDS = 30
_measured: dict[str, tuple[float, int]] = {}


@dataclass(frozen=True)
class Held:
	"""What is known of a kept file without reading it.

	:ivar question: key of the question it was given for.
	:ivar size: bytes.
	"""

	id: str
	question: str
	name: str
	media_type: str
	size: int


def hold(form_key: str, question: str, file: CleanFile) -> None:
	"""Keep a file for the form with this key, once: whoever meets an outage sends the whole form again, files and all.

	:raises OSError: if it cannot be stored, as on a full disk; then nothing of it is.
	"""
	if _is_held(form_key, question, file):
		return
	folder = _get_folder(form_key)
	folder.mkdir(parents=True, exist_ok=True)
	stem = f"{time.time_ns():020d}"
	data = {"question": question, "name": file.name, "media_type": file.media_type}
	try:
		(folder / f"{stem}.bin").write_bytes(file.content)
		(folder / f"{stem}.json").write_text(json.dumps(data))
	except OSError:
		_remove(folder, stem)
		raise
	if known := _measured.get(str(_get_root())):
		_measured[str(_get_root())] = (known[0], known[1] + len(file.content))


def list_held(form_key: str) -> list[Held]:
	"""Everything kept for the form, oldest first."""
	held = []
	for path in sorted(_get_folder(form_key).glob("*.json")):
		# Another visit of the same form may be taking it in at this moment.
		with suppress(FileNotFoundError):
			size = path.with_suffix(".bin").stat().st_size
			held.append(Held(path.stem, size=size, **json.loads(path.read_text())))
	return held


def read_held(form_key: str, questions: Collection[str]) -> list[tuple[str, CleanFile]]:
	"""The files kept for some questions of the form, each with its question's key, oldest first."""
	files = []
	for row in list_held(form_key):
		if row.question in questions:
			with suppress(FileNotFoundError):
				content = (_get_folder(form_key) / f"{row.id}.bin").read_bytes()
				files.append((row.question, CleanFile(row.name, content, row.media_type)))
	return files


def _is_held(form_key: str, question: str, file: CleanFile) -> bool:
	"""Whether this very file is kept for the question; only one of the same name and size is read for it."""
	alike = [
		row
		for row in list_held(form_key)
		if (row.question, row.name, row.size) == (question, file.name, len(file.content))
	]
	return bool(alike) and (question, file) in read_held(form_key, {question})


def has_any(form_key: str) -> bool:
	"""Whether anything is kept for the form."""
	return any(_get_folder(form_key).glob("*.json"))


def drop(form_key: str, ids: set[str]) -> None:
	"""Forget some of the files kept for the form; ids that are none of its files are ignored."""
	folder = _get_folder(form_key)
	for path in folder.glob("*.json"):
		if path.stem in ids:
			_remove(folder, path.stem)


def hand_over(form_key: str, new_key: str) -> None:
	"""Keep a form's files for the form that takes its place."""
	if has_any(form_key):
		_get_folder(form_key).rename(_get_folder(new_key))


def release(form_key: str) -> None:
	"""Forget everything kept for the form, once it was taken in."""
	shutil.rmtree(_get_folder(form_key), ignore_errors=True)


def release_all() -> None:
	"""Forget everything that is kept for any form."""
	shutil.rmtree(_get_root(), ignore_errors=True)


def measure() -> int:
	"""Bytes kept for all forms. Looked at anew every half minute; meanwhile what this process adds is counted."""
	root = str(_get_root())
	known = _measured.get(root)
	if not known or time.monotonic() - known[0] > MEASURE_SECONDS:
		known = _measured[root] = (time.monotonic(), sum(_measure(folder) for folder in _list_folders()))
	return known[1]


@background_job
def purge() -> int:
	"""Throw away what was kept for more than a day, and the oldest of the rest if it is too much; returns how many
	forms were forgotten. Runs every hour, and when no more uploads fit."""
	_measured.pop(str(_get_root()), None)
	now = time.time()
	folders = sorted((folder.stat().st_mtime, folder) for folder in _list_folders())
	most = limits.get_limits().uploads_mb_together * 1024 * 1024 * (100 - ROOM_PERCENT) // 100
	together = measure() if most else 0
	stale = []
	for changed_at, folder in folders:
		is_too_much = together > most and changed_at < now - KEEP_AT_LEAST_SECONDS
		if changed_at < now - KEEP_SECONDS or is_too_much:
			stale.append(folder)
			together -= _measure(folder)
	for folder in stale:
		shutil.rmtree(folder, ignore_errors=True)
	_measured.pop(str(_get_root()), None)
	return len(stale)


def _remove(folder: Path, stem: str) -> None:
	for ending in (".json", ".bin"):
		(folder / f"{stem}{ending}").unlink(missing_ok=True)


def _list_folders() -> list[Path]:
	return [path for path in _get_root().glob("*") if path.is_dir()]


def _measure(folder: Path) -> int:
	try:
		return sum(entry.stat().st_size for entry in os.scandir(folder))
	except OSError:
		# Taken in or thrown away at this moment.
		return 0


def _get_root() -> Path:
	return Path(frappe.get_site_path("private", FOLDER))


def _get_folder(form_key: str) -> Path:
	return _get_root() / hashlib.sha256(form_key.encode()).hexdigest()[:40]
