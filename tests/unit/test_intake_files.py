"""Uploads are made harmless: their content decides what they are, and nothing hidden is kept."""

import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from citizen_support.intake.files import (
	LONGEST_SIDE,
	NAME_LENGTH,
	SHARP_SIDE,
	CleanFile,
	choose_share,
	clean_file,
	clean_name,
)
from citizen_support.intake.rules import Problem
from tests.support.pictures import (
	GPS_INFO,
	SECRET,
	make_bomb_header,
	make_exif,
	make_pdf,
	make_picture,
	read_picture,
)

MOST_BYTES = 2 * 1024 * 1024
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def clean(name: str, content: bytes) -> CleanFile | Problem:
	return clean_file(name, content, MOST_BYTES)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_place_camera_and_words_are_gone_from_any_picture(kind: str) -> None:
	content = make_picture(kind)
	assert GPS_INFO in read_picture(content).getexif()

	cleaned = clean(f"photo.{kind.lower()}", content)

	picture = read_picture(cleaned.content)
	assert dict(picture.getexif()) == {}
	assert not {"exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop", "icc_profile"} & set(picture.info)
	assert SECRET.encode() not in cleaned.content


@pytest.mark.parametrize(
	("kind", "mode", "media_type", "name"),
	[
		("JPEG", "RGB", "image/jpeg", "photo.jpg"),
		("HEIF", "RGB", "image/jpeg", "photo.jpg"),
		("WEBP", "RGB", "image/jpeg", "photo.jpg"),
		("PNG", "RGB", "image/jpeg", "photo.jpg"),
		("PNG", "RGBA", "image/png", "photo.png"),
	],
)
def test_a_picture_becomes_a_jpeg_or_with_transparency_a_png(
	kind: str, mode: str, media_type: str, name: str
) -> None:
	cleaned = clean("photo.xyz", make_picture(kind, mode=mode))

	assert (cleaned.media_type, cleaned.name) == (media_type, name)
	assert cleaned.is_image
	assert read_picture(cleaned.content).format == media_type.partition("/")[2].upper()


def test_a_picture_taken_sideways_is_turned_upright() -> None:
	buffer = io.BytesIO()
	Image.new("RGB", (40, 20)).save(buffer, "JPEG", exif=make_exif(orientation=6))

	assert read_picture(clean("photo.jpg", buffer.getvalue()).content).size == (20, 40)


def test_a_huge_picture_is_made_smaller() -> None:
	cleaned = clean("photo.jpg", make_picture(size=(LONGEST_SIDE * 2, 100)))

	assert read_picture(cleaned.content).size == (LONGEST_SIDE, 50)


@pytest.mark.parametrize(
	("longest", "kept"),
	[
		(2999, 2999),
		(3000, 3000),
		(3264, 3000),
		(3499, 3000),
		(3500, 1750),
		(4032, 2016),
		(6000, 3000),
		(9248, 2312),
	],
)
def test_a_photo_is_halved_while_it_stays_sharp_and_scaled_where_it_would_not(
	longest: int, kept: int
) -> None:
	cleaned = clean("photo.jpg", make_picture(size=(longest, 30)))

	assert read_picture(cleaned.content).width == kept


@pytest.mark.parametrize("longest", [1, 3000, 3001, 12_000, 24_001, 65_500])
def test_a_photo_is_never_halved_below_what_can_be_read(longest: int) -> None:
	share = choose_share(longest)

	assert share in (1, 2, 4, 8)
	assert share == 1 or longest / share >= SHARP_SIDE


def test_only_the_first_image_of_a_moving_picture_is_kept() -> None:
	buffer = io.BytesIO()
	frames = [Image.new("P", (8, 8), color) for color in (1, 2, 3)]
	frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])

	cleaned = clean("dance.gif", buffer.getvalue())

	assert getattr(read_picture(cleaned.content), "n_frames", 1) == 1


def test_what_hangs_behind_a_picture_is_cut_off() -> None:
	cleaned = clean("photo.png", make_picture("PNG") + HTML)

	assert b"script" not in cleaned.content


def test_the_second_picture_of_a_double_one_is_left_out() -> None:
	buffer = io.BytesIO()
	first, second = Image.new("RGB", (8, 8)), Image.new("RGB", (8, 8), (255, 0, 0))
	first.save(buffer, "MPO", save_all=True, append_images=[second])

	cleaned = clean("portrait.jpg", buffer.getvalue())

	assert read_picture(cleaned.content).format == "JPEG"


