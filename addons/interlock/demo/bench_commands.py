"""`scripts/bench commands`: how long a command takes to understand by its size, and what hostile ones cost.

Sizes are measured in turn, round after round, so that a noisy machine is noisy for all of them. The growth is the
slope of log(time) over log(size): 1 is linear, 2 quadratic. It counts the sizes that are understood; larger texts are
refused. Hostile texts, and answers that are large in the worst way, must be read or refused in a quarter of a second.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from interlock import commands
from interlock.demo.hostile_answers import ANSWERS
from interlock.model import Access, Operation

__all__ = ["HOSTILE", "ORDINARY", "Ordinary", "growth", "main"]

LIMIT_MS = 250.0
_SIZES = tuple(1024 << step for step in range(6))
_unused = itertools.count()


@dataclass(frozen=True, slots=True)
class Ordinary:
    """A text that grows by a piece; `{}` in its head is a number, so that none is measured twice."""

    language: str
    head: str
    piece: str
    tail: str = ""

    def text(self, size: int) -> str:
        """A text of about `size` characters that was never made before."""
        head = self.head.format(next(_unused))
        return head + self.piece * max(1, (size - len(head) - len(self.tail)) // len(self.piece)) + self.tail


ORDINARY: Mapping[str, Ordinary] = {
    "sql list": Ordinary("sql", "SELECT a{} FROM t WHERE b IN ('x'", ", 'Hamburg'", ")"),
    "sql columns": Ordinary("sql", "SELECT a{}", ", t.name", " FROM t JOIN u ON t.id = u.id"),
    "sql comments": Ordinary("sql", "SELECT {}", " -- note\n"),
    "shell lines": Ordinary(
        "shell", "cd p{}\n", "grep -rn --include='*.py' --exclude-dir='build' -e 'needle' src/ lib/\n"
    ),
    "shell word": Ordinary("shell", "echo {}", "x"),
    "here-document": Ordinary("shell", "cat > f{} <<'EOF'\n", "some text\n", "EOF\n"),
    "inline python": Ordinary("shell", "python3 - <<'EOF'\nn = {}\n", "print(n + 1)\n", "EOF\n"),
}

_CLIENT = "mysql -e 'select {} from t where a = 1';".format  # the costliest statement: nothing runs it

HOSTILE: Mapping[str, tuple[str, Callable[[], str]]] = {
    "100,000 list items": ("sql", lambda: "SELECT 1 WHERE a IN (" + "1," * 100_000 + "1)"),
    "300 nested parentheses": ("sql", lambda: "SELECT " + "(" * 300 + "1" + ")" * 300),
    "5,000 nested parentheses": ("sql", lambda: "SELECT " + "(" * 5000 + "1" + ")" * 5000),
    "1 MB string": ("sql", lambda: "SELECT '" + "x" * (1 << 20) + "'"),
    "unterminated comments": ("sql", lambda: "SELECT 1 " + "/*" * 20_000),
    "unterminated dollar quotes": ("sql", lambda: "SELECT " + "$a$ $b$ " * 5000),
    "NOT NOT NOT": ("sql", lambda: "SELECT 1 WHERE " + "NOT " * 10_000 + "a"),
    "a + a + a": ("sql", lambda: "SELECT " + "a+" * 20_000 + "a"),
    "CASE in CASE": ("sql", lambda: "SELECT " + "CASE WHEN a THEN " * 60 + "1" + " END" * 60),
    "500 statements": ("sql", lambda: "SELECT 1;" * 500),
    "subqueries of subqueries": ("sql", lambda: "SELECT * FROM " + "(SELECT * FROM " * 55 + "t" + ") a" * 55),
    "1 MB word": ("shell", lambda: "echo " + "x" * (1 << 20)),
    "200 KB word": ("shell", lambda: "echo " + "x" * 200_000),
    "5,000 nested substitutions": ("shell", lambda: "echo " + "$(" * 5000 + ")" * 5000),
    "100,000 words": ("shell", lambda: "echo " + "x " * 100_000),
    "braces of braces": ("shell", lambda: "echo " + "{a,b}" * 40),
    "variables that double": ("shell", lambda: "a=xx; " + "a=$a$a; " * 60 + "$a"),
    "10,000 unclosed quotes": ("shell", lambda: "echo " + "'\"" * 10_000),
    "5,000 pipes": ("shell", lambda: "cat " + "| cat " * 5000),
    "5,000 here-documents": ("shell", lambda: "cat <<A\n" * 5000),
    "sh -c of sh -c": ("shell", lambda: _nested_shell(12)),
    "backslashes": ("shell", lambda: "echo " + "\\" * 100_000 + "a"),
    "a pipe at the end of 10,000": ("shell", lambda: "ls|" * 10_000),
    "40,000 brackets": ("shell", lambda: "[a] " * 10_000),
    "40,000 open braces": ("shell", lambda: "echo " + "{" * 15_000),
    "lists of open braces": ("shell", lambda: "echo " + "{a,{b," * 2500),
    "5,000 assignments": ("shell", lambda: "a=1;" * 5000),
    "values of one form": ("shell", lambda: "curl -d '" + "a=b&" * 8000 + "' http://a.example/"),
    "variables of variables": ("shell", lambda: "a0=x;" + "".join(f"a{n + 1}=$a{n}$a{n};" for n in range(60)) + "$a60"),
    "a path of 60,000 steps": ("shell", lambda: "a/" * 60_000 + "x -rf y"),
    "a script run 90 times": ("shell", lambda: "cat >s <<'E'\n" + "ls\n" * 400 + "E\n" + "sh s;" * 90),
    "SQL run 90 times": ("shell", lambda: "cat >s <<'E'\n" + "select 1;\n" * 200 + "E\n" + "psql -f s;" * 90),
    "Python run 90 times": ("shell", lambda: "cat >s.py <<'E'\n" + "x = 1\n" * 500 + "E\n" + "python3 s.py;" * 90),
    "490 statements in clients": ("shell", lambda: "".join(map(_CLIENT, range(490)))),
    "1,000 sums in JavaScript": ("shell", lambda: "node -e '" + "x=x+x;" * 1000 + "'"),
    "quotes of Perl": ("shell", lambda: "perl -e 'tr," + "\\a" * 1900 + "'"),
    "tabs behind a sign": ("shell", lambda: "node -e '&a=" + "\t" * 20_000 + "'"),
    "200 loops over 50 words": ("shell", lambda: ("for v in " + "w " * 50 + "; do ls; done\n") * 200),
    "60,000 words for xargs": ("shell", lambda: "xargs rm <<E\n" + "a " * 60_000 + "\nE\n"),
    "400 joins": ("sql", lambda: "select 1 from t " + "join u " * 430 + "on a = b"),
    "250 alternatives": ("sql", lambda: "delete from t where a = 1" + " or a < now()" * 250),
    "30,000 lines for cmd": ("cmd", lambda: "\n" * 30_000),
}  # fmt: skip
"""Name -> language and text."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, then tables on a terminal, JSON elsewhere. 1 when a hostile text took longer than it may."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench commands", description=__doc__.split("\n\n")[0] if __doc__ else ""
    )
    parser.add_argument("--rounds", type=int, default=7, help="interleaved rounds (default: 7)")
    parser.add_argument("--json", action="store_true", help="JSON even on a terminal")
    options = parser.parse_args(arguments)
    console = Console()
    _run("sql", "SELECT 1")
    _run("shell", "python3 -c 'print(1)'")
    report: dict[str, Any] = {
        "by_size": _by_size(options.rounds),
        "hostile": _hostile(min(3, options.rounds)),
        "answers": _answers(min(3, options.rounds)),
        "limit_ms": LIMIT_MS,
    }
    if options.json or not console.is_terminal:
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
    else:
        console.print(_sizes_table(report["by_size"]), _hostile_table(report["hostile"] | report["answers"]))
    hostile = [*report["hostile"].values(), *report["answers"].values()]
    return 1 if any(found["ms"] > LIMIT_MS for found in hostile) else 0


