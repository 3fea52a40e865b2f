"""Texts that a cloud's command line carries to a machine or a database elsewhere: commands for a shell, and SQL.

`gcloud compute ssh web-1 --command='...'`, `aws ssm send-command --parameters commands='["..."]'`,
`az vm run-command invoke --scripts '...'`, `aws athena start-query-execution --query-string '...'`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["remote_texts"]

_SHELL = {
    "aws": ("--parameters", "--command", "--commands"),
    "gcloud": ("--command", "--metadata"),
    "az": ("--scripts", "--exec-command", "--command-line", "--command"),
    "doctl": ("--ssh-command",),
    **dict.fromkeys(("flyctl", "fly"), ("-C", "--command")),
    "eb": ("-c", "--command"),
}
"""Options whose word a shell elsewhere runs."""
_SQL = {
    "aws": ("--query-string", "--sql", "--sqls", "--statement", "--sql-statement"),
    "gcloud": ("--sql", "--ddl"),
    "az": ("--querytext",),
}
"""Options whose word a database elsewhere runs."""
_COMMANDS = re.compile(r"(?:\{?\s*[\"']?commands?[\"']?\s*[=:]\s*)(.*?)\}?\s*\Z", re.DOTALL | re.IGNORECASE)
_SCRIPT = re.compile(r"(?:startup|shutdown)-script=(.*)\Z", re.DOTALL)
_MAX_TEXTS = 20


def remote_texts(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Judges what a call of a cloud's command line has run elsewhere; what the run decides is not understood."""
    for word in _given(call, _SHELL.get(call.name, ())):
        for text in _commands(word.text):
            if word.dynamic:
                verdict.unknown("dynamic")
            verdict.nested += judge.nest(text, "shell")
    split = call.texts().index("--") + 1 if call.name == "gcloud" and "--" in call.texts() else 0
    if 0 < split < len(call.args) and "ssh" in call.texts()[:split]:
        verdict.nested += judge.nest(" ".join(word.text for word in call.args[split:]), "shell")
    for word in _given(call, _SQL.get(call.name, ())):
        if word.dynamic:
            verdict.unknown("dynamic")
        elif " " in word.text.strip():
            verdict.nested += judge.nest(word.text, "sql")


def _given(call: Call, options: tuple[str, ...]) -> list[Word]:
    """The words that options are given, behind them or behind `=`."""
    found: list[Word] = []
    for at, word in enumerate(call.args):
        name, joined, value = word.text.partition("=")
        if joined and name in options:
            found.append(Word(value, word.dynamic))
        elif word.text in options and at + 1 < len(call.args):
            found.append(call.args[at + 1])
    return found[:_MAX_TEXTS]


def _commands(text: str) -> list[str]:
    """The commands in a word: itself, those of a member `commands`, a list of JSON, or a script among metadata."""
    if script := _SCRIPT.search(text):
        return [script[1]]
    if re.match(r"[\w-]+=", text) and not _COMMANDS.match(text):
        return []  # other metadata
    member = _COMMANDS.match(text)
    text = member[1] if member else text
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        listed = None
    if isinstance(listed, list):
        return [one for one in listed if isinstance(one, str)][:_MAX_TEXTS]
    return [text.strip("[]") if member else text]
