"""Who a recorded decision was about: what the recording says of a principal, and that it says no more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Never

from interlock.model import JSON, Principal
from interlock.recording.bounded import restore_numbers
from interlock.recording.wording import text_of
from interlock.replay.probing import Known, NotRecorded, Some

__all__ = ["principal_of"]

_ALL = "*"


class _Untold:
    """A name that nobody wrote down: comparing it with another cannot be answered."""

    def __hash__(self) -> Never:
        raise NotRecorded

    def __eq__(self, other: object) -> Never:
        raise NotRecorded


def principal_of(
    opened: Mapping[str, JSON],
    said: Mapping[str, JSON] | None,
    *,
    kept: Collection[str] | None = None,
    asked: Collection[str] = (),
) -> Principal:
    """The principal of a session's `opened` event and its latest `principal` event.

    Without the latter (format 1) groups, claims and whom it acts for are not known. `kept` are the claims that were
    written down where there were any (None: nobody knows which), `asked` those that the rules ask about now: where
    these are more, what is not there may have been. Never raises.
    """
    groups: Any = Some()
    acting_for: Any = _Untold()
    claims: Mapping[str, JSON] = Known({})
    if said is not None:
        cut = said.get("cut") is True
        listed, acts = said.get("groups"), said.get("acting_for", "")
        names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
        groups = Some(names) if cut else frozenset(names)
        acting_for = acts if isinstance(acts, str) else _Untold()
        claims = _claims(said, cut, kept, asked)
    return Principal(
        text_of(opened, "identity") or text_of(said or {}, "identity"),
        text_of(opened, "issuer") or text_of(said or {}, "issuer"),
        text_of(opened, "subject") or text_of(said or {}, "subject"),
        groups=groups,
        acting_for=acting_for,
        claims=claims,
    )


def _claims(
    said: Mapping[str, JSON], cut: bool, kept: Collection[str] | None, asked: Collection[str]
) -> Mapping[str, JSON]:
    found, numbers = said.get("claims"), said.get("numbers")
    told = found if isinstance(found, dict) else {}
    if isinstance(numbers, list):
        told = restore_numbers(told, numbers)
    whole = not cut and kept is not None and (_ALL in kept or set(asked) <= set(kept))
    return told if whole or not asked else Known(told)
