"""The largest pictures we are willing to decode, each drawn by a process of its own: how much that takes at most."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pillow_heif import register_heif_opener

from citizen_support.intake.files import MOST_PIXELS, MOST_PIXELS_ELSE

register_heif_opener()
ROOT = Path(__file__).parents[2]
MOST_MEGABYTES = 200
MOST_SECONDS = 5
PROGRESSIVE = {"progressive": True, "subsampling": 0}
PICTURES = [
	("JPEG", "RGB", MOST_PIXELS_ELSE, PROGRESSIVE),
	("JPEG", "CMYK", MOST_PIXELS["JPEG"], {}),
	("PNG", "RGBA", MOST_PIXELS_ELSE, {}),
	("WEBP", "RGBA", MOST_PIXELS["WEBP"], {"lossless": True}),
]
# To make these takes a while.
MORE_PICTURES = [
	("JPEG", "RGB", MOST_PIXELS["JPEG"], {}),
	("JPEG", "CMYK", MOST_PIXELS_ELSE, PROGRESSIVE),
	("PNG", "RGB", MOST_PIXELS_ELSE, {}),
	("PNG", "P", MOST_PIXELS_ELSE, {}),
	("GIF", "P", MOST_PIXELS_ELSE, {}),
	("HEIF", "RGB", MOST_PIXELS["HEIF"], {}),
]
if os.environ.get("CS_HOSTILE_LONG"):
	PICTURES += MORE_PICTURES
# The peak while it draws, over what the process had before; without the interpreter and the libraries.
DRAW = """
import re, sys, time
from citizen_support.intake import files
def read(name):
	return int(re.search(name + r":\\s+(\\d+)", open("/proc/self/status").read()).group(1)) / 1024
content = sys.stdin.buffer.read()
open("/proc/self/clear_refs", "w").write("5")
before, began = read("VmRSS"), time.monotonic()
outcome = files.clean_file("a", content, len(content))
print(read("VmHWM") - before, time.monotonic() - began, type(outcome).__name__)
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peaks are read from Linux's /proc")
@pytest.mark.parametrize(
	("kind", "mode", "pixels", "options"),
	PICTURES,
	ids=[f"{row[0]}-{row[1]}-{row[2] // 10**6}" for row in PICTURES],
)
def test_the_largest_picture_of_each_kind(
	kind: str, mode: str, pixels: int, options: dict, record_property: Callable[[str, str], None]
) -> None:
	height = int((pixels * 3 / 4) ** 0.5)
	buffer = io.BytesIO()
	Image.new(mode, (pixels // height, height)).save(buffer, kind, **options)

	command = [sys.executable, "-W", "ignore", "-c", DRAW]
	done = subprocess.run(command, input=buffer.getvalue(), capture_output=True, cwd=ROOT, check=True)

	megabytes, seconds, outcome = done.stdout.decode().split()
	record_property("megabytes and seconds", f"{megabytes} {seconds}")
	assert outcome == "CleanFile"
	assert float(megabytes) < MOST_MEGABYTES
	assert float(seconds) < MOST_SECONDS


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "1"), ("WEBP", "RGB")])
def test_nothing_larger_is_decoded(kind: str, mode: str) -> None:
	pixels = MOST_PIXELS.get(kind, MOST_PIXELS_ELSE)
	height = int(pixels**0.5)
	buffer = io.BytesIO()
	Image.new(mode, (height + 100, height + 100)).save(buffer, kind)

	command = [sys.executable, "-W", "ignore", "-c", DRAW]
	done = subprocess.run(command, input=buffer.getvalue(), capture_output=True, cwd=ROOT, check=True)

	megabytes, _seconds, outcome = done.stdout.decode().split()
	assert (outcome, float(megabytes) < 20) == ("Problem", True)
