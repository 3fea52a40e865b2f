"""How classifications look to people and to machines."""

from __future__ import annotations

import json

import pytest

from interlock.cli._classify import answer
from interlock.cli._classify_show import Rows, show_json
from interlock.engine.classify import Classifier

CLASSIFIER = Classifier()


def test_people_see_tables_that_cannot_steer_their_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """What each text does and why it is dangerous; hostile text is written out; rows come in pieces."""
    rows = Rows()
    line = json.dumps({"id": "\x1b[2J[bold]\u202e", "text": "rm -rf src", "language": "shell"}).encode()
    rows.add(answer(CLASSIFIER, line, 1))
    rows.add(answer(CLASSIFIER, b"{", 2))
    assert capsys.readouterr().out == ""
    rows.show()
    out = capsys.readouterr().out
    for word in ("dangerous", "shell-recursive-delete", "destroy", "line 2", "not read", "[bold]"):
        assert word in out
    assert "\x1b" not in out
    assert "\u202e" not in out
    for number in range(100):
        rows.add(answer(CLASSIFIER, b'{"text": "ls", "language": "shell"}', number))
    assert capsys.readouterr().out.count("line ") == 100
    rows.show()
    assert capsys.readouterr().out == ""


def test_machines_get_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """One ASCII line an answer."""
    show_json(answer(CLASSIFIER, json.dumps({"id": "ü", "text": "ls ü", "language": "shell"}).encode(), 1))
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out)["id"] == "ü"
