"""GraphQL documents (October 2021 and later): which fields an operation asks of the server, with their arguments.

Fragments and aliases are resolved, directives count for nothing (`@skip` could be a variable away), every operation of
a document is read whatever `operationName` selects. Imported when the first document comes: the parser is large.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import GraphQLError
from graphql.language import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    parse,
)

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.body import encode_json
from interlock.reasons import Reason

__all__ = ["Asked", "read_operations"]

_MAX_LENGTH = 256 << 10
_MAX_TOKENS = 8000
_MAX_PATHS = 2000
_MAX_DEPTH = 50
_MAX_NAMED = 512 << 10
_FREE = 8 << 10
_TIMES = 4
"""What values come to where they stand: so many times the document and its variables, beside what is free."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field at the top of one operation. `kind` is query, mutation or subscription.

    `arguments` are its own, with variables put in; `fields` are the paths of what is selected below it, and
    `below` the arguments given there and to directives, and the variables' defaults (`$`).
    """

    kind: str
    name: str
    operation: str
    arguments: Mapping[str, JSON] = field(repr=False)
    fields: tuple[str, ...] = ()
    below: Mapping[str, Mapping[str, JSON]] = field(default_factory=dict, repr=False)


def read_operations(text: str, variables: Mapping[str, JSON]) -> tuple[Asked, ...]:
    """What a document asks for, at least one field. Raises BodyRejected for what is no executable document, holds
    unknown or circular fragments, or is larger than a client writes.
    """
    try:
        document = parse(
            text,
            no_location=True,
            max_tokens=_MAX_TOKENS,
            max_source_length=_MAX_LENGTH,
            max_comments=_MAX_TOKENS,
            allow_empty_selection_sets=False,
        )
    except (GraphQLError, RecursionError, ValueError):
        raise _wrong("the GraphQL document cannot be parsed, or is too large") from None
    room = _FREE + _TIMES * (len(text) + len(encode_json({**variables})))
    return _Reading(document, variables, room).asked()


class _Reading:
    """One document with the values of its variables."""

    def __init__(self, document: DocumentNode, variables: Mapping[str, JSON], room: int) -> None:
        self._given = variables
        self._values: dict[str, JSON] = {}
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        self._operations: list[OperationDefinitionNode] = []
        self._left = _MAX_PATHS
        self._given_sizes = {name: len(encode_json(value)) for name, value in variables.items()}
        self._sizes: dict[str, int] = {}
        self._room = room
        self._named = _MAX_NAMED
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                self._operations.append(definition)
            elif isinstance(definition, FragmentDefinitionNode) and definition.name.value not in self._fragments:
                self._fragments[definition.name.value] = definition
            else:
                raise _wrong("the GraphQL document defines a type, or a fragment twice")
        names = [operation.name.value if operation.name else "" for operation in self._operations]
        if not names or len(set(names)) != len(names) or (len(names) > 1 and "" in names):
            raise _wrong("the GraphQL document has no operation, or several of one name")

    def asked(self) -> tuple[Asked, ...]:
        found: list[Asked] = []
        for operation in self._operations:
            defaults = {
                each.variable.name.value: self._value(each.default_value, 0) if each.default_value else None
                for each in operation.variable_definitions or ()
            }
            self._values = {**defaults, **self._given}
            self._sizes = {each: len(encode_json(value)) for each, value in defaults.items()} | self._given_sizes
            told = self._directives(operation) | ({"$": defaults} if defaults else {})
            name = operation.name.value if operation.name else ""
            for node in self._selected(operation.selection_set, frozenset()):
                below: dict[str, Mapping[str, JSON]] = {**told, **self._directives(node)}
                paths = tuple(self._paths(node, "", frozenset(), below, 0))
                arguments = self._arguments(node)
                found.append(Asked(operation.operation.value, node.name.value, name, arguments, paths, below))
                told = {}  # what the operation says as a whole is judged once, with its first field
        return tuple(found)

    def _selected(self, selections: SelectionSetNode | None, open_: frozenset[str]) -> Iterator[FieldNode]:
        """The fields of a selection set, those of its fragments too. Raises BodyRejected past the limit of paths."""
        for node in selections.selections if selections else ():
            self._left -= 1
            if self._left < 0:
                raise _wrong(f"the GraphQL document selects more than {_MAX_PATHS} fields")
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from self._selected(node.selection_set, open_)
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                if name in open_ or name not in self._fragments:
                    raise _wrong("the GraphQL document spreads a fragment that is missing or holds itself")
                yield from self._selected(self._fragments[name].selection_set, open_ | {name})
            else:
                raise _wrong("the GraphQL document selects something unknown")

    def _paths(
        self, node: FieldNode, above: str, open_: frozenset[str], below: dict[str, Mapping[str, JSON]], depth: int
    ) -> Iterator[str]:
        if depth > _MAX_DEPTH:
            raise _wrong("the GraphQL document is nested too deeply")
        for inner in self._selected(node.selection_set, open_):
            path = f"{above}{inner.name.value}"
            self._named -= len(path)
            if self._named < 0:
                raise _wrong("the GraphQL document's fields have names that are too long")
            yield path
            below.update({f"{path}{name}": given for name, given in self._directives(inner).items()})
            if inner.arguments:
                key = path if path not in below else f"{path}#{len(below)}"
                below[key] = self._arguments(inner)
            yield from self._paths(inner, f"{path}.", open_, below, depth + 1)

    def _directives(self, node: FieldNode | OperationDefinitionNode) -> dict[str, Mapping[str, JSON]]:
        """The arguments of a server's own directives, each under its number; `@skip` and `@include` are GraphQL's."""
        return {
            f"@{number}": self._arguments(directive)
            for number, directive in enumerate(node.directives or ())
            if directive.arguments and directive.name.value not in ("skip", "include")
        }

    def _arguments(self, node: FieldNode | DirectiveNode) -> dict[str, JSON]:
        found = {argument.name.value: self._value(argument.value, 0) for argument in node.arguments or ()}
        if len(found) != len(node.arguments or ()):
            raise BodyRejected(Reason.BODY_AMBIGUOUS, "a GraphQL field has an argument twice")
        return found

    def _value(self, node: ValueNode, depth: int) -> JSON:
        if depth > _MAX_DEPTH:
            raise _wrong("a value in the GraphQL document is nested too deeply")
        if isinstance(node, VariableNode):
            self._spend(self._sizes.get(node.name.value, 0))
            return self._values.get(node.name.value)
        if isinstance(node, NullValueNode):
            return None
        if isinstance(node, ListValueNode):
            return [self._value(item, depth + 1) for item in node.values]
        if isinstance(node, ObjectValueNode):
            found = {member.name.value: self._value(member.value, depth + 1) for member in node.fields}
            if len(found) != len(node.fields):
                raise BodyRejected(Reason.BODY_AMBIGUOUS, "a GraphQL object has a member twice")
            return found
        value: JSON = getattr(node, "value", None)
        self._spend(len(value) if type(value) is str else 0)
        return value

    def _spend(self, size: int) -> None:
        """Each place is judged and recorded with all that stands there: nothing may multiply that."""
        self._room -= size
        if self._room < 0:
            raise _wrong("the GraphQL document uses large values in many places")


def _wrong(what: str) -> BodyRejected:
    return BodyRejected(Reason.BODY_UNPARSABLE, what)
