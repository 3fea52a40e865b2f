"""Nested commands say where in the outermost text they stand."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.commands import analyse
from interlock.model import Operation
from interlock.model.places import offset

WRAPS = (
    "bash -c {}", "sudo sh -c {}", "env A=1 bash -c {}", "ä=1; bash -c {}", "ls; (timeout 5 sh -c {})",
    "find . -exec sh -c {} \\;", "ssh host.example {}", "echo x | sh -c {}", "if true; then\n  nohup zsh -c {}\nfi",
)  # fmt: skip
INNER = ("ls -l", "rm -rf x", "cat a | grep b", "curl -X DELETE https://api.example/x", "git push --force", "true")


def nodes(text: str, language: str = "shell") -> list[Operation]:
    """All operations of a text, outermost first."""
    return [one for operation in analyse(text, language) for one in operation.walk()]


@given(st.lists(st.sampled_from(WRAPS), min_size=1, max_size=3), st.sampled_from(INNER))
@settings(max_examples=60, deadline=None)
def test_what_was_judged_stands_at_its_offset(wraps: list[str], inner: str) -> None:
    """However commands are wrapped: at each offset the operation's own text begins, but for what was quoted in it."""
    text = inner
    for wrap in wraps:
        text = wrap.format(shlex.quote(text))
    found = nodes(text)
    for one in found:
        at = offset(one)
        assert "at" in one.arguments
        assert text[at:].startswith(one.text.split("'")[0]) or text[at] in "'\"", (one, text)
    assert [one for one in found if text[offset(one) :].startswith(inner)] or len(wraps) > 2


@pytest.mark.parametrize(
    ("text", "name", "at", "stands"),
    [
        ('psql -c "drop table x"', "sql.ddl", 9, "drop table x"),
        ("mysql -e'drop table t'", "sql.ddl", 9, "drop table t"),
        ("psql <<EOF\nselect 1;\nEOF\n", "sql.read", 11, "select 1;"),
        ("cat <<'E' | sh\nrm -rf x\nE\n", "shell.destroy", 15, "rm -rf x"),
        ("psql <<< 'drop table x'", "sql.ddl", 10, "drop table x"),
        ("echo 'drop table x' | psql", "sql.ddl", 6, "drop table x"),
        ("printf 'rm -rf z' > a.sh; sh a.sh", "shell.destroy", 8, "rm -rf z"),
        ("python -c \"import os; os.system('rm -rf x')\"", "shell.destroy", 0, "python"),
        ("true; curl https://a.example/x", "http.get", 6, "curl https://a.example/x"),
        ("kubectl exec p -- psql -c 'delete from t'", "sql.write", 27, "delete from t"),
        ("powershell -c 'Remove-Item -Recurse x'", "shell.destroy", 15, "Remove-Item"),
        ("bash -c bash", "shell.unknown", 8, "bash"),
        ("ä=ö; bash -c 'rm -rf é'", "shell.destroy", 14, "rm -rf é"),
        # Texts that stand nowhere as they are: where the word begins that they came from, or the command.
        (r'psql -c "drop table \"a\""', "sql.ddl", 8, r'"drop table \"a\""'),
        ("X='rm -rf y'; sh -c \"$X\"", "shell.destroy", 20, '"$X"'),
        ("true; eval rm '-rf' x", "shell.destroy", 6, "eval rm"),
        ("true; powershell -enc UgBlAG0AbwB2AGUALQBJAHQAZQBtACAALQByACAAeAA=", "shell.destroy", 6, "powershell"),
    ],
)
def test_nested_texts_say_where_they_stand(text: str, name: str, at: int, stands: str) -> None:
    """An offset in characters of the outermost text."""
    (found, *_) = [one for one in nodes(text) if one.name == name]
    assert offset(found) == at
    assert text[at:].startswith(stands)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("select 1; drop table x", "sql"),
        ("Get-Content a; git reset --hard; iwr https://a.example", "powershell"),
        ("dir & git clean -fdx", "cmd"),
        ("$(", "shell"),
        ("", "shell"),
        ("anything", "cobol"),
    ],
)
def test_every_operation_of_every_language_has_an_offset(text: str, language: str) -> None:
    """What is not understood too, and what another language runs."""
    assert all(type(one.arguments.get("at")) is int for one in nodes(text, language))


@pytest.mark.parametrize(
    ("text", "language", "stands"),
    [
        ("Get-Content a; git reset --hard", "powershell", ["Get-Content a", "git reset --hard", "git reset --hard"]),
        ("if ($x) { Remove-Item -r y }", "powershell", ["if", "$x", "Remove-Item -r y "]),
        ("# first\nls | iwr https://a.example", "powershell", ["ls", "iwr https://a.example", "iwr https://a.example"]),
        ("dir & del /s x", "cmd", ["dir", "del /s x"]),
        ("@echo off\nset D=rd\n%D% /s x", "cmd", ["@echo off", "set D=rd", "%D% /s x"]),
    ],
)
def test_statements_of_windows_say_where_they_stand(text: str, language: str, stands: list[str]) -> None:
    """What a program of theirs does stands where the statement begins; so does one that variables filled in."""
    found = nodes(text, language)

    assert [text[offset(one) :][: len(stand)] for one, stand in zip(found, stands, strict=True)] == stands
    assert all(one.text == text[offset(one) :][: len(one.text)] for one in found if "%" not in text)


def test_an_offset_deep_inside_is_that_of_the_outermost_text() -> None:
    """A text that was analysed before, at another place, is moved and not read again."""
    inner = "psql -c 'drop table deep'"
    assert [offset(one) for one in nodes(inner)] == [0, 9]
    text = f'true; bash -c "{inner}"'
    found = [one for one in nodes(text) if one.name == "sql.ddl"]
    assert [text[offset(one) :] for one in found] == ["drop table deep'\""]
    assert [offset(one) for one in nodes(inner)] == [0, 9]
