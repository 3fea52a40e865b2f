"""The list of kinds is the list of what is written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.project import ROOT

from interlock.recording.event_kinds import KINDS

_LOG = re.compile(r"(?:.*\.)?session|session_of\(.*\)|need\(call\.session\)|self")


def _named(call: ast.Call, place: int) -> str:
    """The text that stands at a place in a call."""
    found = call.args[place] if place < len(call.args) else None
    return found.value if isinstance(found, ast.Constant) and isinstance(found.value, str) else ""


def _kinds(tree: ast.Module) -> Iterator[str]:
    """What a module writes into a session's log; where a function is told the kind, what its callers tell it."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    told: dict[str, int] = {}
    for call in calls:
        assert isinstance(call.func, ast.Attribute)
        if call.func.attr not in ("append", "note") or not _LOG.fullmatch(ast.unparse(call.func.value)):
            continue
        yield _named(call, 0)
        for function in functions:
            names = [one.arg for one in function.args.args if one.arg != "self"]
            if call in ast.walk(function) and isinstance(call.args[0], ast.Name) and call.args[0].id in names:
                told[function.name] = names.index(call.args[0].id)
    for call in calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in told:
            yield _named(call, told[call.func.attr])


def test_every_kind_that_is_written_is_explained() -> None:
    """Found in the sources, so that a new kind cannot be forgotten; and none is explained that nobody writes."""
    folder = ROOT / "addons" / "interlock"
    files = [*(folder / "mitm").glob("*.py"), *(folder / "recording").glob("*.py")]
    written = {kind for file in files for kind in _kinds(ast.parse(file.read_text(encoding="utf-8")))} - {""}
    assert {"opened", "decision", "reply", "usage", "approval", "grant", "closed"} <= written
    assert written == set(KINDS)
