"""What came with a submitted form: its key, its trap, what was typed."""

import os
import re
import time
from collections.abc import Sequence

import frappe

from citizen_support.catalogue import rules as catalogue
from citizen_support.catalogue.rules import Question
from citizen_support.host.site_secret import get_secret
from citizen_support.limits.rules import RANDOM_BYTES, read_form_key_time
from citizen_support.limits.rules import make_form_key as make_stamped_key

TRAP = "website"
# Stands for the key in a form that nobody has filled in yet; the answer puts a fresh one in its place.
BLANK_KEY = "@@form-key@@"
_FORM_KEY = re.compile(r"^[A-Za-z0-9_-]{20,64}$")


def make_form_key() -> str:
	"""The secret that makes one visit's form one request, however often it is sent."""
	return make_stamped_key(get_secret("form"), time.time(), os.urandom(RANDOM_BYTES))


def get_age(form_key: str) -> float | None:
	"""Seconds since the page of a form was made; None if we have not made its key."""
	made_at = read_form_key_time(get_secret("form"), form_key)
	return None if made_at is None else time.time() - made_at


def read_form_key() -> str | None:
	"""The key the form came with, if it is one of ours."""
	key = frappe.local.request.form.get("form_key") or ""
	return key if _FORM_KEY.fullmatch(key) else None


def is_trapped() -> bool:
	"""Whether the field that no person sees was filled in."""
	return bool((frappe.local.request.form.get(TRAP) or "").strip())


def read_answers(questions: Sequence[Question]) -> dict[str, list[str]]:
	"""What was typed, by question key; for places with `.lat` and `.lon`."""
	form = frappe.local.request.form
	typed = {}
	for question in questions:
		for suffix in ("", ".lat", ".lon") if question.type == catalogue.PLACE else ("",):
			typed[question.key + suffix] = form.getlist(f"q.{question.key}{suffix}")
	return typed


def read_contact() -> dict[str, str]:
	"""Typed name, e-mail and phone."""
	form = frappe.local.request.form
	return {name: form.get(f"contact.{name}") or "" for name in ("name", "email", "phone")}
