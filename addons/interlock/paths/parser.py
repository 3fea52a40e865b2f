"""Reads a JSONPath by the grammar of RFC 9535, all of it and nothing else.

jsonpath-ng reads the rules that it reads rightly (`ng`); this parser is for the others, and says what is wrong.
"""

from __future__ import annotations

import re

from interlock.paths import syntax
from interlock.paths.cursor import QUOTE_NAMES, Cursor
from interlock.paths.functions import FUNCTIONS, Kind, check_pattern
from interlock.paths.steps import Index, Name, Slice, Wild
from interlock.paths.syntax import (
    MAX_TEXT,
    And,
    Call,
    Choice,
    Exists,
    Filter,
    Literal,
    Logical,
    Not,
    Operand,
    Or,
    Query,
)

__all__ = ["parse"]

_LETTER = r"A-Za-z_\x80-\uD7FF\uE000-\U0010FFFF"
_NAME = re.compile(f"[{_LETTER}][{_LETTER}0-9]*")
_FUNCTION = re.compile(r"([a-z][a-z_0-9]*)\(")
_OPERATOR = re.compile(r"==|!=|<=|>=|<|>")
_WORD = re.compile(r"(?:true|false|null)(?![A-Za-z0-9_(])")
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}

_COMPARE = "as in [?@.type == 'ssn'], [?length(@.a) > 3] or [?@.a && !@.b]"
_SINGLE = "compare single values: names and single indices only, as in @.a.b[0] == 'x'"


def parse(text: str) -> Query:
    """What a path means. Raises InterlockError, whose hint says how to write it."""
    if not text or len(text) > MAX_TEXT:
        raise syntax.refuse(text[:40], f"it must have 1 to {MAX_TEXT} characters", "as in $.customer.email")
    return _Parser(text).path()


