"""Who is who: the one form of an e-mail address and of a phone number. Pure."""

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

# RFC 6761: nothing under ".invalid" can ever receive mail.
NOBODY = "not-given@resident.invalid"
LONGEST_EMAIL = 254
LONGEST_PHONE = 40


def normalise_email(text: str | None) -> str | None:
	"""One address in its one form (lower case, the host in ASCII), or None if it is not exactly one.

	Lists and `Name <address>` are refused: one field must never mail several people. So is what nobody's address
	begins with, but a formula in the spreadsheet that a list of residents is exported to.
	"""
	text = (text or "").strip()
	if not text or len(text) > LONGEST_EMAIL or re.search(r"^[=+\-@]|[\s,;<>\"'()\\]", text):
		return None
	try:
		address = validate_email(text, check_deliverability=False).ascii_email
	except EmailNotValidError:
		return None
	return address.lower() if address else None


def normalise_phone(text: str | None, region: str | None) -> str | None:
	"""A phone number as +4612345678 (E.164), or None if it cannot be one.

	:param region: two-letter country that numbers without a country code belong to.
	"""
	text = (text or "").strip()
	if not text or len(text) > LONGEST_PHONE:
		return None
	try:
		number = phonenumbers.parse(text, region or None)
	except phonenumbers.NumberParseException:
		return None
	if not phonenumbers.is_possible_number(number):
		return None
	return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mask_email(email: str) -> str:
	"""An address that its owner recognises and nobody else can use: "ma…@example.org"."""
	local, _at, domain = email.partition("@")
	return f"{local[:2] if len(local) > 3 else local[:1]}…@{domain}"
