"""`method: [POST]`, `path: [/v1/**]`: the request that carries the operation, whatever the operation is
called.

Rules on `http.<method> <path>` need neither; this is for rules on what a request carries, such as `sql.read`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from interlock.errors import InterlockError
from interlock.model import Effect
from interlock.policy.condition import Condition, all_of
from interlock.policy.context import Context, Test
from interlock.schema import Reader
from interlock.settings_glob import Glob, compile_glob
from interlock.source import Node

__all__ = ["PART"]

_METHOD = re.compile(r"[A-Z][A-Z-]{0,31}\Z")


def _read(members: Mapping[str, Node], effect: Effect, reader: Reader) -> Test | None:
    tests: list[Test] = []
    if "method" in members:
        tests.append(_method(members["method"], reader))
    if "path" in members:
        tests.append(_path(members["path"], reader))
    return all_of(tuple(tests))


def _method(node: Node, reader: Reader) -> Test:
    methods = frozenset(reader.texts(node, "method"))
    for method in methods:
        if method and not _METHOD.match(method):
            reader.error(node, f"{method!r} is not a method", "in capitals, as in POST")

    def test(context: Context) -> bool:
        return context.method in methods

    return test


def _path(node: Node, reader: Reader) -> Test:
    globs: list[Glob] = []
    for text in reader.texts(node, "path"):
        try:
            globs.append(compile_glob(text))
        except InterlockError as error:
            reader.error(node, str(error), error.hint)

    def test(context: Context) -> bool:
        return any(glob.matches(context.path) for glob in globs)

    return test


PART = Condition("request", "when", ("method", "path"), _read)