def growth(sizes: Sequence[float], times: Sequence[float]) -> float:
    """The slope of log(time) over log(size), by least squares."""
    xs, ys = [math.log(size) for size in sizes], [math.log(took) for took in times]
    return statistics.linear_regression(xs, ys).slope


def _by_size(rounds: int) -> dict[str, Any]:
    taken: dict[tuple[str, int], list[float]] = {}
    refused: set[tuple[str, int]] = set()
    for _ in track(range(rounds), "by size", console=Console(stderr=True), transient=True):
        for (name, ordinary), size in itertools.product(ORDINARY.items(), _SIZES):
            took, found = _run(ordinary.language, ordinary.text(size), "postgres")
            taken.setdefault((name, size), []).append(took)
            if _refused(found):
                refused.add((name, size))
    report: dict[str, Any] = {}
    for name in ORDINARY:
        medians = [statistics.median(taken[name, size]) for size in _SIZES]
        read = [at for at, size in enumerate(_SIZES) if (name, size) not in refused]
        report[name] = {
            "understood": [_SIZES[at] for at in read],
            "us": {size: round(took * 1e6) for size, took in zip(_SIZES, medians, strict=True)},
            "growth": round(growth([_SIZES[at] for at in read], [medians[at] for at in read]), 2) if read[1:] else None,
        }
    return report


