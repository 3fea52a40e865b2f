"""From an operator's text to steps: read by jsonpath-ng or by our own parser, filters made closures."""

from __future__ import annotations

from collections.abc import Callable

from interlock.model import JSON
from interlock.paths import ng, parser
from interlock.paths.compare import NOTHING, Nothing, compare
from interlock.paths.functions import length, matches, only
from interlock.paths.needles import Needle, needles_of
from interlock.paths.nodes import nodes
from interlock.paths.scope import Scope
from interlock.paths.screen import screen
from interlock.paths.steps import Index, Name, Predicate, Selector, Step, Test
from interlock.paths.syntax import (
    And,
    Call,
    Choice,
    Comparison,
    Exists,
    Filter,
    Literal,
    Logical,
    Not,
    Operand,
    Or,
    Query,
)

__all__ = ["read", "read_steps"]

type _Value = Callable[[Scope, JSON], JSON | Nothing]


def read_steps(text: str) -> tuple[tuple[Step, ...], frozenset[Needle]]:
    """The steps of a path, and what must stand in a body for it to select anything.

    Raises InterlockError, whose hint says how to write what is not accepted.
    """
    query = read(text)
    return _steps(query), needles_of(query)


def read(text: str) -> Query:
    """What a path means: by jsonpath-ng where it reads as RFC 9535 does, by our own parser where not."""
    screened = screen(text)
    query = ng.parse(screened) if screened is not None else None
    return query if query is not None else parser.parse(text)


def _steps(query: Query) -> tuple[Step, ...]:
    return tuple(Step(tuple(map(_selector, segment.choices)), segment.descend) for segment in query.segments)


def _selector(choice: Choice) -> Selector:
    if isinstance(choice, Filter):
        return Test(_predicate(choice.test), _only_objects(choice.test))
    return choice


def _predicate(logical: Logical) -> Predicate:
    if not _relative(logical):
        fixed, key = _made(logical), object()
        return lambda scope, node: scope.once(key, lambda: fixed(scope, node))
    return _made(logical)


def _made(logical: Logical) -> Predicate:
    match logical:
        case And(parts):
            every = tuple(map(_predicate, parts))
            return lambda scope, node: all(part(scope, node) for part in every)
        case Or(parts):
            some = tuple(map(_predicate, parts))
            return lambda scope, node: any(part(scope, node) for part in some)
        case Not(part):
            holds = _predicate(part)
            return lambda scope, node: not holds(scope, node)
        case Exists(query):
            return _exists(query)
        case Comparison():
            return _comparison(logical)
        case Call(name, (text, pattern)):
            left, right, whole = _value(text), _value(pattern), name == "match"
            return lambda scope, node: matches(scope, left(scope, node), right(scope, node), whole=whole)
    raise TypeError(logical)  # the parsers give nothing else


def _exists(query: Query) -> Predicate:
    if query.singular:
        value = _value(query)
        return lambda scope, node: value(scope, node) is not NOTHING
    steps, absolute = _steps(query), query.absolute
    return lambda scope, node: any(True for _ in nodes(scope, scope.document if absolute else node, steps))


def _comparison(found: Comparison) -> Predicate:
    operator, left, right = found.operator, _value(found.left), _value(found.right)
    if isinstance(found.right, Literal):
        literal, name = found.right.value, _only_name(found.left)
        if operator == "==" and isinstance(literal, str) and name is not None:
            # The most frequent filter; a string equals nothing but a string, so Python's == is RFC 9535's.
            return lambda scope, node: type(node) is dict and node.get(name) == literal
        return lambda scope, node: compare(operator, left(scope, node), literal)

    def holds(scope: Scope, node: JSON) -> bool:
        return compare(operator, left(scope, node), right(scope, node), scope.spend)

    return holds


def _value(operand: Operand) -> _Value:
    """What gives the one value of an operand, or NOTHING."""
    if isinstance(operand, Literal):
        value = operand.value
        return lambda scope, node: value
    found = _single(operand) if isinstance(operand, Query) else _called(operand)
    if _relative(operand):
        return found
    key = object()
    return lambda scope, node: scope.once(key, lambda: found(scope, node))


def _called(call: Call) -> _Value:
    (argument,) = call.arguments
    if call.name == "length":
        value = _value(argument)
        return lambda scope, node: length(value(scope, node))
    if not isinstance(argument, Query):
        raise TypeError(call)  # the parser gives no other
    steps, absolute = _steps(argument), argument.absolute
    if call.name == "count":
        return lambda scope, node: sum(1 for _ in nodes(scope, scope.document if absolute else node, steps))
    return lambda scope, node: only(list(nodes(scope, scope.document if absolute else node, steps)))


def _single(query: Query) -> _Value:
    keys = tuple(map(_key, (segment.choices[0] for segment in query.segments)))
    if query.absolute:
        return lambda scope, node: _walk(scope.document, keys)
    if len(keys) == 1 and isinstance(keys[0], str):
        name = keys[0]
        return lambda scope, node: node.get(name, NOTHING) if type(node) is dict else NOTHING
    return lambda scope, node: _walk(node, keys)


def _key(choice: Choice) -> str | int:
    if isinstance(choice, Name):
        return choice.name
    if isinstance(choice, Index):
        return choice.index
    raise TypeError(choice)  # singular queries have no other


def _walk(node: JSON, keys: tuple[str | int, ...]) -> JSON | Nothing:
    for key in keys:
        if type(node) is dict and isinstance(key, str):
            if key not in node:
                return NOTHING
            node = node[key]
        elif type(node) is list and isinstance(key, int):
            if not -len(node) <= key < len(node):
                return NOTHING
            node = node[key]
        else:
            return NOTHING
    return node


def _relative(part: Logical | Operand) -> bool:
    """Whether it depends on the candidate; what does not is worked out once a document."""
    match part:
        case Query(absolute):
            return not absolute
        case Exists(query):
            return _relative(query)
        case Comparison(_, left, right):
            return _relative(left) or _relative(right)
        case Not(inner):
            return _relative(inner)
        case And(parts) | Or(parts):
            return any(map(_relative, parts))
        case Call(_, arguments):
            return any(map(_relative, arguments))
    return False


def _only_name(operand: Operand) -> str | None:
    if isinstance(operand, Query) and operand.singular and not operand.absolute and len(operand.segments) == 1:
        first = operand.segments[0].choices[0]
        return first.name if isinstance(first, Name) else None
    return None


def _only_objects(logical: Logical) -> bool:
    """Whether only an object can fulfil an expression, so that nothing else need be tried."""
    match logical:
        case And(parts):
            return any(map(_only_objects, parts))
        case Or(parts):
            return all(map(_only_objects, parts))
        case Exists(Query(False, segments)) if segments:
            return not segments[0].descend and all(isinstance(choice, Name) for choice in segments[0].choices)
        case Comparison(operator, Query() as left, Literal()) if operator != "!=":
            return _only_objects(Exists(left))
    return False
