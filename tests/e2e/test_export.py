"""An exported archive in a real browser: it takes the recorded answers for those of the network."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.browser import launched
from tests.recording.nasty import Clock

from interlock.model import Principal
from interlock.recording import FlowSnapshot, Recordings, RequestSnapshot, ResponseSnapshot
from interlock.recording.exporting import Exported
from interlock.recording.har import har

PAGE = b"<title>Recorded</title><p id=p>\xe2\x82\xac 5</p>"
QUERY = "fetch('/v1/query?a=1', {method: 'POST', body: '{\"query\": \"select 1\"}'}).then(answer => answer.text())"


def flow(name: str, method: str, path: str, kind: bytes, body: bytes, asked: bytes = b"") -> FlowSnapshot:
    """One recorded exchange with a site that does not exist."""
    return FlowSnapshot(
        id=name,
        request=RequestSnapshot(method=method, scheme="https", host="docs.example.com", port=443, path=path, body=asked,
                                started=1_800_000_000.0, ended=1_800_000_000.1),
        response=ResponseSnapshot(status=200, headers=((b"content-type", kind),), body=body, started=1_800_000_000.2,
                                  ended=1_800_000_000.3),
    )  # fmt: skip


def test_a_browser_takes_an_archive(tmp_path: Path) -> None:
    """Page, script's request with its body, and a picture that is no text; nothing is dialled."""
    recordings = Recordings(tmp_path / "recordings", Clock())
    session = recordings.session(Principal("corp", "https://idp.example.com", "erika"), "run-1")
    picture = b"\x89PNG\xff\x00"
    session.flow(flow("1", "GET", "/page", b"text/html; charset=utf-8", PAGE))
    session.flow(flow("2", "POST", "/v1/query?a=1", b"text/event-stream", b"data: 1\n\n", b'{"query": "select 1"}'))
    session.flow(flow("3", "GET", "/picture", b"image/png", picture))
    recordings.close()
    archive = tmp_path / "session.har"
    archive.write_text("".join(har(Exported.of(session.folder))), encoding="utf-8")
    with launched() as browser:
        context = browser.new_context()
        context.set_default_timeout(60_000)
        context.route_from_har(archive, not_found="abort")
        page = context.new_page()
        page.goto("https://docs.example.com/page")
        assert (page.title(), page.inner_text("#p")) == ("Recorded", "€ 5")
        assert page.evaluate(QUERY) == "data: 1\n\n"
        found = page.evaluate("fetch('/picture').then(a => a.arrayBuffer()).then(b => [...new Uint8Array(b)])")
        assert bytes(found) == picture
