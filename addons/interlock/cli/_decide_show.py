"""How `interlock decide` shows an answer: a line of JSON for machines, a tree of operations for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interlock.cli._decide import Answer
from interlock.model import JSON, Operation

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
    operations: list[JSON] = [_operation(operation) for operation in answer.verdict.operations]
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
    if decision.masks:
        found["masks"] = [*sorted(decision.masks)]
    return found | ({"reports": reports} if reports else {})


def _operation(operation: Operation) -> JSON:
    nested: list[JSON] = [_operation(inner) for inner in operation.nested]
    found: dict[str, JSON] = {
        "name": operation.name,
        "access": operation.access.name.lower(),
        "resource": operation.resource,
        "place": operation.place,
        "arguments": dict(operation.arguments),
    }
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
    for operation in answer.verdict.operations:
        _grow(tree, operation, decision.operation)
    console().print(tree)


def _grow(tree: Tree, operation: Operation, deciding: Operation | None) -> None:
    from rich.text import Text

    from interlock.cli._show import json_line, plain

    details: dict[str, JSON] = {
        name: value for name, value in operation.arguments.items() if value not in ([], "", None)
    }
    words = " ".join(filter(None, (operation.resource, json_line(details) if details else "")))
    label = Text(operation.name, "bold red" if operation is deciding else "bold")
    branch = tree.add(label.append(plain(f" [{operation.access.name.lower()}] {words}"), "not bold default"))
    for inner in operation.nested:
        _grow(branch, inner, deciding)
