"""How masked lines are shown."""

from __future__ import annotations

import pytest

from interlock.cli._mask import Answer
from interlock.cli._mask_show import show_json, show_plain
from interlock.model import Finding


def test_a_person_sees_what_was_masked_and_where(capsys: pytest.CaptureFixture[str]) -> None:
    """The masked document, the text, the findings; nothing can steer the terminal."""
    found = Finding("mask", "email", "/to", "high", "redact", "")
    show_plain(Answer(b"1", 1, b'{"to":"[redacted:email]\xe2\x80\xae"}', "a\x1b[31m", (found,)))
    show_plain(Answer(b"2", 2, b"{}"))
    show_plain(Answer(b"3", 3, error="the line\x07 is bad"))
    out = capsys.readouterr().out
    assert '1  {"to":"[redacted:email]\\u{202e}"}' in out
    assert "redact: email at /to (mask, high)" in out
    assert "nothing was masked" in out
    assert "the line\\u{7} is bad" in out
    assert "\x1b" not in out


def test_a_machine_gets_one_line_of_json(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """The document's own bytes, all else in ASCII."""
    show_json(Answer(b"[1]", 1, '{"é":1.0}'.encode(), "é"))
    assert capfdbinary.readouterr().out == '{"id":[1],"doc":{"é":1.0},"text":"\\u00e9","findings":[]}\n'.encode()
