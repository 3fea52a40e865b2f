"""Several readings of one text as one answer: the worst of them, touching what any of them touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interlock.commands.sql_tame import tame_statements
from interlock.model import JSON, Access, Operation

__all__ = ["merged"]


def merged(read: Mapping[str, Sequence[Sequence[Operation]]]) -> tuple[Operation, ...]:
    """The operations of all answers. `read` holds, for each reading of the characters, what each dialect found in it.

    A dialect that refuses is left out where another understood the very same characters and no word in them begins or
    extends a statement. Answers of the same number of statements become one, statement by statement.
    """
    answers: list[Sequence[Operation]] = []
    for reading, found in read.items():
        understood = [answer for answer in found if all(part.access is not Access.UNKNOWN for part in answer)]
        plain = understood and {len(answer) for answer in understood} == {tame_statements(reading)}
        answers += understood if plain else found
    if len({len(answer) for answer in answers}) == 1:
        return tuple(_one(parts) for parts in zip(*answers, strict=True))
    different = {f"{part.access}{part.arguments}": part for answer in answers for part in answer}
    return tuple(different.values())


def _one(parts: Sequence[Operation]) -> Operation:
    if any(part.access is Access.UNKNOWN for part in parts):
        parts = [*sorted(parts, key=lambda part: part.access is not Access.UNKNOWN)]
    worst = max(parts, key=lambda part: part.access)
    arguments: dict[str, JSON] = {}
    for name in dict.fromkeys(name for part in parts for name in part.arguments):
        found: dict[JSON, None] = {}
        for part in parts:
            value = part.arguments.get(name)
            found.update(dict.fromkeys(value) if isinstance(value, list) else {})
        arguments[name] = list(found)
    return Operation("sql", worst.action, access=worst.access, arguments=arguments, text=worst.text)
