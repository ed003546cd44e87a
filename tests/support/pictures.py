"""Pictures and documents as people, and attackers, send them."""

import io
import struct
import zlib

from PIL import Image
from pillow_heif import register_heif_opener
from pypdf import PdfWriter

register_heif_opener()

GPS_INFO, MAKE, ORIENTATION, DESCRIPTION = 0x8825, 0x010F, 0x0112, 0x010E
SECRET = "CANARY-CAMERA-OWNER"


def make_picture(
	kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object
) -> bytes:
	"""A picture that carries place, camera, orientation and a comment."""
	image = Image.new(mode, size, (200, 30, 30, 120)[: len(mode)])
	buffer = io.BytesIO()
	image.save(buffer, kind, exif=make_exif(), **options)
	return buffer.getvalue()


def make_exif(orientation: int = 1) -> bytes:
	"""EXIF with a place, a camera and words."""
	exif = Image.Exif()
	exif[MAKE], exif[DESCRIPTION], exif[ORIENTATION] = SECRET, SECRET, orientation
	exif[GPS_INFO] = {1: "N", 2: (52.0, 30.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0)}
	return exif.tobytes()


def make_bomb_header(width: int = 30_000, height: int = 30_000) -> bytes:
	"""A few bytes that claim to be a picture of 900 megapixels."""
	header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
	rows = zlib.compress(b"\0" * 100_000)
	return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def make_pdf(pages: int = 1) -> bytes:
	"""A document with empty pages."""
	writer = PdfWriter()
	for _page in range(pages):
		writer.add_blank_page(200, 200)
	buffer = io.BytesIO()
	writer.write(buffer)
	return buffer.getvalue()


def read_picture(content: bytes) -> Image.Image:
	"""The picture in these bytes."""
	image = Image.open(io.BytesIO(content))
	image.load()
	return image


def _chunk(kind: bytes, data: bytes) -> bytes:
	return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
