"""Photos as phones take them, and what it costs of memory to clean the largest that are allowed."""

import io
import os
import re
import time
from pathlib import Path

from PIL import Image, ImageFilter
from pillow_heif import register_heif_opener

PHONE = (4000, 3000)
PHOTO_BYTES = 3 * 1024 * 1024
MEGABYTE = 1024 * 1024
# Kind, width and height: a phone's photo, and of each kind the largest that is taken in.
LARGEST = (
	("JPEG", 4000, 3000),
	("JPEG", 10_400, 10_400),
	("PNG", 4600, 3450),
	("HEIF", 5700, 4300),
	("WEBP", 3350, 2520),
)
_OPTIONS = {
	"JPEG": {"quality": 50},
	"PNG": {"compress_level": 6},
	"HEIF": {"quality": 50},
	"WEBP": {"quality": 50},
}
MOST_BYTES = 10 * MEGABYTE  # the settings' default


def write_photo(path: str) -> int:
	"""Write a photo of 12 megapixels and about 3 MB; returns its size in bytes."""
	photo = draw_phone_photo()
	Path(path).write_bytes(photo)
	return len(photo)


def draw_phone_photo() -> bytes:
	"""A JPEG of 12 megapixels and about 3 MB."""
	image = draw(*PHONE)
	best = b""
	for quality in range(95, 20, -1):
		best = _encode(image, "JPEG", quality=quality)
		if len(best) <= PHOTO_BYTES * 1.05:
			break
	return best


def draw(width: int, height: int) -> Image.Image:
	"""A picture with as much detail as a photo has: noise over soft shapes. A plain one would be too easy."""
	small = Image.effect_noise((max(width // 40, 1), max(height // 40, 1)), 90)
	soft = small.resize((width, height), Image.Resampling.BICUBIC)
	grain = Image.effect_noise((1000, 1000), 24).filter(ImageFilter.GaussianBlur(0.7))
	noise = Image.new("L", (width, height))
	for left in range(0, width, 1000):
		for top in range(0, height, 1000):
			noise.paste(grain.rotate(90 * ((left + top) // 1000 % 4)), (left, top))
	bands = [Image.blend(soft, noise, share) for share in (0.35, 0.45, 0.55)]
	return Image.merge("RGB", bands)


def write_largest(folder: str) -> list[dict]:
	"""Write the largest pictures, each once; returns their paths and sizes."""
	found = []
	register_heif_opener()
	for kind, width, height in LARGEST:
		path = Path(folder) / f"{kind.lower()}-{width}x{height}.{'jpg' if kind == 'JPEG' else 'png'}"
		if not path.exists():
			path.write_bytes(_draw_within(kind, width, height))
		size = path.stat().st_size
		found.append({"path": str(path), "kind": kind, "megapixels": width * height / 1e6, "bytes": size})
	return found


def _draw_within(kind: str, width: int, height: int) -> bytes:
	"""A picture of that size whose file is small enough to be taken in. Memory goes by the pixels."""
	image = draw(width, height)
	for keep in (0xFF, 0xF0, 0xC0):  # with fewer shades a PNG gets smaller
		content = _encode(image.point(lambda value, keep=keep: value & keep), kind, **_OPTIONS[kind])
		if len(content) <= MOST_BYTES:
			return content
	raise ValueError(f"no {kind} of {width} x {height} pixels fits into {MOST_BYTES} bytes")


def measure_cleaning(path: str) -> dict[str, float | str]:
	"""How far memory rises while one picture is cleaned, in a process that has done nothing else.

	The peak is what Linux notes as the process's high-water mark, set back before we begin.
	"""
	from citizen_support.intake.files import clean_file

	content = Path(path).read_bytes()
	clean_file("small.jpg", _encode(draw(400, 300), "JPEG"), MOST_BYTES)
	Path("/proc/self/clear_refs").write_text("5")
	before, begun = _read_memory("VmRSS"), time.perf_counter()
	outcome = clean_file(os.path.basename(path), content, MOST_BYTES)
	took = time.perf_counter() - begun
	refused = "" if hasattr(outcome, "content") else outcome.name
	peak, after = _read_memory("VmHWM"), _read_memory("VmRSS")
	return {"seconds": took, "peak": peak - before, "left": after - before, "refused": refused}


def _encode(image: Image.Image, kind: str, **options: int) -> bytes:
	buffer = io.BytesIO()
	image.save(buffer, kind, **options)
	return buffer.getvalue()


def _read_memory(name: str) -> int:
	"""Bytes."""
	found = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
	return int(found.group(1)) * 1024 if found else 0