def _hostile(rounds: int) -> dict[str, Any]:
    report: dict[str, Any] = {}
    for name, (language, make) in track(HOSTILE.items(), "hostile", console=Console(stderr=True), transient=True):
        runs = [_run(language, make() + " " * nth) for nth in range(rounds)]
        report[name] = {
            "language": language,
            "ms": round(min(took for took, _ in runs) * 1e3, 2),
            "refused": all(_refused(found) for _, found in runs),
        }
    return report


def _answers(rounds: int) -> dict[str, Any]:
    report: dict[str, Any] = {}
    for name, read in track(ANSWERS.items(), "answers", console=Console(stderr=True), transient=True):
        taken = []
        for _ in range(rounds):
            started = time.perf_counter()
            refused = read()
            taken.append(time.perf_counter() - started)
        report[name] = {"language": "answer", "ms": round(min(taken) * 1e3, 2), "refused": refused}
    return report


def _run(language: str, text: str, dialect: str = "") -> tuple[float, tuple[Operation, ...]]:
    started = time.perf_counter()
    found = commands.analyse(text, language, dialect if language == "sql" else "")
    return time.perf_counter() - started, found


def _refused(found: Sequence[Operation]) -> bool:
    return any(part.access is Access.UNKNOWN for operation in found for part in operation.walk())


def _nested_shell(depth: int) -> str:
    text = "ls"
    for _ in range(depth):
        text = "sh -c '" + text.replace("'", "'\\''") + "'"
    return text


def _sizes_table(report: Mapping[str, Any]) -> Table:
    table = Table(title="Time to understand a command, in microseconds (growth 1 is linear)")
    table.add_column("text")
    for size in _SIZES:
        table.add_column(f"{size >> 10} KiB", justify="right")
    table.add_column("growth", justify="right")
    for name, found in report.items():
        shown = (f"{took:,}" if size in found["understood"] else "refused" for size, took in found["us"].items())
        table.add_row(name, *shown, str(found["growth"]))
    return table


def _hostile_table(report: Mapping[str, Any]) -> Table:
    table = Table(title=f"Hostile texts (at most {LIMIT_MS:.0f} ms each)")
    for heading in ("text", "language", "verdict"):
        table.add_column(heading)
    table.add_column("ms", justify="right")
    for name, found in report.items():
        verdict = "refused" if found["refused"] else "understood"
        table.add_row(name, found["language"], verdict, f"{found['ms']:,.1f}")
    return table


if __name__ == "__main__":
    sys.exit(main())
