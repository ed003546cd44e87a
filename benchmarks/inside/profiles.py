"""cProfile around whole requests, in this process."""

import cProfile
import io
import pstats
import time
from collections.abc import Callable
from functools import partial

import frappe

from benchmarks import forms
from benchmarks.inside import city, photos
from benchmarks.inside.meter import run_apart, send
from benchmarks.load import Message

SHOWN = 25
WARM = 3


def run(case: str, repeats: int) -> str:
	"""The functions that take longest, with what they call, then by themselves; "" where the case does not apply."""
	make = _find_case(case)
	if not make:
		return ""
	frappe.db.commit()  # the requests have connections of their own
	site = frappe.local.site
	messages = [make() for _number in range(repeats + WARM)]
	profile, seconds = cProfile.Profile(), 0.0

	def work() -> None:
		nonlocal seconds
		for message in messages[:WARM]:
			send(site, message)
		begun = time.perf_counter()
		profile.enable()
		for message in messages[WARM:]:
			send(site, message)
		profile.disable()
		seconds = time.perf_counter() - begun

	run_apart(work)
	city.forget_unfiled()
	lists = "\n".join(_list(profile, order) for order in ("cumulative", "tottime"))
	return f"{seconds / repeats * 1000:.2f} ms each, under the profiler\n\n{lists}"


def _find_case(case: str) -> Callable[[], Message] | None:
	if case.startswith("submit"):
		mode = "At once" if "at once" in case else "Always in the background"
		known = city.set_filing(mode)
		photo = photos.draw_phone_photo() if "photo" in case else None
		return partial(make_submission, photo) if known or mode == "At once" else None
	if case == "tracking page":
		((reference, key),) = city.get_keys(1)
		return lambda: Message("GET", f"/requests/{reference}", {"Cookie": f"cs_key={key}"})
	path = {"form page": forms.FORM_PATH, "catalogue": "/services"}[case]
	return lambda: Message("GET", path, {})


def make_submission(photo: bytes | None = None) -> Message:
	"""Our form, read and filled in."""
	site, pages = frappe.local.site, []
	run_apart(lambda: pages.append(send(site, Message("GET", forms.FORM_PATH, {}))))
	parser = forms.HiddenFields()
	parser.feed(pages[0].get_data(as_text=True))
	return next(forms.make_our_messages([parser.fields], photo))


def _list(profile: cProfile.Profile, order: str) -> str:
	stream = io.StringIO()
	pstats.Stats(profile, stream=stream).strip_dirs().sort_stats(order).print_stats(SHOWN)
	lines = stream.getvalue().splitlines()
	return "\n".join(line for line in lines if line.strip())
