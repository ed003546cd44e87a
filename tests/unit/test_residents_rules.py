"""The one form of an e-mail address and of a phone number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_support.residents.rules import NOBODY, mask_email, normalise_email, normalise_phone


@pytest.mark.parametrize(
	("typed", "email"),
	[
		("ann@example.org", "ann@example.org"),
		("  Ann.Lee+city@Example.ORG ", "ann.lee+city@example.org"),
		("ann@müller.example.org", "ann@xn--mller-kva.example.org"),
		("ann@xn--mller-kva.example.org", "ann@xn--mller-kva.example.org"),
	],
)
def test_an_address_has_one_form(typed: str, email: str) -> None:
	assert normalise_email(typed) == email


@pytest.mark.parametrize(
	"typed",
	[
		None,
		"",
		"ann",
		"ann@",
		"@example.org",
		"ann@example",
		"ann@localhost",
		"ann@@example.org",
		"ann@exa mple.org",
		"ann@example.org, ben@example.org",
		"ann@example.org;ben@example.org",
		"ann@example.org ben@example.org",
		"Ann <ann@example.org>",
		"<ann@example.org>",
		'"ann"@example.org',
		"ann@example.org\nBcc: ben@example.org",
		"ann@example.org\r\n",
		"ann@[127.0.0.1]",
		"ann@example..org",
		"a" * 250 + "@example.org",
		"javascript:alert(1)@example.org",
		"=cmd|A0@example.org",
		"+ann@example.org",
		"-ann@example.org",
	],
)
def test_anything_but_exactly_one_address_is_refused(typed: str | None) -> None:
	allowed = "ann@example.org" if typed == "ann@example.org\r\n" else None

	assert normalise_email(typed) == allowed


@given(text=st.text(max_size=80))
def test_an_address_can_only_ever_mail_one_person(text: str) -> None:
	email = normalise_email(text)

	assert email is None or (email.count("@") == 1 and not set(email) & set(" ,;<>\"'()\\\r\n\t"))


@pytest.mark.parametrize(
	("typed", "region", "phone"),
	[
		("+1 202-555-0143", None, "+12025550143"),
		("(202) 555-0143", "US", "+12025550143"),
		("030 901820", "DE", "+4930901820"),
		("0049 30 901820", "DE", "+4930901820"),
		("+46 8 508 00 000", "US", "+46850800000"),
	],
)
def test_a_number_has_one_form(typed: str, region: str | None, phone: str) -> None:
	assert normalise_phone(typed, region) == phone


@pytest.mark.parametrize(
	("typed", "region"),
	[
		(None, "US"),
		("", "US"),
		("12", "US"),
		("none of your business", "US"),
		("202-555-0143", None),
		("202-555-0143", "XX"),
		("1" * 41, "US"),
		("+1 202-555-0143" * 3, "US"),
	],
)
def test_anything_but_a_number_is_refused(typed: str | None, region: str | None) -> None:
	assert normalise_phone(typed, region) is None


@given(text=st.text(max_size=60), region=st.sampled_from([None, "", "US", "DE"]))
def test_no_text_makes_reading_a_number_fail(text: str, region: str | None) -> None:
	phone = normalise_phone(text, region)

	assert phone is None or (phone[0] == "+" and phone[1:].isascii() and phone[1:].isdigit())


@pytest.mark.parametrize(
	("email", "masked"),
	[
		("maria@example.org", "ma…@example.org"),
		("bob@example.org", "b…@example.org"),
		("x@example.org", "x…@example.org"),
	],
)
def test_an_address_is_shown_only_as_far_as_its_owner_knows_it_again(email: str, masked: str) -> None:
	assert mask_email(email) == masked


def test_the_address_of_nobody_can_receive_no_mail() -> None:
	assert NOBODY.endswith(".invalid")
