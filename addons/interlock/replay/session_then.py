"""What was read of one session so far: whose it is, under which rules, what people answered."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from interlock.model import JSON
from interlock.recording.wording import text_of
from interlock.replay.answers import Answers
from interlock.replay.case import Case
from interlock.replay.rejudge import Word
from interlock.replay.told import Line, Told

__all__ = ["SessionThen"]

_REQUESTS: Final = 4096
_data = msgspec.json.Decoder(dict).decode


@dataclass(slots=True)
class SessionThen:
    """`said` is what the latest `principal` event says; `who` tells principals, with all that, apart. `late` wait for
    their bodies, `unanswered` for what people said about them.
    """

    folder: Path
    opened: dict[str, JSON] = field(default_factory=dict)
    said: dict[str, JSON] | None = None
    who: bytes = b""
    rules: str = ""
    answers: Answers = field(default_factory=Answers)
    late: list[Case] = field(default_factory=list)
    unanswered: list[tuple[Case, Word]] = field(default_factory=list)
    _requests: OrderedDict[int, Told] = field(default_factory=OrderedDict)

    def reference(self, line: Line) -> str:
        """How an agent was told this event."""
        return f"{self.folder.name}/{line.seq}"

    def note(self, line: Line) -> None:
        """An event that decides nothing. Raises what decoding raises."""
        data = _data(line.data)
        if line.kind == "approval":
            self.answers.note(data)
        elif line.kind == "opened":
            self.opened = data
            self.rules = text_of(data, "rules")
            self._known(None)
        elif line.kind == "principal":
            self._known(data)
        elif line.kind == "rules":
            self.rules = text_of(data, "rules")

    def asked(self, line: Line, told: Told) -> Told | None:
        """The request to which a decision belongs; None where it is not known any more."""
        if line.kind == "decision":
            self._requests[line.seq] = told
            if len(self._requests) > _REQUESTS:
                self._requests.popitem(last=False)
            return told
        name, _, number = told.decision.rpartition("/")
        return self._requests.get(int(number)) if number.isdecimal() and name == self.folder.name else None

    @property
    def issuer(self) -> str:
        """Whose session it is: the issuer."""
        return text_of(self.opened, "issuer")

    @property
    def subject(self) -> str:
        """Whose session it is."""
        return text_of(self.opened, "subject")

    @property
    def old(self) -> bool:
        """Whether it was written in format 1, which says less."""
        return self.opened.get("format") == 1

    def _known(self, said: dict[str, JSON] | None) -> None:
        self.said = said
        who = [self.opened.get(name) for name in ("identity", "issuer", "subject")]
        told = [said.get(name) for name in ("groups", "acting_for", "claims", "cut")] if said is not None else None
        self.who = msgspec.json.encode([who, told])
