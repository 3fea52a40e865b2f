"""Masks text that arrives in pieces: what may still become a value is held, everything else goes on at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from interlock.masking.actions import Span, merge
from interlock.masking.cursors import Cursors
from interlock.masking.detector import CONTEXT, MAX_HOLD, encode
from interlock.masking.respelled import Respelled, spelled_until
from interlock.masking.scan import Hit, Scanner
from interlock.model import Finding

__all__ = ["MaskStream", "Spell"]

_MARGIN = 256
"""More than the longest opening of a block, whose own limit counts from its end."""

type Spell = Callable[[Span, str], tuple[str, Finding]]
"""Gives the replacement and the finding of a span with this text; the finding's place is set by the caller."""


class MaskStream:
    """A TextStream (interlock.ports). Any chunking gives what the whole text at once gives.

    The one exception fails closed: where more than MAX_HOLD bytes would have to be held, everything from the
    first undecided position to the end is masked.
    """

    def __init__(self, scanner: Scanner, spans: Callable[[Sequence[Hit]], list[Span]], spell: Spell) -> None:
        self._cursors = Cursors(scanner)
        self._respelled = Respelled(spans)
        self._spans = spans
        self._spell = spell
        self._text = b""
        self._out = 0
        self._characters = 0
        self._pending: list[Span] = []
        self._swallowing = False
        self.findings: list[Finding] = []

    def feed(self, text: str) -> str:
        """What may go on now; the rest is held."""
        if self._swallowing or not text:
            return ""
        self._text += encode(text)
        return self._advance(final=False)

    def whole(self, text: str) -> str:
        """A text that is complete, masked at once; no limit on what is held applies."""
        self._text += encode(text)
        return self.close()

    def close(self) -> str:
        """Everything still held, masked. The stream begins anew afterwards."""
        rest = "" if self._swallowing else self._advance(final=True)
        self._text, self._out, self._characters = b"", 0, 0
        self._pending, self._swallowing = [], False
        self._cursors.restart()
        self._respelled.restart()
        return rest

    def _advance(self, *, final: bool) -> str:
        text = self._text
        known = len(text) if final else spelled_until(text)
        view = text if known == len(text) else text[:known]
        again, read = self._respelled.advance(view, self._cursors, final=final)
        hits, settled = self._cursors.advance(view, final=final)
        settled = min(settled, read)
        self._pending = merge([*self._pending, *self._spans(hits), *again])
        if not final and len(text) - settled > MAX_HOLD + _MARGIN:
            self._pending = merge([*self._pending, _rest(self._pending, settled, len(text))])
            settled = len(text)
        shown = self._give_out(text, settled)
        if self._swallowing or final:
            return shown
        self._forget()
        return shown

    def _give_out(self, text: bytes, settled: int) -> str:
        """Text and replacements up to `settled`; a value that reaches beyond it waits, because it may still grow."""
        pieces: list[str] = []
        waiting: list[Span] = []
        for span in self._pending:
            if waiting or (span.end > settled and not span.open) or span.start >= max(settled, 1):
                waiting.append(span)
                settled = min(settled, span.start)
                continue
            pieces.append(self._plain(text, span.start))
            value = text[span.start : span.end].decode("utf-8", "surrogatepass")
            shown, finding = self._spell(span, value)
            self.findings.append(_placed(finding, self._characters))
            pieces.append(shown)
            self._characters += len(value)
            self._out = span.end
            if span.open:
                self._swallowing = True
                self._text = b""
                break
        else:
            pieces.append(self._plain(text, max(settled, self._out)))
        self._pending = waiting
        return "".join(pieces)

    def _plain(self, text: bytes, end: int) -> str:
        plain = text[self._out : end].decode("utf-8", "surrogatepass")
        self._characters += len(plain)
        self._out = end
        return plain

    def _forget(self) -> None:
        """Drop what was given out, but for the context."""
        cut = self._out - CONTEXT
        while 0 < cut < len(self._text) and self._text[cut] & 0xC0 == 0x80:
            cut -= 1
        if cut <= 0:
            return
        self._text = self._text[cut:]
        self._cursors.forget(cut)
        self._respelled.forget(cut, self._out, self._cursors)
        self._out -= cut
        self._pending = [_moved(span, -cut) for span in self._pending]


def _rest(pending: Sequence[Span], start: int, end: int) -> Span:
    rule = pending[-1].rule if pending else "hold-limit"
    return Span(start, end, "redact", rule, "hold-limit", "hold-limit", open=True)


def _moved(span: Span, by: int) -> Span:
    return Span(
        span.start + by, span.end + by, span.action, span.rule, span.label, span.detector, span.confidence, span.open
    )


def _placed(finding: Finding, offset: int) -> Finding:
    return Finding(
        finding.rule, finding.detector, f"offset {offset}", finding.confidence, finding.action, finding.digest
    )
