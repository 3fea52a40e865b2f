"""What rules would match in recorded calls: values they would mask, operations they would stop.

Recordings are masked already, so what a masking rule finds in them are its own marks, and values that it would mask
now and nobody masked then. Whoever called is not asked: of a rule that forbids, what it speaks about counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from interlock.engine.judge import Judge
from interlock.engine.recorded_call import RecordedCall, looking
from interlock.engine.rules import Rules
from interlock.errors import InterlockError
from interlock.masking import Masker, MaskRule, MaskStream
from interlock.masking.rules import applicable, detectors_of
from interlock.masking.thoughts import mask_document
from interlock.model import JSON, Effect, Finding, Operation, Origin
from interlock.policy import BlockRule
from interlock.policy.block_text import fold
from interlock.protocols.body import read_json
from interlock.recording.flow_reading import RecordedFlow
from interlock.settings import Connection

__all__ = ["Seen", "Survey", "survey"]

_KEY = bytes(32)
_MARK = re.compile(rb"<([a-z0-9-]+):(?:[A-Z2-7]{16}|[0-9a-f]{16})>|\[redacted:([a-z0-9-]+)\]")


@dataclass(slots=True)
class Seen:
    """One rule (`masking`, `blocklist` or `forbid`): the marks it left, what it would match now, and in how many calls.

    `example` is where the first new match stands: a flow's id and a place.
    """

    rule: str
    kind: str
    masked: int = 0
    fresh: int = 0
    calls: int = 0
    example: str = ""


@dataclass(slots=True)
class Survey:
    """All rules over some recorded calls; `elsewhere` went to no connection of the rules, `unread` cannot be read."""

    calls: int = 0
    elsewhere: int = 0
    unread: int = 0
    seen: dict[tuple[str, str], Seen] = field(default_factory=dict)


def survey(rules: Rules, flows: Iterable[tuple[RecordedFlow, str]]) -> Survey:
    """Look at flows, each with the connection it was recorded for (empty: told by its origin). Never raises for one."""
    found = Survey()
    blocklist = rules.policy.blocklist
    for kind, names in (
        ("masking", [rule.id for rule in rules.masking]),
        ("blocklist", [rule.id for rule in blocklist.rules] if blocklist is not None else []),
        ("forbid", [rule.id for rule in rules.policy.rules if rule.effect is Effect.FORBID]),
    ):
        found.seen |= {(kind, name): Seen(name, kind) for name in names}
    judge = Judge(rules)
    maskers = {rule.id: (Masker([rule], _KEY), _labels(rule)) for rule in rules.masking}
    for flow, name in flows:
        found.calls += 1
        connection = _connection(rules, flow, name)
        if connection is None:
            found.elsewhere += 1
            continue
        call = RecordedCall(judge, connection, flow)
        try:
            _blocking(rules, call, found)
            for rule in rules.masking:
                _masking(rule, *maskers[rule.id], call, found)
        except (InterlockError, RecursionError, TimeoutError):
            found.unread += 1
    return found


def _connection(rules: Rules, flow: RecordedFlow, name: str) -> Connection | None:
    known = rules.connection(name) if name else None
    if known is not None:
        return known
    origin = Origin(flow.scheme, flow.host, flow.port)
    return next((one for one in rules.connections if origin in one.origins), None)


# -- what would be stopped


def _blocking(rules: Rules, call: RecordedCall, found: Survey) -> None:
    name = call.connection.name
    matched: dict[tuple[str, str], list[Operation]] = {}
    blocklist = rules.policy.blocklist
    entries = blocklist.rules if blocklist is not None else ()
    for operation, agent in call.operations():
        for entry in entries:
            if entry.applies(name, agent) and (_says(entry, operation) or entry.names(operation)):
                matched.setdefault(("blocklist", entry.id), []).append(operation)
        for rule in rules.policy.rules:
            there = rule.everywhere or (rule.agent if agent else name in rule.on)
            if rule.effect is not Effect.FORBID or not there:
                continue
            if any(
                pattern.protocol in (operation.protocol, "*") and pattern.matches(operation.action, operation.resource)
                for pattern in rule.patterns
            ):
                matched.setdefault(("forbid", rule.id), []).append(operation)
    for key, operations in matched.items():
        _note(found.seen[key], len(operations), 0, f"{call.flow.id} {operations[0].name}")


def _says(entry: BlockRule, operation: Operation) -> bool:
    """Whether an entry that looks for a text finds it in a command."""
    searches = entry.pattern is not None and "commands" in entry.scopes and bool(operation.text)
    return searches and entry.pattern is not None and entry.pattern.found(fold(operation.text))


def _note(seen: Seen, fresh: int, masked: int, example: str) -> None:
    seen.calls += bool(fresh or masked)
    seen.masked += masked
    if fresh and not seen.example:
        seen.example = example
    seen.fresh += fresh


# -- what would be masked


def _masking(rule: MaskRule, masker: Masker, labels: frozenset[bytes], call: RecordedCall, found: Survey) -> None:
    flow, name = call.flow, call.connection.name
    new: list[Finding] = []

    def document(body: bytes, told: JSON = None) -> bytes:
        read = read_json(body) if told is None else told
        protect = call.adapter.protected
        new.extend(one for one in mask_document(masker, body, read, protect).findings if not _is_mark(read, one.place))
        return body

    streams: list[MaskStream] = []

    def text() -> MaskStream:
        streams.append(masker.stream())
        return streams[-1]

    masked = 0
    if call.adapter.model and flow.body and _applies(rule, name, "model-requests"):
        document(flow.body)
        masked += _marks(flow.body, labels)
    if flow.answer and _applies(rule, name, "responses"):
        call.answer(looking(document=document, text=text, own=document))
        masked += _marks(flow.answer, labels)
    new += [one for stream in streams for one in stream.findings]
    example = f"{flow.id} {new[0].detector} {new[0].place}" if new else ""
    _note(found.seen["masking", rule.id], len(new), masked, example)


def _applies(rule: MaskRule, connection: str, place: str) -> bool:
    return bool(applicable((rule,), connection, place, named=(rule.id,)))


def _labels(rule: MaskRule) -> frozenset[bytes]:
    known = detectors_of([rule])
    kinds = {known[name].kind or name for name in rule.detect if name in known}
    return frozenset(label.encode() for label in (rule.id, *rule.detect, *kinds))


def _marks(body: bytes, labels: frozenset[bytes]) -> int:
    return sum((match[1] or match[2]) in labels for match in _MARK.finditer(body))


def _is_mark(document: JSON, place: str) -> bool:
    """Whether what stands at a place is a mark already."""
    for part in place.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            document = document[int(name)] if type(document) is list else document[name]  # type: ignore[index, call-overload]
        except (KeyError, IndexError, TypeError, ValueError):
            return False
    return type(document) is str and _MARK.fullmatch(document.encode("utf-8", "replace")) is not None
