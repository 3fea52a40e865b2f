"""The corpus of texts with and without sensitive values: made from a seed, and written by hand.

Every value's place is known because the text was put together around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from tests.corpora.detect_negatives import NEGATIVES
from tests.corpora.detect_values import KINDS

__all__ = ["Case", "Label", "cases"]

_SEED = 20261122
_EACH, _NONE_EACH, _ROWS = 24, 24, 120
_WRITTEN = tuple(
    Path(__file__).parent / "detect" / name
    for name in ("written.txt", "fresh.txt", "kinds.txt", "ways.txt", "made.txt")
)
_OPEN, _CLOSE = "\ue000", "\ue001"


@dataclass(frozen=True, slots=True)
class Label:
    """A value's place, in code points, and its kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Case:
    """A text and all values in it."""

    text: str
    labels: tuple[Label, ...]
    context: str


def _escaped(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


_CONTEXTS: dict[str, Callable[[str, str], str]] = {
    "prose": lambda name, value: f"As agreed yesterday, the {name}: {value}. Please confirm by Friday.",
    "brackets": lambda name, value: f"The new {name} ({value}) is in the file.",
    "json": lambda name, value: f'{{"id": 17, "{name}": "{value}", "active": true}}',
    "json-tight": lambda name, value: f'{{"a":null,"{name}":"{value}"}}',
    "json-in-json": lambda name, value: f'{{"body": "{{\\"{name}\\": \\"{value}\\"}}"}}',
    "csv": lambda name, value: f"id,{name},state\n17,{value},open\n",
    "semicolons": lambda name, value: f"{name};state\n{value};open\n",
    "log": lambda name, value: f"2026-11-22T08:50:12.123Z INFO worker-3 {name}={value} took 12ms",
    "code": lambda name, value: f'    {name.replace(" ", "_")} = "{value}"  # set by hand\n',
    "sql": lambda name, value: f" id | {name} \n----+-----\n 17 | {value}\n(1 row)\n",
    "markdown": lambda name, value: f"- **{name}**: `{value}`\n- nothing else\n",
    "html": lambda name, value: f"<tr><td>{name}</td><td>{value}</td></tr>",
    "yaml": lambda name, value: f"{name.replace(' ', '_')}: {value}\nstate: open\n",
    "env": lambda name, value: f"export {name.replace(' ', '_').upper()}='{value}'\n",
    "quoted": lambda name, value: f"> {name} “{value}”, he wrote",
    "cjk": lambda name, value: f"请查看{name}:{value},谢谢",
}
_LINES = {"private-key": ("prose", "markdown")}
_NAMES = {
    "email": "mail", "phone": "phone", "credit-card": "card", "iban": "account", "ipv4": "client", "ipv6": "peer",
    "mac-address": "device", "us-ssn": "SSN", "private-key": "key file", "jwt": "session",
}  # fmt: skip


def _case(text: str, context: str, kinds: list[str]) -> Case:
    """A text with marks around its values; the marks go, their places stay."""
    labels: list[Label] = []
    plain = ""
    for number, piece in enumerate(re.split(f"[{_OPEN}{_CLOSE}]", text)):
        if number % 2:
            labels.append(Label(len(plain), len(plain) + len(piece), kinds[number // 2]))
        plain += piece
    return Case(plain, tuple(labels), context)


def _marked(value: str) -> str:
    return _OPEN + value + _CLOSE


def _made() -> Iterator[Case]:
    random = Random(_SEED)
    for kind, (make, names) in KINDS.items():
        contexts = _LINES.get(kind, tuple(_CONTEXTS))
        for number in range(_EACH):
            context = contexts[number % len(contexts)]
            name = random.choice(names) if names else _NAMES.get(kind, "value")
            value = make(random)
            if context in ("cjk", "quoted") and kind == "date-of-birth":
                context = "prose"
            yield _case(_CONTEXTS[context](name, _marked(value)), context, [kind])
    for make in NEGATIVES.values():
        for number in range(_NONE_EACH):
            context = tuple(_CONTEXTS)[number % len(_CONTEXTS)]
            yield Case(_CONTEXTS[context]("ref", make(random)), (), context)
    known = [kind for kind, (_, names) in KINDS.items() if not names and kind != "private-key"]
    for _ in range(_ROWS):
        kinds = random.choices(known, k=random.randint(2, 5))
        gap = random.choice([", ", "; ", "\n", "\t", " | ", ",", " and "])
        yield _case(gap.join(_marked(KINDS[kind][0](random)) for kind in kinds), "row", kinds)


def _written() -> Iterator[Case]:
    """One case a line: `«kind:value»` marks a value, `\\n` is a line's end and `\\\\` a backslash."""
    for path in _WRITTEN:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("# "):
                text = line.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\")
                kinds = re.findall(r"«([a-z0-9-]+):", text)
                marked = re.sub(r"«[a-z0-9-]+:(.*?)»", rf"{_OPEN}\1{_CLOSE}", text, flags=re.DOTALL)
                yield _case(marked, path.stem, kinds)


@cache
def cases() -> tuple[Case, ...]:
    """The whole corpus, the same every time."""
    return (*_made(), *_written())
