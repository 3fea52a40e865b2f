"""`scripts/bench masks`: what masking costs, by the size of a document and by the turn of a conversation.

A document is masked by 20 path rules and all shipped detectors; the measure is what msgspec needs to decode the same
document. `mask` is a document of which five values are masked, whatever its size, `paths` and `detect` are one half of
the rules each, `clean` is a document in which nothing is found. A conversation grows by a tool's result every turn and
is masked whole every turn; the measure is what reading it strictly and digesting it cost. What is compared is measured
in turn, round after round, and the best round counts, so that a noisy machine is noisy for all of it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import track
from rich.table import Table

from interlock.masking import Masker, MaskRule, known_detectors
from interlock.model import JSON
from interlock.paths import compile_path
from interlock.protocols.body import read_json
from interlock.protocols.protected import protected

__all__ = ["PATHS", "document", "main", "turns"]

LIMIT_DOCUMENT = 25.0
LIMIT_TURN = 3.0
LIMIT_MS = {1 << 10: 0.15, 50 << 10: 4.0, 1 << 20: 80.0}
"""Milliseconds for a document of so many bytes, on a machine with two cores that does nothing else."""
_LONG = 10_000
"""Where it takes long enough to ask for it, the thread's own time counts, whatever else the machine does."""
_PARTS = ("path", "dete", "clea")
_FRAME = len(json.dumps({"orders": [], "page": 1, "remark": "", "note": "x" * 63})) - 1
_TURNS = (1, 10, 50, 100, 150, 200)
_KEY = b"a key that only this bench knows"
_WORDS = tuple(
    re.findall(
        "[a-z]+",
        "the order was shipped to the customer and an invoice with the total amount is due on delivery please write "
        "to the support if anything is missing or broken thank you for the patience with our new warehouse",
    )
)

PATHS = (
    "$..card.number", "$..iban", "$..ssn", "$.page", "$.orders[0].amount", "$..email", "$..address.street",
    "$..[?@.type=='ssn'].value", "$.orders[*].customer.tax", "$..['first','last']", "$..secret", "$..token",
    "$..birthday", "$..customer.vat", "$.orders[-1].id", "$..pin", "$..items[9].price", "$..phone", "$.a.b.c",
    "$..[?@.kind=='card' && @.test!=true].number",
)  # fmt: skip
"""20 rules of every kind; few of them select something, as it is in real answers."""


