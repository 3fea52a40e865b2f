"""What trees say of one log: its events, how it turned over, and that it was found to be another than before.

Every turn has to be the next one: the half that was the current one becomes the older one. What does not fit began
anew, and a gateway that says so (`broken`) is believed; what was said before then speaks of another log.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from interlock.recording.log_word import LogWord
from interlock.recording.ties import Facts, Ties

__all__ = ["LogFacts"]

_MOST = 4096
_MOST_GONE = 16


@dataclass(slots=True)
class LogFacts:
    """Heard entry by entry, one tree after the other."""

    facts: Facts = field(default_factory=Facts)
    _since: str = ""
    _broken: dict[str, str] = field(default_factory=dict)
    _gone: dict[str, str] = field(default_factory=dict)
    _turns: dict[tuple[int, ...], tuple[int, str]] = field(default_factory=dict)

    @property
    def signed(self) -> int:
        """The number of the last event that any signed head vouches for."""
        return self.facts.signed

    def event(self, word: LogWord, who: str, strength: int) -> None:
        """The log was at this, and its halves began like that.

        Of turns only what the versions say that saw each of them (they give the `bytes`), and could read both halves.
        """
        if self._since and word.at <= self._since:
            return
        if self.facts.event(word.seq, word.hash, who, strength):
            self.facts.begins(word.starts, strength)
        if strength and word.starts and word.end and not word.unread:
            last, first = self._turns.get(word.starts, (0, who))
            self._turns[word.starts] = max(last, word.seq), first
            if len(self._turns) > _MOST:
                del self._turns[min(self._turns)]

    def breaks(self, seq: int, why: str, at: str, who: str) -> None:
        """A gateway found that the log did not go on from an event (0: from none)."""
        after = f"event {seq}" if seq else "the beginning"
        self._broken[at] = f"was not the same any more at {at}, after {after}: {why}; {who}"
        self._anew(at)

    def ends(self, seq: int, at: str, who: str) -> None:
        """A gateway found nothing of it any more, and it may be gone: what was said before speaks of another log."""
        self._gone[at] = f"was gone at {at}, after event {seq}; {who}"
        while len(self._gone) > _MOST_GONE:
            del self._gone[min(self._gone)]
        self._anew(at)

    def _anew(self, at: str) -> None:
        if at > self._since:
            self._since, self.facts = at, Facts()
            self._turns.clear()

    def ties(self) -> Ties:
        """What was gathered."""
        found = [text for _, text in sorted(self._broken.items())]
        turns = sorted(self._turns.items(), key=lambda turn: (turn[0][-1], turn[1][0]))
        for (before, (last, _)), (after, (_, who)) in pairwise(turns):
            if after[-1] == before[-1] or after[0] != before[-1] or after[-1] <= last:
                spans = " and ".join(str(start) for start in after)
                found.append(
                    f"began with event {spans}, where it had begun with {before[-1]} and gone to {last}: that is not"
                    f" one turn ({who})"
                )
        return replace(self.facts.ties(), broken=tuple(found[-_MOST:]), gone=dict(sorted(self._gone.items())))
