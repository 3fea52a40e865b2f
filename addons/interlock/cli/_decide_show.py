"""How `interlock decide` shows an answer: a line of JSON for machines, a tree of operations for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interlock.cli._decide import Answer
from interlock.engine.trial import Verdict
from interlock.model import JSON, Effect, Operation
from interlock.model.places import CALLERS, offset
from interlock.policy import Judged, Rule

if TYPE_CHECKING:
    from rich.tree import Tree

__all__ = ["show_json", "show_tree"]


def show_json(answer: Answer) -> None:
    """One line of JSON, written out at once: whoever asks may be waiting for it."""
    import sys

    from interlock.cli._show import json_line

    sys.stdout.write(json_line(_document(answer)) + "\n")
    sys.stdout.flush()


def _document(answer: Answer) -> dict[str, JSON]:
    if answer.verdict is None:
        return {"id": answer.id, "error": answer.error, "line": answer.line}
    decision = answer.verdict.decision
    said = _said(answer.verdict)
    operations: list[JSON] = [_operation(operation, said) for operation in answer.verdict.operations]
    reports: list[JSON] = [
        {"rule": entry.rule, "decision": entry.effect.name.lower(), "reason": str(entry.reason)}
        for entry in decision.reports
    ]
    found: dict[str, JSON] = {
        "id": answer.id,
        "decision": decision.effect.name.lower(),
        "reason": str(decision.reason),
        "rule": decision.rule,
        "operations": operations,
    }
    if decision.remedy:
        found["remedy"] = decision.remedy
    if answer.verdict.asking:
        found["reviews"] = [_asking(rule) for rule in answer.verdict.asking]
        found["hold"] = answer.verdict.hold
    if decision.masks:
        found["masks"] = [*sorted(decision.masks)]
    return found | ({"reports": reports} if reports else {})


def _asking(rule: Rule) -> JSON:
    """A rule that wants a person: who may approve, for how long the question stands, and how far it may be widened."""
    return {
        "rule": rule.id,
        "by": rule.by.says if rule.by is not None else "",
        "people": rule.by.people if rule.by is not None else 1,
        "expires": rule.expires,
        "grant": rule.grant,
    }


type _Said = dict[int, Judged]


def _said(verdict: Verdict) -> _Said:
    """What is said about each operation, by its identity: equal operations may stand at several places."""
    return {id(judged.operation): judged for judged in verdict.judged}


def _operation(operation: Operation, said: _Said) -> JSON:
    nested: list[JSON] = [_operation(inner, said) for inner in operation.nested]
    found: dict[str, JSON] = {
        "name": operation.name,
        "access": operation.access.name.lower(),
        "resource": operation.resource,
        "place": operation.place,
        "arguments": dict(operation.arguments),
    }
    judged = said.get(id(operation))
    if judged is not None:
        found |= {"decision": judged.effect.name.lower(), "reason": str(judged.reason), "rule": judged.rule}
    if operation.agent:
        found["on"] = "agent"
    return found | ({"operations": nested} if nested else {})


def show_tree(answer: Answer) -> None:
    """The decision and what led to it, for a person."""
    from rich.text import Text
    from rich.tree import Tree

    from interlock.cli._show import console, plain

    label = plain(f"{answer.id if answer.id is not None else f'line {answer.line}'}: ")
    if answer.verdict is None:
        console().print(Text(label).append(plain(answer.error), "bold red"))
        return
    decision = answer.verdict.decision
    style = "green" if decision.permits else "bold red"
    rule = f", rule {decision.rule}" if decision.rule else ""
    tree = Tree(Text(label).append(decision.effect.name.lower(), style).append(plain(f" ({decision.reason}{rule})")))
    said = _said(answer.verdict)
    for operation in answer.verdict.operations:
        _grow(tree, operation, decision.operation, said)
    for asking in answer.verdict.asking:
        tree.add(Text(plain(_asks(asking, answer.verdict.hold)), "yellow"))
    if decision.remedy:
        tree.add(Text(plain(decision.remedy), "italic"))
    console().print(tree)


def _asks(rule: Rule, hold: float) -> str:
    """The same as a sentence."""
    by = rule.by
    who = f"{by.people} of {by.says}" if by is not None else "nobody"
    held = f"held {hold:g} s, then a ticket" if hold else "a ticket at once"
    grant = f", may be granted for {rule.grant:g} s" if rule.grant else ""
    return f"rule {rule.id} asks {who}: {held}, open for {rule.expires:g} s{grant}"


def _grow(tree: Tree, operation: Operation, deciding: Operation | None, said: _Said) -> None:
    """One operation: what it is, what is said about it alone and by which rule, its flags, its place, the rest."""
    from rich.text import Text

    from interlock.cli._show import json_line, plain

    flags = operation.arguments.get("flags")
    own = ("flags",) if operation.protocol in CALLERS else ("flags", "at")
    details: dict[str, JSON] = {
        name: value
        for name, value in operation.arguments.items()
        if name not in own and value is not None and value not in ([], "")
    }
    label = Text(operation.name, "bold red" if operation is deciding else "bold")
    label.append(f" [{operation.access.name.lower()}]", "not bold default")
    judged = said.get(id(operation))
    if judged is not None:
        word = f"{judged.effect.name.lower()} ({judged.reason}" + (f", {judged.rule})" if judged.rule else ")")
        label.append(plain(f" {word}"), "not bold green" if judged.effect is Effect.PERMIT else "not bold red")
    if isinstance(flags, list) and flags:
        label.append(plain(f" {' '.join(map(str, flags))}"), "not bold yellow")
    where = f"at {operation.place}" if operation.place else ""
    if where and (started := offset(operation)):
        where += f", character {started}"
    words = " ".join(filter(None, (where, operation.resource, json_line(details) if details else "")))
    branch = tree.add(label.append(plain(f" {words}") if words else "", "not bold default"))
    for inner in operation.nested:
        _grow(branch, inner, deciding, said)
