"""Every answer carries the headers, and what is not a browser on this console gets nothing else."""

from __future__ import annotations

import contextlib
import socket
from urllib.parse import urlsplit

import httpx
import pytest
from tests.console.serving import Browser, Served

from interlock.console.guard import HEADERS, Pace


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nothing-here", "/static/console.css", "/approvals/x", "/live"])
def test_every_answer_has_the_headers(browser: Browser, path: str) -> None:
    """Pages, errors, files and streams: nothing framed, nothing inline, nothing kept."""
    answered = browser.get(path)

    assert {name: answered.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answered.headers["content-security-policy"]


def test_no_page_holds_a_script_or_a_style_of_its_own(served: Served, browser: Browser) -> None:
    """The policy would stop it; there is nothing to stop."""
    asked = served.ask()
    browser.sign_in("dba-one")

    for path in ("/", f"/approvals/{asked.id}", "/grants", "/health"):
        text = browser.get(path).text
        assert "<script>" not in text
        assert " style=" not in text
        assert " onclick" not in text


@pytest.mark.parametrize("host", ["elsewhere.example.com", "", "127.0.0.1"])
def test_another_name_for_it_is_refused(served: Served, browser: Browser, host: str) -> None:
    """A name that was rebound to this address reads nothing (DNS rebinding)."""
    assert browser.client.get("/sign-in", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("header", ["authorization", "proxy-authorization"])
def test_tokens_are_refused(served: Served, browser: Browser, header: str) -> None:
    """An agent's token decides nothing here, not even beside a visit."""
    browser.sign_in("dba-one")
    token = served.issuer.token("dba-one", ["dba"])

    answered = browser.client.get("/", headers={header: f"Bearer {token}"})

    assert answered.status_code == 400
    assert "people sign in" in answered.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://elsewhere.example.com"},
        {"origin": "null"},
        {"origin": "OWN", "sec-fetch-site": "cross-site"},
        {"origin": "OWN", "sec-fetch-site": "same-site"},
    ],
)
def test_forms_come_from_the_console(served: Served, browser: Browser, headers: dict[str, str]) -> None:
    """Whatever the form holds: a page elsewhere sends nothing in somebody's name."""
    browser.sign_in("dba-one")
    told = {name: served.url if value == "OWN" else value for name, value in headers.items()}

    answered = browser.client.post("/sign-out", data={"csrf": "x"}, headers=told)

    assert answered.status_code == 403
    assert "not sent from the console" in answered.text
    assert browser.get("/").status_code == 200


def test_forms_are_small(served: Served, browser: Browser) -> None:
    """And say how long they are."""
    whole = {"content": b"a" * 65537}
    pieces = {"content": iter([b"a"])}

    for body in (whole, pieces):
        assert browser.client.post("/door", headers={"origin": served.url}, **body).status_code == 413  # type: ignore[arg-type]


def test_a_form_has_one_length(served: Served) -> None:
    """One that names its length and comes in chunks besides goes on for as long as they do: it is not read."""
    host = urlsplit(served.url).netloc
    head = f"POST /door HTTP/1.1\r\nHost: {host}\r\nOrigin: {served.url}\r\nContent-Length: 1\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(host.rsplit(":", 1), timeout=60) as sent:
        sent.sendall(head.encode() + b"1\r\na\r\n")  # and no end
        assert sent.recv(4096).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/json", "multipart/form-data; boundary=x; charset=unicode_escape"]
)
def test_forms_are_of_one_kind(served: Served, browser: Browser, kind: str) -> None:
    """Parts could be files of any size, and in a charset in which texts are none."""
    browser.sign_in("dba-one")
    body = b'--x\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n\\ud800\r\n--x--\r\n'
    answered = browser.client.post("/sign-out", content=body, headers={"origin": served.url, "content-type": kind})

    assert answered.status_code == 415
    assert {name: answered.headers[name] for name in HEADERS} == HEADERS


class _Still:
    """A clock that stands until it is told."""

    at = 0.0

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at


def test_a_pace_lets_a_burst_pass_and_then_a_rate() -> None:
    """Each caller has its own."""
    clock = _Still()
    pace = Pace(clock, burst=3, rate=1)

    assert [pace.allows("one") for _ in range(4)] == [True, True, True, False]
    assert pace.allows("other")
    clock.at = 1.0
    assert [pace.allows("one") for _ in range(2)] == [True, False]


def test_one_visit_listens_so_often(served: Served, browser: Browser) -> None:
    """Eight open pages are told what changes."""
    browser.sign_in("dba-one")
    with contextlib.ExitStack() as open_pages:
        streams = [open_pages.enter_context(browser.client.stream("GET", "/live")).iter_raw() for _ in range(8)]
        assert [next(stream) for stream in streams] == [b": here\n\n"] * 8
        assert browser.get("/live").status_code == 429


def test_who_is_signed_in_has_their_own_pace(served: Served, browser: Browser) -> None:
    """Behind one proxy all have one address: strangers who ask too fast slow down nobody who is signed in."""
    browser.sign_in("dba-one")
    with httpx.Client(base_url=served.url, trust_env=False) as stranger:
        statuses = {stranger.get("/static/nothing").status_code for _ in range(400)}

    assert statuses == {404, 429}
    assert browser.get("/").status_code == 200
