"""Which entries could name an operation: most of them begin with a command's name or a flag, so few are asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from interlock.model import Operation
from interlock.policy.argument import texts_of

__all__ = ["Index", "Looks", "Match"]

type Looks = Callable[[Operation], bool]


@dataclass(frozen=True, slots=True)
class Match:
    """A compiled `match:` that knows what it needs: one of these commands, or one of these flags (empty: either)."""

    test: Looks = field(repr=False, compare=False)
    commands: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()

    def __call__(self, operation: Operation) -> bool:
        """Whether the operation is one of those."""
        return self.test(operation)


type _Found[T] = tuple[int, T]


class Index[T]:
    """Entries by what they need, in their order. It leaves out only what could not name the operation."""

    __slots__ = ("_always", "_by_command", "_by_flag")

    def __init__(self, entries: Iterable[tuple[T, Looks, Collection[str]]] = ()) -> None:
        """Of each entry: itself, what it looks for, and the protocols it speaks about."""
        self._always: dict[str, list[_Found[T]]] = {}
        self._by_command: dict[tuple[str, str], list[_Found[T]]] = {}
        self._by_flag: dict[tuple[str, str], list[_Found[T]]] = {}
        for at, (entry, looks, protocols) in enumerate(entries):
            match = looks if isinstance(looks, Match) else Match(looks)
            for protocol in protocols:
                if match.commands:
                    _put(self._by_command, protocol, match.commands, (at, entry))
                elif match.flags:
                    _put(self._by_flag, protocol, match.flags, (at, entry))
                else:
                    self._always.setdefault(protocol, []).append((at, entry))

    def of(self, operation: Operation) -> Sequence[T]:
        """The entries that could name it, in their order."""
        protocol, arguments = operation.protocol, operation.arguments
        found = dict(self._always.get(protocol, ()))
        for name in texts_of(arguments.get("command")):
            found.update(self._by_command.get((protocol, name), ()))
        for flag in texts_of(arguments.get("flags")):
            found.update(self._by_flag.get((protocol, flag.casefold()), ()))
        return [found[at] for at in sorted(found)]


def _put[T](
    table: dict[tuple[str, str], list[_Found[T]]], protocol: str, names: Iterable[str], entry: _Found[T]
) -> None:
    for name in names:
        table.setdefault((protocol, name), []).append(entry)
