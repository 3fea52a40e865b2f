"""`body: {path: $.limit, at_most: 1000}`: what stands in the JSON body. A list of these means all of them.

A rule that permits needs something at the path and every value there to fit; a rule that asks or forbids
needs one value that fits, and takes a value it cannot compare (a text where a number is meant) for one that
does. `equals`, `in` and `matches` (`*` for any characters) compare with types; `exists: false` holds when
nothing is there. A body that is not JSON makes the test fail, and with it the rule forbids.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from interlock.errors import InterlockError, Refused
from interlock.model import JSON, Effect
from interlock.policy.compare import COMPARISONS, Fits, read_fits
from interlock.policy.condition import Condition, all_of
from interlock.policy.context import Context, Test
from interlock.reasons import Reason
from interlock.schema import Reader
from interlock.source import Node

if TYPE_CHECKING:
    from interlock.paths import Path

__all__ = ["PART"]

_COMPARISONS = (*COMPARISONS, "exists")


def _read(members: Mapping[str, Node], effect: Effect, reader: Reader) -> Test | None:
    node = members["body"]
    items = node.value if isinstance(node.value, list) else [node]
    if not items:
        reader.error(node, "body is empty and would say nothing", "leave it out")
    tests = [_one(item, effect, reader) for item in items]
    return all_of(tuple(test for test in tests if test is not None))


def _one(node: Node, effect: Effect, reader: Reader) -> Test | None:
    members = reader.mapping(node, "body", required=("path",), optional=_COMPARISONS)
    comparisons = [name for name in members if name != "path"]
    path = _path(members["path"], reader) if "path" in members else None
    if not comparisons:
        reader.error(node, "body says a path but not what should stand there", "one of " + ", ".join(_COMPARISONS))
    if path is None or not comparisons:
        return None
    if comparisons == ["exists"]:
        return _exists(path, reader.flag(members["exists"], "exists"))
    if "exists" in members:
        reader.error(members["exists"], "exists stands alone", "the other comparisons need something there anyway")
    wide = effect is not Effect.PERMIT
    fits = [read_fits(name, members[name], wide, reader) for name in comparisons if name != "exists"]
    return _any(path, fits) if wide else _all(path, fits)


def _document(context: Context) -> JSON:
    if not context.readable:
        raise Refused(Reason.RULE_FAILED, "a rule looks into the body, and the body is not JSON")
    return context.document


def _exists(path: Path, wanted: bool) -> Test:
    return lambda context: bool(path.select(_document(context))) is wanted


def _any(path: Path, fits: list[Fits]) -> Test:
    return lambda context: any(all(fit(value) for fit in fits) for _, value in path.select(_document(context)))


def _all(path: Path, fits: list[Fits]) -> Test:
    def test(context: Context) -> bool:
        found = path.select(_document(context))
        return bool(found) and all(fit(value) for _, value in found for fit in fits)

    return test


def _path(node: Node, reader: Reader) -> Path | None:
    from interlock.paths import compile_path

    text = reader.text(node, "path")
    try:
        return compile_path(text) if text else None
    except InterlockError as error:
        reader.error(node, str(error), error.hint)
        return None


PART = Condition("body", "when", ("body",), _read)