class _Parser(Cursor):
    def path(self) -> Query:
        if not self.take("$"):
            raise self.refuse("it does not begin with $", "a path begins with $, without blanks before it")
        query = Query(True, self._segments())
        if self.at < len(self.text):
            if not self.text[self.at :].strip(" \t\n\r"):
                raise self.refuse("a blank stands where none may", "a path has no blanks after its end")
            raise self.unexpected("a path ends here; as in $..card.number")
        return query

    # -- segments

    def _segments(self) -> tuple[syntax.Segment, ...]:
        found: list[syntax.Segment] = []
        while True:
            before = self.at
            self.blanks()
            if self.take(".."):
                choices = self._bracket() if self.peek("[") else (self._shorthand(),)
                found.append(syntax.Segment(choices, descend=True))
            elif self.take("."):
                found.append(syntax.Segment((self._shorthand(),)))
            elif self.peek("["):
                found.append(syntax.Segment(self._bracket()))
            else:
                self.at = before
                return tuple(found)

    def _shorthand(self) -> Choice:
        if self.take("*"):
            return Wild()
        match = _NAME.match(self.text, self.at)
        if match is None:
            raise self.unexpected("a name or * follows a dot, without a blank; close every bracket; " + QUOTE_NAMES)
        self.at = match.end()
        return Name(match.group())

    def _bracket(self) -> tuple[Choice, ...]:
        self.at += 1
        self.deeper()
        found: list[Choice] = []
        while True:
            self.blanks()
            found.append(self._choice())
            self.blanks()
            if self.take("]"):
                self.depth -= 1
                return tuple(found)
            if not self.take(","):
                raise self.unexpected("close every bracket; in it selectors are separated by commas, as in $['a', 0]")

    def _choice(self) -> Choice:
        if self.peek("'", '"'):
            return Name(self.quoted())
        if self.take("*"):
            return Wild()
        if self.take("?"):
            self.blanks()
            return Filter(self._either())
        start = self.index()
        after = self.at
        self.blanks()
        if self.take(":"):
            return self._slice(start)
        self.at = after
        if start is None:
            raise self.unexpected("in brackets stand quoted names, whole numbers, slices, * and filters [?...]")
        return Index(start)

    def _slice(self, start: int | None) -> Slice:
        self.blanks()
        stop = self.index()
        after = self.at
        self.blanks()
        step = None
        if self.take(":"):
            after = self.at
            self.blanks()
            step = self.index()
            after = after if step is None else self.at
        self.at = after
        return Slice(start, stop, 1 if step is None else step)

    # -- filters

    def _either(self) -> Logical:
        parts = [self._both()]
        while self.between("||"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _both(self) -> Logical:
        parts = [self._basic()]
        while self.between("&&"):
            parts.append(self._basic())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _basic(self) -> Logical:
        if self.take("!"):
            self.blanks()
            part = self._parentheses() if self.peek("(") else self._test(self._operand())
            self._alone("! stands before a path, a function or parentheses; in place of !@.a == 1 write @.a != 1")
            return Not(part)
        if self.peek("("):
            part = self._parentheses()
            self._alone("what is compared is a value, not an expression in parentheses")
            return part
        left = self._operand()
        after = self.at
        self.blanks()
        match = _OPERATOR.match(self.text, self.at)
        if match is None:
            self.at = after
            return self._test(left)
        self.at = match.end()
        self.blanks()
        right = self._operand()
        found = syntax.Comparison(match.group(), self._value(left), self._value(right))
        self._alone("compare two values at a time, and join comparisons with && or ||")
        return found

    def _parentheses(self) -> Logical:
        self.at += 1
        self.deeper()
        self.blanks()
        part = self._either()
        self.blanks()
        if not self.take(")"):
            raise self.unexpected("close what was opened last: a parenthesis")
        self.depth -= 1
        return part

    def _alone(self, hint: str) -> None:
        after = self.at
        self.blanks()
        if match := _OPERATOR.match(self.text, self.at):
            raise self.refuse(f"{match.group()!r} cannot stand there", hint)
        self.at = after

    def _test(self, operand: Operand) -> Logical:
        if isinstance(operand, Query):
            return Exists(operand)
        if isinstance(operand, Call) and FUNCTIONS[operand.name].gives is Kind.LOGICAL:
            return operand
        raise self.unexpected(f"a value alone is no filter: compare it, {_COMPARE}")

    def _value(self, operand: Operand) -> Operand:
        if isinstance(operand, Query) and not operand.singular:
            raise self.refuse("a comparison needs one value on each side", _SINGLE)
        if isinstance(operand, Call) and FUNCTIONS[operand.name].gives is not Kind.VALUE:
            raise self.refuse(f"{operand.name}() is true or false and cannot be compared", f"write {operand.name}()")
        return operand

    def _operand(self) -> Operand:
        if self.take("@"):
            return Query(False, self._segments())
        if self.take("$"):
            return Query(True, self._segments())
        if self.peek("'", '"'):
            return Literal(self.quoted())
        if word := _WORD.match(self.text, self.at):
            self.at = word.end()
            return Literal(_CONSTANTS[word.group()])
        if (number := self.number()) is not None:
            return Literal(number)
        if function := _FUNCTION.match(self.text, self.at):
            self.at = function.end()
            return self._call(function[1])
        raise self.unexpected("in a filter stand paths, numbers, quoted text and functions, " + _COMPARE)

    def _call(self, name: str) -> Call:
        if name not in FUNCTIONS:
            raise self.refuse(f"{name}() is not a function", "there are " + ", ".join(f"{one}()" for one in FUNCTIONS))
        self.deeper()
        arguments: list[Operand] = []
        self.blanks()
        while not self.take(")"):
            if arguments and not self.take(","):
                raise self.unexpected("arguments of functions are separated by commas")
            self.blanks()
            arguments.append(self._operand())
            self.blanks()
        self.depth -= 1
        takes = FUNCTIONS[name].takes
        if len(arguments) != len(takes) or not all(map(_fits, takes, arguments)):
            raise self.refuse(f"{name}() is called with something else than it takes", FUNCTIONS[name].usage)
        if takes == (Kind.VALUE, Kind.VALUE) and isinstance(arguments[1], Literal):
            check_pattern(self.text, arguments[1].value)
        return Call(name, tuple(arguments))


def _fits(kind: Kind, operand: Operand) -> bool:
    if kind is Kind.NODES:
        return isinstance(operand, Query)
    if isinstance(operand, Query):
        return operand.singular
    return not isinstance(operand, Call) or FUNCTIONS[operand.name].gives is Kind.VALUE
