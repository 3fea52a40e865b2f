"""One recorded exchange, read by the adapter of its connection as the gateway would read it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

from interlock.engine.inline import analyse_inline
from interlock.engine.judge import Judge
from interlock.errors import InterlockError
from interlock.masking import Masker, MaskStream
from interlock.model import JSON, BodyState, Exchange, Operation, Side
from interlock.protocols.body import read_json
from interlock.protocols.replies import Treatment
from interlock.recording.flow_reading import RecordedFlow
from interlock.settings import Connection

__all__ = ["RecordedCall", "looking"]

_KEY = bytes(32)
_HELD = 8 << 20
_STREAMS = ("text/event-stream", "application/vnd.amazon.eventstream")


class RecordedCall:
    """One recorded exchange, read by the adapter of its connection."""

    def __init__(self, judge: Judge, connection: Connection, flow: RecordedFlow) -> None:
        self.connection, self.flow = connection, flow
        self.adapter = judge.adapter(connection)
        self._judge = judge
        self.exchange = Exchange(
            side=Side.REQUEST, connection=connection.name, method=flow.method, origin=connection.origins[0],
            target=flow.path, headers=flow.headers, body=flow.body, state=BodyState.COMPLETE,
        )  # fmt: skip

    def document(self) -> JSON:
        """What the request's body parses to, where it is to be read. Raises BodyRejected."""
        return self._judge.read(self.exchange, self.connection)

    def operations(self) -> list[tuple[Operation, bool]]:
        """What the request would do and what the answer proposes, and whether the agent itself would run it; of each
        what can be read.
        """
        found: list[Operation] = []
        with contextlib.suppress(InterlockError):
            found += self._judge.operations(self.exchange, self.connection, self.document())
        self.answer(looking(judge=found.extend))
        return [(node, operation.agent or node.agent) for operation in found for node in operation.walk()]

    def answer(self, treatment: Treatment) -> None:
        """Reads the answer with this treatment, as the gateway would."""
        flow, reads = self.flow, None
        if flow.status == 0 or not flow.answer:
            return
        if self.adapter.reply is not None:
            reads = self.adapter.reply(self.exchange, self.connection)
        kind = dict(flow.answer_headers).get("content-type", "")
        if reads is not None:
            reader = reads(treatment)
            if kind.startswith(_STREAMS):
                stream = reader.stream(flow.status)
                stream.feed(flow.answer)
                stream.close()
                return
            if reader.whole(flow.status, flow.answer, lambda: read_json(flow.answer)) is not None:
                return
        if flow.answer.lstrip()[:1] in (b"{", b"["):
            treatment.document(flow.answer)
            return
        text = treatment.text()
        text.feed(flow.answer.decode("utf-8", "replace"))
        text.close()


def looking(
    *,
    judge: Callable[[Sequence[Operation]], None] | None = None,
    document: Callable[..., bytes] | None = None,
    text: Callable[[], MaskStream] | None = None,
    own: Callable[[bytes], bytes] | None = None,
) -> Treatment:
    """A treatment that only looks."""

    def judged(find: Callable[[], Sequence[Operation]]) -> None:
        with contextlib.suppress(InterlockError):
            operations = find()
            if judge is not None:
                judge(operations)

    return Treatment(
        judge=judged,
        may=lambda operation: True,
        analyse=analyse_inline,
        text=text or Masker((), _KEY).stream,
        document=document or (lambda body, told=None: body),
        input=own or (lambda body: body),
        max_held=_HELD,
    )
