"""What a language part is, and the one way to say "not understood"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from interlock.model import JSON, Access, Operation
from interlock.ports import Analyse

__all__ = ["Language", "NotUnderstood", "not_understood"]

type Analysis = Callable[[str, str, Analyse], tuple[Operation, ...]]


class NotUnderstood(Exception):
    """The text cannot be judged. The message is one of our own words, never the text."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language that commands are written in.

    `analyse(text, dialect, nest)` returns at least one operation and may raise anything: whoever calls it turns an
    exception into `not_understood`. `nest` analyses text of another language found inside. `heavy_above` is the
    length in characters above which the analysis belongs in a worker thread. `dialects` are the names that rules may
    give as `dialect`; none where a language has only one.
    """

    name: str
    analyse: Analysis
    unknown_action: str
    heavy_above: int = 2048
    dialects: tuple[str, ...] = ()


def not_understood(language: str, action: str, text: str, why: str = "") -> Operation:
    """The operation that stands for what could not be judged: access UNKNOWN, flag `not-understood`."""
    flags: list[JSON] = ["not-understood"]
    if why and why != "not-understood":
        flags.append(why)
    arguments: dict[str, JSON] = {"flags": flags}
    return Operation(language, action, access=Access.UNKNOWN, arguments=arguments, text=text)
