"""References and tracking keys: how they are made and checked. Pure.

A reference (`XXXX-XXXX`) is 7 random characters of Crockford's base 32 and a check character, so that a
misheard or mistyped reference is noticed before anything is looked up. It names a request but opens nothing.
What opens the tracking page is the key: an HMAC of reference and version under the site's secret.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode

# Douglas Crockford, "Base 32": no I, L, O or U, so that nothing reads like 1, 0 or an insult.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LENGTH = 7
KEY_BYTES = 20  # 160 bit of an HMAC-SHA256
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_PATTERN = re.compile(rf"^[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}$")
# Odd factors are invertible modulo 32, so each single wrong character changes the check character.
_WEIGHTS = (1, 3, 5, 7, 9, 11, 13)


def make_reference() -> str:
	"""A new random reference (35 random bits; uniqueness is the database's to enforce)."""
	body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
	return _hyphenate(body + check_character(body))


def check_character(body: str) -> str:
	"""The check character of seven characters: a weighted sum modulo 32."""
	total = sum(weight * ALPHABET.index(char) for weight, char in zip(_WEIGHTS, body, strict=True))
	return ALPHABET[total % len(ALPHABET)]


def read_reference(text: str) -> str | None:
	"""A typed reference in its one written form, or None if it cannot be one.

	Spaces, hyphens and case do not matter; O is read as 0, I and L as 1.
	"""
	if not isinstance(text, str) or len(text) > 40:
		return None
	chars = re.sub(r"[\s\-]+", "", text).upper().translate(_READ_AS)
	reference = _hyphenate(chars)
	if not _PATTERN.match(reference) or check_character(chars[:RANDOM_LENGTH]) != chars[RANDOM_LENGTH]:
		return None
	return reference


def make_key(secret: str, reference: str, version: int) -> str:
	"""The tracking key of a request: url-safe, the same each time, gone once the version is raised."""
	message = f"tracking:{reference}:{version}".encode()
	digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()[:KEY_BYTES]
	return urlsafe_b64encode(digest).decode().rstrip("=")


def is_key(secret: str, reference: str, version: int, given: str | None) -> bool:
	"""Whether `given` opens the request; compared in constant time."""
	if not isinstance(given, str) or len(given) > 100:
		return False
	return hmac.compare_digest(
		make_key(secret, reference, version).encode(), given.encode("utf-8", "replace")
	)


def _hyphenate(chars: str) -> str:
	return f"{chars[:4]}-{chars[4:]}"
