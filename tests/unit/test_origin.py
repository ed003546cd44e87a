"""Forms come from our own pages; what a browser says about that cannot be bent."""

import pytest

from citizen_support.portal.origin import is_own

HOST = "city.example.org"


@pytest.mark.parametrize(
	"headers",
	[
		{},
		{"Origin": "https://city.example.org"},
		{"Origin": "https://CITY.example.org"},
		{"Origin": "https://city.example.org:443"},
		{"Origin": "https://city.example.org", "Sec-Fetch-Site": "same-origin"},
		{"Sec-Fetch-Site": "none"},
		{"Referer": "https://city.example.org/services/pothole?x=1"},
	],
	ids=str,
)
def test_our_own_forms_are_taken(headers: dict[str, str]) -> None:
	assert is_own(headers, "https", HOST)


@pytest.mark.parametrize(
	"headers",
	[
		{"Origin": "null"},
		{"Origin": ""},
		{"Origin": "https://evil.example"},
		{"Origin": "https://city.example.org.evil.example"},
		{"Origin": "https://evil.example/city.example.org"},
		{"Origin": "https://city.example.org@evil.example"},
		{"Origin": "https://evil.example@city.example.org"},
		{"Origin": "https://xcity.example.org"},
		{"Origin": "https://city.example.org:8443"},
		{"Origin": "https://city.example.org:99999"},
		{"Origin": "https://[city.example.org"},
		{"Origin": "http://city.example.org"},
		{"Origin": "http://city.example.org:443"},
		{"Origin": "javascript://city.example.org"},
		{"Origin": "//city.example.org"},
		{"Origin": "city.example.org"},
		{"Origin": "https://city.example.org, https://evil.example"},
		{"Origin": "https://city.example.org", "Sec-Fetch-Site": "cross-site"},
		{"Origin": "https://city.example.org", "Sec-Fetch-Site": "same-site"},
		{"Origin": "https://city.example.org", "Sec-Fetch-Site": " Cross-Site"},
		{"Sec-Fetch-Site": "cross-site"},
		{"Referer": "https://evil.example/city.example.org"},
		{"Referer": ""},
	],
	ids=str,
)
def test_forms_of_others_are_refused(headers: dict[str, str]) -> None:
	assert not is_own(headers, "https", HOST)


def test_a_host_that_somebody_claims_beside_the_real_one_counts_for_nothing() -> None:
	headers = {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"}

	assert not is_own(headers, "https", HOST)


def test_a_proxy_may_end_the_encryption() -> None:
	assert is_own({"Origin": "https://city.example.org"}, "http", HOST)


@pytest.mark.parametrize(
	("host", "taken"), [("localhost:8000", True), ("localhost:8001", False), ("localhost", False)]
)
def test_a_port_is_part_of_the_origin(host: str, taken: bool) -> None:
	assert is_own({"Origin": "http://localhost:8000"}, "http", host) is taken


def test_the_sites_own_name_counts_where_the_proxy_asks_by_another() -> None:
	headers = {"Origin": "https://city.example.org:8443"}

	assert is_own(headers, "http", "backend:8000", ["city.example.org:8443"])
	assert not is_own(headers, "http", "backend:8000", ["city.example.org"])
