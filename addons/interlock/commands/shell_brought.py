"""What a pipe brings from the network to a program that does what it is told there: SQL, manifests, lines to run.

`curl ... | sh` is judged with the shells. Here stand the other programs that run their input.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict, hosts

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge
    from interlock.commands.shell_tree import Simple

__all__ = ["brought"]

_FETCHERS = frozenset("curl wget fetch http https xh aria2c lynx w3m iwr irm".split())  # noqa: SIM905
_HOME = re.compile(r"(?:localhost|127\.[\d.]+|::1|0\.0\.0\.0|host\.docker\.internal)\Z")
_CLIENTS = frozenset(
    "psql mysql mariadb sqlite3 mongosh mongo cqlsh duckdb sqlcmd clickhouse-client parallel crontab at batch".split()  # noqa: SIM905
)
"""Programs that run all that comes in, unless they are told what to run."""
_TOLD = frozenset(("-c", "--command", "-e", "--execute", "--eval", "-q", "--query", "-l"))
_MANIFESTS = {"kubectl": ("apply", "create", "replace", "delete"), "oc": ("apply", "create", "replace"),
              "docker": ("load", "import", "build"), "podman": ("load", "import", "build", "play")}  # fmt: skip
_LANGUAGES = re.compile(r"(?:g|m|n)?awk\Z|(?:python|perl|ruby|node|php)[\d.]*\Z")
_RUNS_INPUT = re.compile(
    r"\b(?:exec|eval|compile|system|popen|subprocess|Function|instance_eval|runIn\w*Context|pickle|marshal|execSync|spawn\w*)\b"
    r"|\|\s*[\"'](?:ba|z|da)?sh\b|\|\s*getline"
)
"""A program that makes something run, which may be what it reads."""
_MAX_STAGES = 12


def brought(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Flags a call that runs what a pipe brings from another machine."""
    if call.simple.stdin.kind != "pipe" or not _runs_input(call) or "download-and-run" in verdict.flags:
        return
    if any(_fetches(one) for one in _sources(call.simple, judge)):
        verdict.unknown("download-and-run")


def _runs_input(call: Call) -> bool:
    texts = call.texts()
    if any(text.startswith("--dry-run") and not text.endswith("none") for text in texts):
        return False
    if call.name in _CLIENTS:
        return not _TOLD & set(texts)
    if call.name in _MANIFESTS:
        return any(text in _MANIFESTS[call.name] for text in texts[:4]) and (
            "-" in texts or "-f-" in texts or not any(text in ("-f", "-k", "-i", "--input") for text in texts)
        )
    if call.name == "xargs":
        return any(map(_LANGUAGES.match, texts)) and any(text in ("-c", "-e", "-r") for text in texts)
    return bool(_LANGUAGES.match(call.name)) and any(map(_RUNS_INPUT.search, texts))


def _sources(simple: Simple, judge: Judge) -> list[Simple]:
    found: list[Simple] = []
    todo = judge.feeders(simple)
    while todo and len(found) < _MAX_STAGES:
        one = todo.pop()
        found.append(one)
        todo.extend(judge.feeders(one) if one.stdin.kind == "pipe" else [])
    return found


def _fetches(simple: Simple) -> bool:
    texts = [word.text for word in simple.words]
    named = list(hosts(texts))
    return bool(texts) and texts[0].rpartition("/")[2] in _FETCHERS and not (named and all(map(_HOME.match, named)))
