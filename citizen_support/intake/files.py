"""Uploaded photos and documents, made harmless. What a file is, its content decides; pictures are drawn anew."""

import io
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from citizen_support.intake.rules import Problem

# So many pixels of each format that drawing them takes a worker less than 200 MB (measured: tests/hostile/README.md).
# Most JPEGs are decoded at a fraction of their size. Those of several scans are held whole, and so is all else, WebP
# several times over. Phones' cameras give JPEGs of one scan, or HEIC of 12 or 24 megapixels.
MOST_PIXELS = {"JPEG": 110_000_000, "HEIF": 25_000_000, "WEBP": 8_500_000}
MOST_PIXELS_ELSE = 16_000_000
LONGEST_SIDE = 3000
# A JPEG's decoder halves a picture for next to nothing, so larger ones are halved to fit and not scaled to the very
# limit, which takes four times as long. Not below this: a page of A4 is still read well (150 dots an inch).
SHARP_SIDE = 1750
JPEG_QUALITY = 85
# Pillow reads MPO (two JPEGs in one file, as some phones make them) as a JPEG; it knows no opener of that name.
PICTURE_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF")
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,image/gif,application/pdf"
NAME_LENGTH = 100
READ_ERRORS = (
	OSError,
	ValueError,
	SyntaxError,
	EOFError,
	Image.DecompressionBombError,
	UnidentifiedImageError,
)

register_heif_opener()
# A large picture takes some hundred megabytes while it is drawn; a worker's threads take turns.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class CleanFile:
	"""A file we are willing to keep: its shown name, its bytes, its media type."""

	name: str
	content: bytes
	media_type: str

	@property
	def is_image(self) -> bool:
		return self.media_type != "application/pdf"

	@property
	def extension(self) -> str:
		return {"application/pdf": "pdf", "image/png": "png"}.get(self.media_type, "jpg")


def clean_file(name: str, content: bytes, most_bytes: int) -> CleanFile | Problem:
	"""Turn an upload into a file that carries nothing but what one can see, or say what is wrong with it.

	:param most_bytes: the size the settings allow.
	"""
	shown = clean_name(name)
	if not content:
		return Problem("file empty", (shown,))
	if len(content) > most_bytes:
		return Problem("file too big", (shown, str(most_bytes // 1024 // 1024)))
	if content[:1024].lstrip().startswith(b"%PDF-"):
		return _clean_with(_clean_pdf, shown, content)
	try:
		with Image.open(io.BytesIO(content), formats=PICTURE_FORMATS) as image:
			(width, height), most_pixels = image.size, get_most_pixels(image, content)
	except READ_ERRORS:
		return Problem("file type", (shown,))
	if width * height > most_pixels:
		return Problem("too many pixels", (shown, str(most_pixels // 1_000_000)))
	return _clean_with(_draw_anew, shown, content)


def get_most_pixels(image: Image.Image, content: bytes) -> int:
	"""How many pixels of such a picture we are willing to decode."""
	if image.format == "JPEG" and has_several_scans(content):
		return MOST_PIXELS_ELSE
	return MOST_PIXELS.get(image.format, MOST_PIXELS_ELSE)


def has_several_scans(jpeg: bytes) -> bool:
	"""Whether a JPEG's decoder has to hold all of it: progressive ones, and those that bring each color by itself.

	Read from its markers (ITU-T T.81, annex B): the frame says how it is coded and of how many components it
	consists, the first scan how many of them it brings. What cannot be read counts as if it were so.
	"""
	at, components = 2, 0
	while at + 4 <= len(jpeg):
		marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
		if jpeg[at] != 0xFF:
			return True
		if marker == 0xFF:
			at += 1
			continue
		if marker == 0xDA:
			return jpeg[at + 4 : at + 5] != bytes([components])
		if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
			if marker > 0xC1 or len(jpeg) < at + 10:
				return True
			components = jpeg[at + 9]
		at += 2 + length
	return True


def clean_name(name: str) -> str:
	"""A file's name as it may be shown and stored: no path, no control or markup characters."""
	base = re.split(r"[\\/]", name or "")[-1]
	kept = re.sub(r"[^\w .()\-]+", "_", base, flags=re.UNICODE).strip(" .")
	if len(kept) > NAME_LENGTH:
		stem, dot, extension = kept.rpartition(".")
		kept = f"{stem[: NAME_LENGTH - 10]}{dot}{extension[:9]}" if dot else kept[:NAME_LENGTH]
	return kept or "file"


def choose_share(longest: int) -> int:
	"""By what to divide the sides of a JPEG while it is decoded: 1, 2, 4 or 8, the factors its decoder has (libjpeg).

	:param longest: its longer side, in pixels.
	"""
	for share in (1, 2, 4):
		if longest <= LONGEST_SIDE * share or longest < SHARP_SIDE * share * 2:
			return share
	return 8


def _clean_with(cleaner: Callable[[str, bytes], CleanFile], name: str, content: bytes) -> CleanFile | Problem:
	try:
		return cleaner(name, content)
	except (*READ_ERRORS, RecursionError, MemoryError, KeyError, TypeError, AttributeError):
		# A broken or hostile file makes its reader fail in any of these ways; none is worth telling apart.
		return Problem("file unreadable", (name,))


def _draw_anew(name: str, content: bytes) -> CleanFile:
	"""Decode, turn upright, shrink and encode again: no EXIF, no place, no thumbnail, nothing hidden."""
	with _ONE_AT_A_TIME, Image.open(io.BytesIO(content), formats=PICTURE_FORMATS) as opened:
		share = choose_share(max(opened.size))
		opened.draft("RGB", tuple(max(side // share, 1) for side in opened.size))
		opened.load()
		has_alpha = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
		if opened.mode in ("L", "LA", "RGB", "RGBA"):
			opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
		image = ImageOps.exif_transpose(opened)
		image = image.convert("RGBA" if has_alpha else "RGB")
		image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
	clean = Image.new(image.mode, image.size)
	clean.paste(image)
	buffer = io.BytesIO()
	if has_alpha:
		clean.save(buffer, "PNG", optimize=False)
		return CleanFile(_with_extension(name, "png"), buffer.getvalue(), "image/png")
	clean.save(buffer, "JPEG", quality=JPEG_QUALITY)
	return CleanFile(_with_extension(name, "jpg"), buffer.getvalue(), "image/jpeg")


def _clean_pdf(name: str, content: bytes) -> CleanFile:
	"""A PDF is kept as it is and only ever offered for download.

	Its beginning and end are looked at, nothing else: reading a PDF made for the purpose can take a worker minutes
	and gigabytes, and nothing is gained by it.
	"""
	tail = content[-2048:]
	if b"startxref" not in tail or b"%%EOF" not in tail:
		raise ValueError("no end of a PDF")
	return CleanFile(_with_extension(name, "pdf"), content, "application/pdf")


def _with_extension(name: str, extension: str) -> str:
	stem = name.rpartition(".")[0] or name
	return f"{stem}.{extension}"
