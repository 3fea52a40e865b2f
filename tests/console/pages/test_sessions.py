"""Auditors read what agents did, each look is noted first, and nothing in it plays tricks on them."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import httpx
import pytest
from tests.console.recorded import HOSTILE, record
from tests.console.serving import Browser, Served


@pytest.fixture(scope="module")
def session(served: Served) -> str:
    """A recorded session of somebody who is not to be trusted."""
    return record(served.folder / "kept", HOSTILE, run="run-1", more=210)


@pytest.fixture(scope="module")
def auditor(served: Served) -> Browser:
    """Signed in as one."""
    opened = Browser(served)
    opened.sign_in("auditor-one")
    return opened


def looks(served: Served) -> list[dict[str, object]]:
    """What was noted."""
    path = served.folder / "kept" / "looks.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [event["data"] for event in map(json.loads, lines) if event["kind"] == "look"]


PAGES = ("", "/{id}", "/{id}?from=3", "/{id}/graph", "/{id}/verified", "/{id}/evidence", "/{id}/flows")


def is_harmless(answered: httpx.Response) -> bool:
    """Nothing of what was planted is markup, a control character or a turn of direction."""
    text = answered.text
    return not re.search(r"<script>alert|<img src=x|\x1b|\u202e|javascript:| style=| on\w+=", text)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("person", ["dba-one", "admin-one", ""])
def test_recordings_are_for_auditors(served: Served, browser: Browser, session: str, path: str, person: str) -> None:
    """Nobody else reads them, neither who decides nor who administers; and nothing is noted of that."""
    if person:
        browser.sign_in(person)
    before = len(looks(served))
    answered = browser.get("/sessions" + path.format(id=session))
    assert answered.status_code == (403 if person else 303)
    assert session not in answered.text or not person
    assert len(looks(served)) == before
    assert ("/sessions" in browser.get("/grants").text) is False


@pytest.mark.parametrize("path", PAGES)
def test_every_look_is_noted_first(served: Served, auditor: Browser, session: str, path: str) -> None:
    """Who, which page, what of it."""
    before = len(looks(served))
    assert auditor.get("/sessions" + path.format(id=session)).status_code == 200
    (noted,) = looks(served)[before:]
    assert noted["who"] == f"auditor-one <{served.issuer.url}>"
    assert str(noted["how"]).startswith("console ")
    assert not path or noted["what"]["session"] == session  # type: ignore[index]


@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/graph", "/{id}/verified"])
def test_what_cannot_be_noted_is_not_shown(served: Served, auditor: Browser, session: str, path: str) -> None:
    """Nobody could tell afterwards that it was looked at."""
    log = served.folder / "kept" / "looks.jsonl"
    log.unlink(missing_ok=True)
    log.mkdir()
    try:
        answered = auditor.get("/sessions" + path.format(id=session))
    finally:
        log.rmdir()
    assert answered.status_code == 503
    assert "cannot be noted" in answered.text
    assert session not in answered.text


@pytest.mark.parametrize("path", ["", "/{id}", "/{id}?from=3", "/{id}/graph", "/{id}/verified"])
def test_hostile_words_are_words(auditor: Browser, session: str, path: str) -> None:
    """Markup, escapes, turned writing: shown, and nothing more."""
    answered = auditor.get("/sessions" + path.format(id=session))
    assert is_harmless(answered)
    if path not in ("/{id}/verified", "/{id}/graph"):
        assert "&lt;script&gt;alert(1)" in answered.text
        assert "\\u{202e}" in answered.text
    assert "unsafe" not in answered.headers["content-security-policy"]


def test_who_has_a_long_name_makes_no_long_page(served: Served, auditor: Browser) -> None:
    """Names come from tokens and recordings: on a page they are cut, and what is left out is counted."""
    session = record(served.folder / "kept", "e" * 200_000)
    for path in ("/sessions", f"/sessions/{session}"):
        answered = auditor.get(path)
        assert len(answered.text) < 300_000
        assert "and 198000 characters more" in answered.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, True),
        ({"principal": "EVIL.example"}, True),
        ({"principal": "somebody else"}, False),
        ({"connection": "db"}, True),
        ({"connection": "payroll"}, False),
        ({"decision": "forbid"}, True),
        ({"decision": "review"}, False),
        ({"since": "1h"}, True),
        ({"since": "2099-01-01"}, False),
        ({"until": "2020-01-01"}, False),
        ({"decision": "forbid", "connection": "claude"}, False),
    ],
)
def test_search(served: Served, auditor: Browser, session: str, asked: dict[str, str], found: bool) -> None:
    """By principal, connection, decision and time; what was looked for is noted."""
    answered = auditor.client.get("/sessions", params=asked)
    assert answered.status_code == 200
    assert (session in answered.text) is found
    assert set(asked) == set(looks(served)[-1]["what"])  # type: ignore[call-overload]


def test_what_is_no_time(auditor: Browser) -> None:
    """It says what to write instead, and what was typed stays."""
    answered = auditor.client.get("/sessions", params={"since": '"><script>', "principal": "erika"})
    assert answered.status_code == 400
    assert "2026-01-31" in answered.text
    assert 'value="erika"' in answered.text
    assert is_harmless(answered)


def test_a_timeline_in_parts(auditor: Browser, session: str) -> None:
    """Two hundred events a page, each with its anchor; masked places, approvals, and all that an event says."""
    first = auditor.get(f"/sessions/{session}").text
    later = re.search(rf'/sessions/{session}\?from=(\d+)"', first)
    assert later is not None
    rest = auditor.get(f"/sessions/{session}?from={later[1]}").text
    numbers = [int(number) for number in re.findall(r'<li id="e(\d+)"', first + rest)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 210
    assert "/0/to: email (token, 3f2a91)" in first
    assert 'href="/approvals/apr-00000000000000zz"' in first
    assert "&#34;effect&#34;: &#34;forbid&#34;" in first


@pytest.mark.parametrize("start", ["x", "-1", "99999999999", "0", "999999"])
def test_a_page_that_is_not_there(auditor: Browser, session: str, start: str) -> None:
    """It shows something, or nothing, and fails at nothing."""
    assert auditor.client.get(f"/sessions/{session}", params={"from": start}).status_code == 200


def test_the_graph_shows_what_led_to_what(auditor: Browser, session: str) -> None:
    """Drawn by the server: the turn, what it proposed, what ran of it; each leads to its event."""
    text = auditor.get(f"/sessions/{session}/graph").text
    assert text.count('class="box turn') == 1
    assert text.count('class="box proposal') == 2
    assert 'class="box proposal forbid"' in text
    assert 'class="arc proposed"' in text
    assert 'class="arc ran"' in text
    assert re.search(rf'<a href="/sessions/{session}\?from=\d+#e\d+">', text)


def test_a_change_shows_in_the_badge(served: Served, auditor: Browser) -> None:
    """Intact until a byte is another; as a part of the page and as a page."""
    id = record(served.folder / "kept", "max", run="run-2")
    part = {"hx-request": "true"}
    assert "intact</strong>" in auditor.client.get(f"/sessions/{id}/verified", headers=part).text
    evidence = served.folder / "kept" / id / "evidence.jsonl"
    evidence.write_bytes(evidence.read_bytes().replace(b"toolu_1", b"toolu_9"))
    badge = auditor.client.get(f"/sessions/{id}/verified", headers=part).text
    assert "changed</strong>" in badge
    assert "<html" not in badge
    page = auditor.get(f"/sessions/{id}/verified").text
    assert "Not intact" in page
    assert "evidence.jsonl:3" in page


def test_the_graph_is_of_the_whole_run(served: Served, auditor: Browser) -> None:
    """A run whose gateway was started anew: each box leads to its own session, and the look names them all."""
    first, second = (record(served.folder / "kept", "lena", run="run-anew") for _ in range(2))
    text = auditor.get(f"/sessions/{second}/graph").text
    assert "this session and 1 before it" in text
    assert f'<a href="/sessions/{first}?from=' in text
    assert f'<a href="/sessions/{second}?from=' in text
    assert looks(served)[-1]["what"] == {"run": [first, second], "session": second}
    assert "before it" not in auditor.get(f"/sessions/{first}/graph").text


def test_the_badge_says_what_was_checked(served: Served, auditor: Browser) -> None:
    """No tree of heads is here: the chain alone."""
    id = record(served.folder / "kept", "max", run="run-3")
    badge = auditor.client.get(f"/sessions/{id}/verified", headers={"hx-request": "true"}).text
    assert "intact</strong>" in badge
    assert "checked: the chain alone" in badge
    assert "Checked: the chain alone" in auditor.get(f"/sessions/{id}/verified").text


def test_files_are_taken_away_as_they_lie_there(served: Served, auditor: Browser, session: str) -> None:
    """Byte for byte, never shown by the browser as anything."""
    for part, name in (("evidence", "evidence.jsonl"), ("flows", "flows.mitm")):
        answered = auditor.get(f"/sessions/{session}/{part}")
        assert answered.content == (served.folder / "kept" / session / name).read_bytes()
        assert answered.headers["content-disposition"] == f'attachment; filename="{session}-{name}"'
        assert answered.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("id", ["%2e%2e", "01JD3ZK7V0000000000000000", "looks.jsonl", ".runs", "x" * 300])
@pytest.mark.parametrize("below", ["", "/graph", "/verified", "/evidence", "/salt"])
def test_what_is_typed_is_no_path(auditor: Browser, session: str, id: str, below: str) -> None:
    """Only sessions are there, and of them only two files."""
    assert auditor.get(f"/sessions/{id}{below}").status_code in (404, 303)
    assert auditor.get(f"/sessions/{session}/salt").status_code == 404


def test_links_are_not_followed(served: Served, auditor: Browser, session: str, tmp_path: Path) -> None:
    """A folder or a file that points elsewhere is not there."""
    kept, other = served.folder / "kept", "01JD3ZK7V00000000000000000"
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "evidence.jsonl").write_text("secret")
    os.symlink(tmp_path / "secret", kept / other)
    try:
        assert auditor.get(f"/sessions/{other}/evidence").status_code == 404
    finally:
        (kept / other).unlink()


def test_recordings_on_another_machine(served: Served, auditor: Browser) -> None:
    """It says where it looked, and where they are."""
    kept = served.folder / "kept"
    aside = kept.rename(kept.with_name("aside"))
    try:
        answered = auditor.get("/sessions")
        kept.mkdir()
        empty = auditor.get("/sessions").text
    finally:
        shutil.rmtree(kept, ignore_errors=True)
        aside.rename(kept)
    assert "holds no sessions. A gateway on another machine" in empty
    assert answered.status_code == 404
    assert "without the folder" in answered.text
    assert str(kept) in answered.text
