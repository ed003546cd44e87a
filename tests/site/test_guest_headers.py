"""What every answer of ours tells the browser, whatever its address and status."""

import base64
import hashlib
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from tests.site.access_world import World
from tests.site.over_http import HOST, Browser
from tests.support.access import read_matrix

pytestmark = pytest.mark.commits

PLAIN_HOST = HOST.replace("https", "http")
SAME_FOR_ALL = ("/services", "/requests", "/privacy", "/accessibility")
EVERYWHERE = {
	"X-Content-Type-Options": "nosniff",
	"X-Frame-Options": "SAMEORIGIN",
	"Referrer-Policy": "same-origin",
	"Cross-Origin-Opener-Policy": "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
}
PAGE_POLICY = {
	"default-src": "'none'",
	"script-src": "'self'",
	"base-uri": "'none'",
	"form-action": "'self'",
	"frame-ancestors": "'self'",
}
TOO_LARGE = b"x" * 26 * 1024 * 1024
MORE = (
	("HEAD", "/services/pothole", {}),
	("GET", "/requests/<reference>", {"with key": True}),
	("GET", "/requests/<reference>/files/<shown file>", {"with key": True}),
	("GET", "/requests/<reference>/files/no-such-file", {"with key": True}),
	("POST", "/services/pothole", {"data": TOO_LARGE, "content_type": "application/octet-stream"}),
	("POST", "/services/pothole", {"data": "{", "content_type": "application/json"}),
	("GET", "/SERVICES/pothole", {}),
	("GET", "/services/%00", {}),
	("GET", "/services/../api", {}),
	("GET", "/services?cmd=ping", {}),
	("GET", "/services/no-such-service?cmd=ping", {}),
	("GET", "/requests/%F0%9F%98%80", {}),
)


def list_visits() -> list[tuple[str, str, dict]]:
	rows = read_matrix()["Pages"]
	visits = [(*row["page"].split(" ", 1), {"sent from": row["sent from"]}) for row in rows]
	return [*visits, *MORE]


def name_case(value: str | dict) -> str:
	return value if isinstance(value, str) else " ".join(name for name in value if name != "data")


def visit(world: World, method: str, address: str, options: dict, host: str = HOST) -> TestResponse:
	browser = Browser()
	if options.get("with key"):
		browser.get(world.fill("/requests/<reference>?key=<key>"), base_url=host)
	sent = {name: value for name, value in options.items() if name in ("data", "content_type")}
	if method == "POST" and not sent:
		sent = {"data": {"website": ""}}
	origin = "https://elsewhere.example" if options.get("sent from") == "another site" else host
	return browser.ask(method, world.fill(address), headers={"Origin": origin}, base_url=host, **sent)


def read_policy(answer: TestResponse) -> dict[str, str]:
	parts = answer.headers["Content-Security-Policy"].split(";")
	return {name: value for name, _space, value in (part.strip().partition(" ") for part in parts)}


@pytest.mark.parametrize(("method", "address", "options"), list_visits(), ids=name_case)
def test_headers(world: World, method: str, address: str, options: dict) -> None:
	answer = visit(world, method, address, options)

	assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
	assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
	assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
	assert len(answer.headers.getlist("Content-Security-Policy")) == 1
	policy = read_policy(answer)
	if "sandbox" in policy:
		assert policy == {"default-src": "'none'", "sandbox": ""}
	else:
		assert policy | PAGE_POLICY == policy
		assert "unsafe" not in answer.headers["Content-Security-Policy"]
		assert "*" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("method", "address", "options"), list_visits(), ids=name_case)
def test_what_is_personal_or_an_error_is_kept_by_nobody(
	world: World, method: str, address: str, options: dict
) -> None:
	answer = visit(world, method, address, options)

	may_be_kept = answer.status_code == 200 and method in ("GET", "HEAD") and "no-such" not in address
	if may_be_kept and urlsplit(address).path.startswith(SAME_FOR_ALL) and "<reference>" not in address:
		assert answer.headers["Cache-Control"].startswith("private, max-age=0")
	else:
		assert "no-store" in answer.headers["Cache-Control"]
		assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize(("method", "address", "options"), list_visits(), ids=name_case)
def test_no_page_has_code_or_style_in_it_but_the_one_that_is_named(
	world: World, method: str, address: str, options: dict
) -> None:
	answer = visit(world, method, address, options)
	if not answer.content_type.startswith("text/html"):
		return

	page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
	assert all(tag.get("src") and not tag.get_text(strip=True) for tag in page.select("script"))
	assert not [
		tag for tag in page.find_all(True) for name in tag.attrs if name == "style" or name.startswith("on")
	]
	for style in page.select("style"):
		digest = base64.b64encode(hashlib.sha256(style.get_text().encode()).digest()).decode()
		assert f"'sha256-{digest}'" in read_policy(answer)["style-src"]


@pytest.mark.parametrize(
	"address", ["/services", "/services/pothole", "/requests", "/citizen-support/health"]
)
def test_an_open_line_is_told_nothing_of_encryption(world: World, address: str) -> None:
	# asked over HTTPS first: kept pages must not carry it over
	visit(world, "GET", address, {})

	assert "Strict-Transport-Security" not in visit(world, "GET", address, {}, PLAIN_HOST).headers


def test_a_cookie_is_for_one_request_and_out_of_reach_of_scripts(world: World) -> None:
	answer = visit(world, "GET", "/requests/<reference>?key=<key>", {})

	(cookie,) = answer.headers.getlist("Set-Cookie")
	assert {"Secure", "HttpOnly", "SameSite=Lax", world.fill("Path=/requests/<reference>")} <= set(
		cookie.split("; ")
	)


def test_the_key_leaves_the_address_at_once(world: World) -> None:
	answer = visit(world, "GET", "/requests/<reference>?key=<key>", {})

	assert answer.headers["Location"] == world.fill("/requests/<reference>")
	assert world.names["key"] not in visit(
		world, "GET", "/requests/<reference>", {"with key": True}
	).get_data(as_text=True)