@pytest.mark.parametrize("name", ["holiday.pdf", "holiday", "holiday.exe"])
def test_a_picture_may_claim_to_be_something_else(name: str) -> None:
	assert clean(name, make_picture("PNG")).name == "holiday.jpg"


@pytest.mark.parametrize(
	("name", "content", "problem"),
	[
		("photo.png", HTML, "file type"),
		("photo.svg", SVG, "file type"),
		("photo.png", SVG, "file type"),
		("run.exe", b"MZ\x90\x00" + b"\0" * 200, "file type"),
		("letter.docx", b"PK\x03\x04" + b"\0" * 200, "file type"),
		("notes.txt", b"Hello", "file type"),
		("photo.tiff", b"II*\x00\x08\x00\x00\x00", "file type"),
		("photo.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "file type"),
		("letter.pdf", b"%PDF-1.7 nothing", "file unreadable"),
		("letter.pdf", make_pdf()[:60], "file unreadable"),
		("photo.png", b"", "file empty"),
		("photo.jpg", make_picture("JPEG")[:150], "file unreadable"),
		("photo.png", make_picture("PNG", (200, 200))[:-60], "file unreadable"),
	],
)
def test_anything_but_a_picture_or_a_document_is_refused(name: str, content: bytes, problem: str) -> None:
	outcome = clean(name, content)

	assert outcome in (Problem(problem, (name,)), Problem("file type", (name,)))


def test_a_picture_larger_than_memory_is_refused_before_it_is_unpacked() -> None:
	started = time.monotonic()

	outcome = clean("bomb.png", make_bomb_header())

	assert outcome in (Problem("file type", ("bomb.png",)), Problem("file unreadable", ("bomb.png",)))
	assert time.monotonic() - started < 0.5


def test_a_file_too_big_is_told_the_limit() -> None:
	assert clean("big.jpg", b"x" * (MOST_BYTES + 1)) == Problem("file too big", ("big.jpg", "2"))


def test_a_document_is_kept_as_it_is() -> None:
	content = make_pdf()

	cleaned = clean("letter", content)

	assert cleaned == CleanFile("letter.pdf", content, "application/pdf")
	assert (cleaned.is_image, cleaned.extension) == (False, "pdf")


def test_a_document_that_is_also_a_page_is_kept_only_as_a_document() -> None:
	outcome = clean("both.html", HTML + b"\n" + make_pdf())

	assert isinstance(outcome, Problem) or outcome.media_type == "application/pdf"


@given(
	content=st.binary(max_size=300),
	start=st.sampled_from([b"", b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]),
)
@settings(deadline=None)
def test_no_content_makes_the_check_fail(content: bytes, start: bytes) -> None:
	assert isinstance(clean("file", start + content), CleanFile | Problem)


@pytest.mark.parametrize(
	("name", "shown"),
	[
		("photo.jpg", "photo.jpg"),
		("../../etc/passwd", "passwd"),
		("C:\\Users\\ann\\photo.jpg", "photo.jpg"),
		("a\r\nSet-Cookie: x.jpg", "a_Set-Cookie_ x.jpg"),
		('"><script>.png', "_script_.png"),
		("Straße (2).pdf", "Straße (2).pdf"),
		("\u202egpj.exe", "_gpj.exe"),
		("...", "file"),
		("", "file"),
		("/", "file"),
	],
)
def test_a_name_has_no_path_no_control_and_no_markup(name: str, shown: str) -> None:
	assert clean_name(name) == shown


@given(name=st.text(max_size=400))
def test_any_name_becomes_a_short_harmless_one(name: str) -> None:
	shown = clean_name(name)

	assert 0 < len(shown) <= NAME_LENGTH
	assert not set(shown) & set("<>\"'&/\\\r\n\0:;")


def test_a_long_name_keeps_its_ending() -> None:
	assert clean_name("x" * 300 + ".jpeg").endswith("x.jpeg")


def test_a_document_is_not_read_where_reading_would_take_minutes() -> None:
	bomb = (
		b"%PDF-1.5\n1 0 obj<</Type/XRef/Size 20000000/W[0 0 0]/Index[0 20000000]/Root 2 0 R/Length 4>>stream\n"
		b"abcd\nendstream endobj\nstartxref\n9\n%%EOF"
	)
	started = time.process_time()

	clean("bomb.pdf", bomb)

	assert time.process_time() - started < 0.5
