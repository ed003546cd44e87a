"""Fifty files as somebody sends them who means harm, made on the spot. Each is refused in words, or made harmless."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, PngImagePlugin

from tests.support.pictures import make_bomb_header, make_pdf, make_picture

CANARY = "CANARY-OF-THE-SENDER"
SCRIPT = b"<script>hit(1)</script>"
HTML = b"<!DOCTYPE html><html><body>" + SCRIPT + b"</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="hit(1)"/>'
# Never kept as one string, so that no scanner takes this file for the test virus.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" + b"!$H+H*"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf>{CANARY}</rdf></x:xmpmeta>'.encode()
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class HostileFile:
	"""A file and what becomes of it.

	:ivar sentence: part of what the visitor reads if it is refused; empty if it is taken in.
	"""

	what: str
	name: str
	content: bytes
	claimed: str = "image/jpeg"
	sentence: str = ""


NEITHER = "neither a photo nor a PDF"
UNREADABLE = "cannot be read"
PIXELS = "million pixels"


def list_files() -> list[HostileFile]:
	"""All of them."""
	return [HostileFile(*row) for part in (_impostors, _bombs, _pictures, _names, _pdfs) for row in part()]


def _impostors() -> Iterator[tuple]:
	yield "HTML as a picture", "a.png", HTML, "image/png", NEITHER
	yield "HTML that begins as a GIF", "a.gif", b"GIF89a/*" + HTML, "image/gif", UNREADABLE_OR_NEITHER
	yield "SVG as a picture", "a.png", SVG, "image/png", NEITHER
	yield "SVG under its own name", "a.svg", SVG, "image/svg+xml", NEITHER
	yield "script as a picture", "a.jpg", b"hit(1)//", "image/jpeg", NEITHER
	yield "JPEG marker before HTML", "a.jpg", b"\xff\xd8\xff\xe0" + HTML, "image/jpeg", UNREADABLE_OR_NEITHER
	yield "nothing", "a.jpg", b"", "image/jpeg", "is empty"
	yield "test virus", "a.jpg", EICAR, "image/jpeg", NEITHER
	yield "program", "a.exe", b"MZ" + b"\0" * 500, "application/x-msdownload", NEITHER
	yield "archive", "a.zip", _make_zip(b"x"), "application/zip", NEITHER
	yield (
		"archive that unpacks to a gigabyte",
		"a.pdf",
		_make_zip(b"\0" * 64 * MEGABYTE),
		"application/pdf",
		NEITHER,
	)
	yield "office document with a macro", "a.docm", _make_zip(b"vbaProject.bin"), "application/pdf", NEITHER
	yield "settings of a web server", ".htaccess", b"AddType text/html .jpg", "image/jpeg", NEITHER
	yield "template of a server", "a.php.jpg", b"<?php system($_GET['c']) ?>", "image/jpeg", NEITHER
	yield (
		"XML that names a file",
		"a.xml",
		b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
		"",
		NEITHER,
	)
	yield "PostScript", "a.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "image/jpeg", NEITHER
	for kind in ("TIFF", "BMP", "ICO", "TGA", "PPM", "JPEG2000"):
		yield (
			f"{kind} picture",
			f"a.{kind.lower()}",
			_save(Image.new("RGB", (64, 64)), kind),
			"image/jpeg",
			NEITHER,
		)
	yield "PSD picture", "a.psd", b"8BPS\0\x01" + b"\0" * 20, "image/jpeg", NEITHER


def _bombs() -> Iterator[tuple]:
	yield "PNG of 900 megapixels", "a.png", make_bomb_header(), "image/png", "a.png"
	yield "PNG of 17 megapixels", "a.png", _save(Image.new("1", (4200, 4200)), "PNG"), "image/png", PIXELS
	yield "GIF of 900 megapixels", "a.gif", _make_gif_header(30_000), "image/gif", "a.gif"
	yield "WebP of 268 megapixels", "a.webp", _make_webp_header(16383), "image/webp", "a.webp"
	yield "JPEG of 4 gigapixels", "a.jpg", _make_jpeg_header(65_000), "image/jpeg", "a.jpg"
	yield "PNG whose text unpacks to 60 MB", "a.png", _make_text_bomb(), "image/png", ""
	yield "PNG whose profile unpacks to 60 MB", "a.png", _make_profile_bomb(), "image/png", ""
	yield "PNG broken off", "a.png", make_picture("PNG", (900, 900))[:-200], "image/png", ""
	yield (
		"JPEG broken off",
		"a.jpg",
		make_picture("JPEG", (900, 900))[:700],
		"image/jpeg",
		UNREADABLE_OR_NEITHER,
	)
	yield (
		"JPEG of markers only",
		"a.jpg",
		b"\xff\xd8" + b"\xff\xff" * 50_000,
		"image/jpeg",
		UNREADABLE_OR_NEITHER,
	)


def _pictures() -> Iterator[tuple]:
	for kind in ("JPEG", "PNG", "WEBP", "HEIF"):
		yield (
			f"{kind} that says where it was taken",
			f"a.{kind.lower()}",
			_make_telling(kind),
			"image/jpeg",
			"",
		)
	frames = [Image.new("RGB", (64, 64), (shade, 0, 0)) for shade in range(0, 250, 25)]
	for kind in ("GIF", "WEBP", "PNG", "MPO"):
		content = _save(frames[0], kind, save_all=True, append_images=frames[1:])
		yield f"{kind} of ten pictures", f"a.{kind.lower()}", content, "image/gif", ""
	for kind in ("JPEG", "PNG", "GIF"):
		yield f"{kind} with a page behind it", "a.html", make_picture_of(kind) + HTML, "text/html", ""
	yield (
		"PNG with an archive behind it",
		"a.png",
		make_picture_of("PNG") + _make_zip(SCRIPT),
		"image/png",
		"",
	)
	yield (
		"JPEG whose comment is a page",
		"a.jpg",
		_save(Image.new("RGB", (9, 9)), "JPEG", comment=HTML),
		"image/jpeg",
		"",
	)
	yield "JPEG with megabytes of metadata", "a.jpg", _make_stuffed_jpeg(), "image/jpeg", ""
	yield "picture that says it is a page", "a.html", make_picture_of("JPEG"), "text/html", ""


def _names() -> Iterator[tuple]:
	picture = make_picture_of("PNG")
	for what, name in (
		("path upwards", "../../../../etc/cron.d/a.png"),
		("path of Windows", "..\\..\\a.png"),
		("absolute path", "/etc/passwd"),
		("two extensions", "a.png.html"),
		("turned round", "a\u202egnp.exe"),
		("null byte", "a.html%00.png"),
		("very long", "a" * 300 + ".png"),
		("long in another script", "ж" * 300 + ".png"),
		("only dots", "...."),
		("device of Windows", "CON"),
		("alternate stream", "a.png::$DATA"),
		("markup", "<img src=x onerror=hit(1)>.png"),
		("template", "{{7*7}}.png"),
		("header", 'a.png"; filename="a.html'),
	):
		yield f"name: {what}", name, picture, "image/png", ""


def _pdfs() -> Iterator[tuple]:
	pdf = make_pdf()
	yield (
		"PDF with a script",
		"a.pdf",
		pdf.replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
		"application/pdf",
		"",
	)
	yield "PDF that a reader works at for ever", "a.pdf", _make_endless_pdf(), "application/pdf", ""
	yield "PDF that is a page too", "a.html", b"%PDF-1.7\n" + HTML + pdf, "text/html", ""
	yield "PDF broken off", "a.pdf", pdf[:100], "application/pdf", UNREADABLE
	yield "PDF late in another file", "a.pdf", HTML + b"\n" * 2000 + pdf, "application/pdf", NEITHER


# Pillow may already fail at the first look, or only when it decodes.
UNREADABLE_OR_NEITHER = "Please choose"


def make_picture_of(kind: str) -> bytes:
	"""A small sound picture."""
	return _save(Image.new("RGB", (40, 30), (200, 30, 30)), kind)


def _save(image: Image.Image, kind: str, **options: object) -> bytes:
	buffer = io.BytesIO()
	image.save(buffer, kind, **options)
	return buffer.getvalue()


def _make_telling(kind: str) -> bytes:
	"""A picture with the canary in all the places its kind has for words."""
	exif = Image.Exif()
	exif[0x010F] = exif[0x010E] = exif[0x9286] = CANARY
	exif[0x8825] = {1: "N", 2: (52.0, 30.0, 0.0), 29: CANARY}
	options: dict = {"exif": exif.tobytes()}
	if kind == "PNG":
		words = PngImagePlugin.PngInfo()
		for key in ("Comment", "XML:com.adobe.xmp", "Author"):
			words.add_itxt(key, f"{CANARY} {XMP.decode()}", zip=False)
		words.add_text("Location", CANARY)
		options["pnginfo"] = words
	else:
		options["xmp"] = XMP
	if kind in ("JPEG", "WEBP"):
		options["icc_profile"] = b"\0" * 128 + CANARY.encode()
	if kind == "JPEG":
		options["comment"] = CANARY.encode()
	content = _save(Image.new("RGB", (60, 40), (9, 90, 9)), kind, **options)
	assert CANARY.encode() in content
	return content


def _make_stuffed_jpeg() -> bytes:
	picture = make_picture_of("JPEG")
	segment = b"\xff\xe2" + struct.pack(">H", 65_000) + CANARY.encode().ljust(64_998, b"x")
	return picture[:2] + segment * 100 + picture[2:]


def _make_zip(content: bytes) -> bytes:
	buffer = io.BytesIO()
	with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
		archive.writestr("word/vbaProject.bin", content)
	return buffer.getvalue()


def _make_gif_header(side: int) -> bytes:
	return (
		b"GIF89a"
		+ struct.pack("<HH", side, side)
		+ b"\x80\0\0"
		+ b"\0" * 6
		+ b"\x2c"
		+ struct.pack("<HHHH", 0, 0, side, side)
		+ b"\0\x02\x02L\x01\0;"
	)


def _make_webp_header(side: int) -> bytes:
	size = (side - 1).to_bytes(3, "little") * 2
	extended = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + size
	frame = b"ANIM" + struct.pack("<I", 6) + b"\0" * 6
	return b"RIFF" + struct.pack("<I", 4 + len(extended) + len(frame)) + b"WEBP" + extended + frame


def _make_jpeg_header(side: int) -> bytes:
	picture = bytearray(make_picture_of("JPEG"))
	at = picture.index(b"\xff\xc0") + 5
	picture[at : at + 4] = struct.pack(">HH", side, side)
	return bytes(picture)


def _make_text_bomb() -> bytes:
	return _insert_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 60 * MEGABYTE))


def _make_profile_bomb() -> bytes:
	return _insert_chunk(b"iCCP", b"icc\0\0" + zlib.compress(b"\0" * 60 * MEGABYTE))


def _insert_chunk(kind: bytes, data: bytes) -> bytes:
	"""A PNG with one more chunk behind its header."""
	png = make_picture_of("PNG")
	chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
	return png[:33] + chunk + png[33:]


def _make_endless_pdf() -> bytes:
	"""Pages that are their own children, and a stream that unpacks to very much."""
	stream = zlib.compress(b"\0" * 60 * MEGABYTE)
	return (
		b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 999999999>>endobj\n"
		b"3 0 obj<</Length "
		+ str(len(stream)).encode()
		+ b"/Filter/FlateDecode>>stream\n"
		+ stream
		+ b"\nendstream endobj\n"
		b"trailer<</Root 1 0 R/Size 4/Prev 9>>\nstartxref\n9\n%%EOF\n"
	)
