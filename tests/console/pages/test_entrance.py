"""Signing in leads through the issuer, for this browser alone, and only people with a role get in."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tests.console.serving import Browser, Served

from interlock.console.oidc import Begun
from interlock.console.pages import entrance


def test_nobody_sees_anything_before(served: Served, browser: Browser) -> None:
    """Every page leads to the sign-in, and the live parts say nothing."""
    asked = served.ask()

    for path in ("/", f"/approvals/{asked.id}", "/grants", "/health"):
        answered = browser.get(path)
        assert answered.status_code == 303
        assert answered.headers["location"].startswith("/sign-in")
        assert "sql.write" not in answered.text
    assert [browser.get(path).status_code for path in ("/queue", "/live")] == [403, 403]


def test_the_issuer_is_asked_with_pkce(served: Served, browser: Browser) -> None:
    """S256, a state and a nonce of their own each time, and nothing secret in the address."""
    asked = [parse_qs(urlsplit(browser.get("/sign-in").headers["location"]).query) for _ in range(2)]

    for query in asked:
        assert query["code_challenge_method"] == ["S256"]
        assert query["response_type"] == ["code"]
        assert query["redirect_uri"] == [f"{served.url}/signed-in"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
    assert "code_verifier" not in asked[0]


def test_deciding_asks_the_issuer_anew(browser: Browser) -> None:
    """Whoever is signed in there already."""
    query = parse_qs(urlsplit(browser.get("/sign-in?again=1").headers["location"]).query)

    assert (query["prompt"], query["max_age"]) == (["login"], ["0"])


def test_a_cookie_is_kept_from_scripts(browser: Browser) -> None:
    """And from other sites' requests."""
    cookie = browser.sign_in("dba-one").headers.get_list("set-cookie")[0].lower()

    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie


def test_who_has_no_role_is_told_so(browser: Browser) -> None:
    """And is not signed in."""
    answered = browser.sign_in("guest")

    assert answered.status_code == 403
    assert "guest has no role here" in answered.text
    assert browser.get("/").status_code == 303


def test_an_answer_is_for_the_browser_that_asked(served: Served, browser: Browser) -> None:
    """A link with somebody else's answer signs nobody in (login CSRF)."""
    other = Browser(served)
    page = httpx.get(other.get("/sign-in").headers["location"]).text
    fields = {part.split('"')[0]: part.split('value="')[1].split('"')[0] for part in page.split('name="')[1:8]}
    fields = {name: value.replace("&amp;", "&") for name, value in fields.items() if name != "person"}
    back = httpx.post(f"{served.issuer.url}/authorize", data={**fields, "person": "dba-one"}).headers["location"]

    assert browser.client.get(back).status_code == 400
    assert other.client.get(back).headers["location"] == "/"
    assert other.client.get(back).status_code == 400


@pytest.mark.parametrize("change", ["state", "code", "iss"])
def test_a_changed_answer_is_refused(served: Served, browser: Browser, change: str) -> None:
    """One member is enough."""
    begun = browser.get("/sign-in").headers["location"]
    page = httpx.get(begun).text
    fields = {part.split('"')[0]: part.split('value="')[1].split('"')[0] for part in page.split('name="')[1:8]}
    fields = {name: value.replace("&amp;", "&") for name, value in fields.items() if name != "person"}
    back = httpx.post(f"{served.issuer.url}/authorize", data={**fields, "person": "dba-one"}).headers["location"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}

    answered = browser.client.get("/signed-in", params={**query, change: "other"})

    assert answered.status_code in (400, 403)
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize(
    ("then", "leads"),
    [
        ("/grants", "/grants"),
        ("https://elsewhere.example.com/", "/"),
        ("//elsewhere.example.com", "/"),
        ("/\\elsewhere.example.com", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nset-cookie: x=y", "/"),
    ],
)
def test_it_goes_on_within_the_console(browser: Browser, then: str, leads: str) -> None:
    """Wherever a link says."""
    begun = browser.client.get("/sign-in", params={"then": then})
    page = httpx.get(begun.headers["location"]).text
    fields = {part.split('"')[0]: part.split('value="')[1].split('"')[0] for part in page.split('name="')[1:8]}
    fields = {name: value.replace("&amp;", "&") for name, value in fields.items() if name != "person"}
    back = httpx.post(f"{browser.served.issuer.url}/authorize", data={**fields, "person": "dba-one"})

    assert browser.client.get(back.headers["location"]).headers["location"] == leads


def test_signing_out_takes_the_form_of_the_page(browser: Browser) -> None:
    """A link elsewhere signs nobody out; the button does."""
    browser.sign_in("dba-one")
    page = browser.get("/")

    browser.client.post("/sign-out", data={"csrf": "x"}, headers={"origin": browser.served.url})
    cookie = dict(browser.client.cookies)
    assert browser.sign_in("dba-one").status_code == 303
    page = browser.get("/")
    cookie = dict(browser.client.cookies)
    browser.send("/sign-out", page)
    browser.client.cookies.update(cookie)

    assert browser.get("/").status_code == 303


def test_there_is_no_door_beside_the_issuer(browser: Browser) -> None:
    """The demo's code signs nobody in where people sign in properly."""
    for code in ("", "0", "00000000"):
        answered = browser.client.post(
            "/door", data={"code": code, "subject": "dba-one"}, headers={"origin": browser.served.url}
        )
        assert answered.status_code == 403
    assert browser.get("/").status_code == 303


def test_who_begins_without_end_pushes_nobody_out() -> None:
    """One address may begin twenty a second: within ten minutes that is fewer than are kept, and old ones go first."""
    at = [1000.0]
    room = SimpleNamespace(clock=SimpleNamespace(now=lambda: at[0]), begun={})
    for number in range(600 * 20 + 120):
        entrance._tidy(room)
        room.begun[str(number)] = Begun(str(number), "", "", "", 0.0, at[0])
    assert "0" in room.begun

    at[0] += 601
    entrance._tidy(room)
    assert not room.begun


def test_codes_are_tried_at_one_pace_for_all(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs on this machine has as many addresses as they like: no other address is another try."""
    monkeypatch.setattr(served.room, "door", "12345678")
    now = served.room.clock.monotonic()
    monkeypatch.setattr(type(served.room.clock), "monotonic", lambda _: now)
    found = list[int]()
    for number in range(10, 14):
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{number}")
        with httpx.Client(transport=transport, headers={"origin": served.url}, timeout=60) as client:
            for code in range(12):
                sent = {"code": f"{code:08d}", "subject": "dba-one"}
                found.append(client.post(f"{served.url}/door", data=sent).status_code)
            last = client.post(f"{served.url}/door", data={"code": "12345678", "subject": "dba-one"})
    assert 20 <= found.count(403) <= 30
    assert (set(found), found[-1], last.status_code) == ({403, 429}, 429, 429)
    assert "Too many codes" in last.text
    assert not last.cookies


def test_what_is_typed_is_no_parameter_of_the_sign_in(served: Served, browser: Browser) -> None:
    """The page to come back to is one value, whatever stands in it."""
    for path in ("/sessions/x%26again=1", "/approvals/x%23y", "/reviews/x%3Fthen=evil"):
        query = parse_qs(urlsplit(browser.get(path).headers["location"]).query)
        assert list(query) == ["then"]
        assert query["then"][0].startswith("/")
