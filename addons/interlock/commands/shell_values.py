"""Words of a shell text after expansion, and what is certain of the variables in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from interlock.commands.language import NotUnderstood

__all__ = ["Choice", "Variables", "Word", "comes_with_the_task"]

_MAX_EXPANDED = 2 << 20
"""Characters that may come out of a text's variables."""
_ENVIRONMENT = re.compile(
    r"(?!BASH|DIRSTACK|MAPFILE|OPTARG|REPLY|COPROC|PIPESTATUS|IFS|PS\d)[A-Z][A-Z0-9_]+\Z", re.ASCII
)
"""What the person who started the agent has set, by its usual spelling; nobody sets options in the way of its use."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word after expansion. `dynamic` says that the run decides part of it (`text` then shows the source);
    `loose` that it may become any number of words, `named` that none of them can be an option. `start` is where it
    stands in the script, in bytes; -1 for a word that does not stand there itself."""

    text: str
    dynamic: bool = False
    glob: bool = False
    loose: bool = False
    named: bool = False
    start: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """The values that a variable may have; outside `given` it may be unset too, outside `span` nothing is known."""

    values: tuple[str, ...]
    given: tuple[tuple[int, int], ...]
    span: tuple[int, int] | None = None

    def is_sure(self, at: int) -> bool:
        """Whether the text has given the variable a value at an offset, whatever it did before."""
        return any(start <= at < end for start, end in self.given)

    def at(self, at: int) -> tuple[str, ...]:
        """The values at an offset."""
        return self.values if "" in self.values or self.is_sure(at) else (*self.values, "")


@dataclass(frozen=True, slots=True)
class Variables:
    """Values that are certain: name -> (offset from which it holds, value).

    `assigned` are all names the text assigns; `fixed` is False once something in it may change any of them, `shadowed`
    says that it makes a function called like a program that prints a number. `bodies`
    are functions: start, end, and from where on they may run. `headed` are names whose values, whichever they are,
    begin with a letter, a digit, a dot or a slash: name -> whether they are also single words without surprises.
    `choices` and `lists` are what variables and arrays hold one of, `picked` and `listed` which one is looked at now.
    """

    known: Mapping[str, tuple[int, str]]
    assigned: AbstractSet[str]
    fixed: bool = True
    shadowed: bool = False
    bodies: tuple[tuple[int, int, int], ...] = ()
    headed: Mapping[str, bool] = field(default_factory=dict)
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    lists: Mapping[str, tuple[tuple[Word, ...], ...]] = field(default_factory=dict)
    picked: Mapping[str, str] = field(default_factory=dict)
    listed: Mapping[str, tuple[Word, ...]] = field(default_factory=dict)
    left: list[int] = field(default_factory=lambda: [_MAX_EXPANDED], compare=False, repr=False)

    def spend(self, size: int) -> None:
        """So many characters come out of variables. Raises NotUnderstood where all of them are too many: each
        variable could hold two times the one before.
        """
        self.left[0] -= size
        if self.left[0] < 0:
            raise NotUnderstood("too-large")

    def choice(self, name: str, at: int) -> Choice | None:
        """What a variable without a certain value holds one of at an offset, or None."""
        if self.value(name, at) is not None:
            return None
        for choice in self.choices.get(name, ()):
            if choice.span is None or choice.span[0] <= at < choice.span[1]:
                return choice
        return None

    def value(self, name: str, at: int) -> str | None:
        """The certain value of a variable at an offset, or None."""
        value = self.picked.get(name)
        if value is None:
            found = self.known.get(name)
            at = min((used for start, end, used in self.bodies if start <= at < end), default=at) if found else at
            value = found[1] if found and self.fixed and at > found[0] else None
        if value is not None:
            self.spend(len(value))
        return value


def comes_with_the_task(name: str, variables: Variables) -> bool:
    """Whether a variable is one of the environment: the text gives it no value, nor does the shell."""
    return variables.fixed and name not in variables.assigned and bool(_ENVIRONMENT.match(name))