def document(size: int, *, clean: bool = False) -> bytes:
    """Orders as JSON, `size` bytes (few orders: more), with an address and a card in the middle; `clean`: with none."""
    chance, rows, rest = random.Random(size), list[dict[str, JSON]](), size - _FRAME  # noqa: S311 - test data
    while rest > 0:
        rows.append(_order(chance, len(rows)))
        rest -= len(json.dumps(rows[-1])) + 2
    if rest < 0 and len(rows) > 1:
        rest += len(json.dumps(rows.pop())) + 2
    filled = " ".join(chance.choices(_WORDS, k=max(rest, 0)))[: max(rest, 0)]
    if clean:
        return json.dumps({"rows": rows, "remark": filled}).encode()
    rows[len(rows) // 2]["note"] = "write to erika.mustermann@example.com about 4111 1111 1111 1111"
    return json.dumps({"orders": rows, "page": 1, "remark": filled}).encode()


def turns(count: int, each: int = 5000) -> list[tuple[bytes, JSON]]:
    """The requests of a conversation that grows by about `each` bytes a turn, and what they hold."""
    chance, messages = random.Random(count), list[JSON]()  # noqa: S311 - test data
    found: list[tuple[bytes, JSON]] = []
    for number in range(count):
        text = "\n".join(" ".join(chance.choices(_WORDS, k=12)) for _ in range(each // 72))
        if number % 5 == 0:
            text += f"\nfrom: user{number}@example.com"
        result: JSON = [{"type": "tool_result", "tool_use_id": f"toolu_{number}", "content": text}]
        call: JSON = [{"type": "tool_use", "id": f"toolu_{number + 1}", "name": "Read", "input": {"file_path": "/a"}}]
        messages += [{"role": "user", "content": result}, {"role": "assistant", "content": call}]
        body = json.dumps({"model": "m", "max_tokens": 1, "messages": messages}).encode()
        found.append((body, read_json(body)))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, then tables on a terminal, JSON elsewhere. 1 when something took longer than it may."""
    parser = argparse.ArgumentParser(prog="scripts/bench masks", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=7, help="interleaved rounds (default: 7)")
    parser.add_argument("--json", action="store_true", help="JSON even on a terminal")
    options = parser.parse_args(arguments)
    console = Console()
    report: dict[str, Any] = {
        "detectors": len(known_detectors()),
        "paths": len(PATHS),
        "by_size": _by_size(options.rounds),
        "by_turn": _by_turn(options.rounds),
        "limit_document": LIMIT_DOCUMENT,
        "limit_turn": LIMIT_TURN,
    }
    if options.json or not console.is_terminal:
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
    else:
        within = f"at most {LIMIT_DOCUMENT:g} times the measure, or limit ms"
        console.print(_table(f"Masking a document ({within})", "bytes", report["by_size"]))
        within = f"at most {LIMIT_TURN:g} times the measure"
        console.print(_table(f"Masking a conversation, whole, at a turn ({within})", "turn", report["by_turn"]))
    slow = [found for found in report["by_size"].values() if not found["within"]]
    slow += [found for turn, found in report["by_turn"].items() if turn >= _TURNS[2] and found["ratio"] > LIMIT_TURN]
    return 1 if slow else 0


def _by_size(rounds: int) -> dict[int, dict[str, float | bool]]:
    paths = [MaskRule(f"path-{number}", paths=(compile_path(text),)) for number, text in enumerate(PATHS)]
    detectors = [MaskRule("detectors", detect=tuple(sorted(known_detectors())))]
    maskers = {"mask": Masker(paths + detectors, _KEY), "paths": Masker(paths, _KEY), "detect": Masker(detectors, _KEY)}
    found: dict[int, dict[str, float | bool]] = {}
    for size, limit in track(LIMIT_MS.items(), "by size", console=Console(stderr=True), transient=True):
        body = document(size)
        read: JSON = msgspec.json.decode(body)
        work: dict[str, Callable[[], object]] = {"measure": partial(msgspec.json.decode, body)}
        work |= {name: partial(masker.json, body, read) for name, masker in maskers.items()}
        clean = document(size, clean=True)
        work["clean"] = partial(maskers["mask"].json, clean, msgspec.json.decode(clean))
        best = _best(work, rounds * max(1, (1 << 17) // size), time.thread_time if size >= _LONG else time.perf_counter)
        within = best["mask"] * 1e3 <= limit or best["mask"] <= LIMIT_DOCUMENT * best["measure"]
        found[len(body)] = {**_ratios(best), "limit_ms": limit, "within": within}
    return found


def _by_turn(rounds: int) -> dict[int, dict[str, float]]:
    masker = Masker([MaskRule("detectors", detect=tuple(sorted(known_detectors())))], _KEY)
    found: dict[int, dict[str, float]] = {}
    for number, (body, read) in enumerate(turns(max(_TURNS)), 1):
        # The turns in between are masked too, once: what is new in each of them is learnt.
        started = time.perf_counter()
        _mask(masker, body, read)
        first = time.perf_counter() - started
        if number in _TURNS:
            work: dict[str, Callable[[], object]] = {
                "measure": partial(_read, body),
                "mask": partial(_mask, masker, body, read),
            }
            best = _best(work, rounds, time.thread_time)
            found[number] = {"bytes": len(body), "first_ms": round(first * 1e3, 2), **_ratios(best)}
    return found


def _read(body: bytes) -> bytes:
    read_json(body)
    return hashlib.sha256(body).digest()


def _mask(masker: Masker, body: bytes, read: JSON) -> object:
    return masker.json(body, read, protected=protected(read))


def _best(work: Mapping[str, Callable[[], object]], rounds: int, clock: Callable[[], float]) -> dict[str, float]:
    best = dict.fromkeys(work, float("inf"))
    for run in work.values():
        run()  # what is learnt at first is not measured
    for _ in range(rounds):
        for name, run in work.items():
            started = clock()
            run()
            best[name] = min(best[name], clock() - started)
    return best


def _ratios(best: Mapping[str, float]) -> dict[str, float]:
    shown = {f"{name}_ms": round(took * 1e3, 4) for name, took in best.items()}
    others = {f"{name}_ratio": round(took / best["measure"], 1) for name, took in best.items()}
    return {**shown, "ratio": others["mask_ratio"], **{k: v for k, v in others.items() if k[:4] in _PARTS}}


def _order(chance: random.Random, number: int) -> dict[str, JSON]:
    items: list[JSON] = [
        {
            "sku": f"SKU-{chance.randrange(10**5)}",
            "quantity": chance.randrange(9),
            "price": chance.randrange(9999) / 100,
        }
        for _ in range(2)
    ]
    return {
        "id": f"order-{number:06d}",
        "created": f"2026-03-{number % 28 + 1:02d}T10:{number % 60:02d}:00Z",
        "open": chance.random() < 0.5,
        "amount": chance.randrange(10**6) / 100,
        "items": items,
        "customer": {"type": chance.choice(["person", "company"]), "note": " ".join(chance.choices(_WORDS, k=20))},
        "labels": [chance.choice(_WORDS) for _ in range(3)],
    }


def _table(title: str, first: str, report: Mapping[int, Mapping[str, Any]]) -> Table:
    table = Table(title=title)
    names = list(next(iter(report.values())))
    for heading in (first, *names):
        table.add_column(heading.replace("_", " "), justify="right")
    for key, found in report.items():
        table.add_row(f"{key:,}", *(_shown(found[name]) for name in names))
    return table


def _shown(value: float | bool) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else f"{value:,}"


if __name__ == "__main__":
    sys.exit(main())
