"""Following one chain."""

from __future__ import annotations

from interlock.recording.event import GENESIS, parse, seal
from interlock.recording.reading import Line
from interlock.recording.walk import Walk

_AT = "2026-01-01T00:00:00.000Z"


def _chain(length: int) -> list[bytes]:
    lines, prev = [], GENESIS
    for seq in range(1, length + 1):
        line, prev = seal("opened" if seq == 1 else "decision", {"n": seq}, seq, prev, _AT)
        lines.append(line)
    return lines


def _walk(lines: list[bytes], **more) -> Walk:
    walk = Walk("evidence.jsonl", lambda event: "" if event.seq == 1 else "wrong first event", **more)
    for number, raw in enumerate(lines, 1):
        walk.feed(Line(number, raw, *parse(raw[:-1])))
    walk.finish()
    return walk


def test_an_intact_chain_has_no_findings() -> None:
    """And its last event is known."""
    walk = _walk(_chain(5))
    assert (walk.findings, walk.events, walk.last.seq) == ([], 5, 5)


def test_after_one_damaged_line_the_rest_is_not_blamed() -> None:
    """One change, one finding, with its line."""
    lines = _chain(6)
    lines[2] = b'{"a":1}\n'
    (finding,) = _walk(lines).findings
    assert (finding.line, finding.what, finding.grave) == (3, "changed", True)


def test_findings_are_bounded() -> None:
    """A file of junk does not fill the memory: a hundred are kept, the rest counted."""
    walk = _walk([*_chain(2), *[b"junk\n"] * 5000])
    assert len(walk.findings) == 101
    assert walk.findings[-1].message == "4900 more findings"


def test_an_anchor_that_is_never_met_shows_a_cut_end() -> None:
    """Somebody remembers an event that is not there; or another one in its place."""
    lines = _chain(4)
    head = parse(lines[3][:-1])[0].hash
    assert _walk(lines, anchors={4: (head, "b")}).findings == []
    assert [finding.what for finding in _walk(lines[:3], anchors={4: (head, "b")}).findings] == ["truncated"]
    assert [finding.what for finding in _walk(lines, anchors={4: (GENESIS, "b")}).findings] == ["changed"]
