"""What is shown to people cannot steer their terminal, and nothing of it is lost."""

from __future__ import annotations

import json

import pytest

from interlock.cli._show import console, json_line, plain, table


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 漢 🙂", "plain é 漢 🙂"),
        ("\x1b[2J", "\\u{1b}[2J"),
        ("a\r\n\tb", "a\\u{d}\\u{a}\\u{9}b"),
        ("\u202e\u2066\u200b\ufeff\x9b", "\\u{202e}\\u{2066}\\u{200b}\\u{feff}\\u{9b}"),
        ("\udcff\u2028", "\\u{dcff}\\u{2028}"),
        (7, "7"),
    ],
)
def test_only_printable_characters_stand_for_themselves(text: object, shown: str) -> None:
    """Control characters, direction marks, invisible and broken ones are written out."""
    assert plain(text) == shown


def test_json_is_ascii_on_one_line() -> None:
    """It can be printed anywhere and reads back the same."""
    value = {"a": "\x1b\u202e\u2028\n"}
    line = json_line(value)  # type: ignore[arg-type]
    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line) == value


def test_a_table_folds_and_cuts_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Every character is there at any width; markup and emoji names stay text."""
    monkeypatch.setenv("COLUMNS", "40")
    console().print(table(("id", "what"), [("0123456789" * 6, "[red]x[/] :boom: " + "y" * 50)], title="[b]t"))
    joined = "".join(capsys.readouterr().out.split())
    assert joined.count("y") == 50
    assert joined.startswith("[b]t")
    assert sum(joined.count(digit) for digit in "0123456789") == 60
    for part in ("[red]x[/]", ":boom:"):
        assert part in joined
