"""Attempts on a gateway that runs: what arrives at the upstream, or at the agent, says what was decided.

A `Wire` stands where a `Trial` stands in tests/bypasses. Nothing in between helps: requests are written to the socket
as they are, over connections that stay open, and each carries a number that the upstream keeps beside what arrived.
"""

from __future__ import annotations

import http.client
import itertools
import re
import threading
from dataclasses import dataclass, field

from tests.e2e.model_replies import SHAPES, Shape
from tests.e2e.recorder import Recorder

from interlock.demo.processes import Ports
from interlock.demo.serving import Reply
from interlock.engine.trial import Attempt, Verdict
from interlock.model import JSON, Decision, Effect, Principal
from interlock.protocols.coding import decode_body
from interlock.reasons import Reason

__all__ = ["Answered", "Wire", "reason_of"]

_REASON = re.compile(rb'"reason"\s*:\s*"([A-Za-z_-]+)"|\(([a-z-]+)\)\.')
_KNOWN = {str(reason): reason for reason in Reason}
_PATIENCE = 60
_UNPACKED = 1 << 20


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back; `whole` is False where the connection broke off."""

    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    whole: bool = True


class Wire:
    """A gateway's reverse listener and the upstreams behind it; may be used by many threads at once."""

    def __init__(self, upstreams: Recorder) -> None:
        self.upstreams = upstreams
        self._numbers, self._turns = itertools.count(1), itertools.count()
        self._of_thread = threading.local()
        self.ports, self.token = Ports(), ""

    def point(self, ports: Ports, token: str) -> None:
        """Send to the gateway that listens there, as who holds this token."""
        self.ports, self.token = ports, token
        self._of_thread = threading.local()

    def request(self, principal: Principal, attempt: Attempt, now: float) -> Verdict:
        """What became of a request: permitted when it arrived, with its bytes. Raises AssertionError."""
        number = str(next(self._numbers))
        answered = self.send(number, attempt)
        arrived = self.upstreams.arrived.pop(number, [])
        if not arrived:
            assert self.refused(answered), f"neither arrived nor refused: {answered}"
            return Verdict(Decision(Effect.FORBID, reason_of(answered)))
        sent = (attempt.method, attempt.target, unpacked(attempt))
        for seen in arrived:  # twice where the connection was closed under it and it was sent again
            assert (seen.method, seen.target, seen.body) == sent, f"changed on the way: {seen}"
        return Verdict(Decision(Effect.PERMIT, Reason.PERMITTED))

    def proposal(self, principal: Principal, tool: str, arguments: JSON, now: float) -> Verdict:
        """What became of a call in replies of two shapes, which must both meet the same end."""
        turn = next(self._turns)
        own, others = SHAPES[:2], SHAPES[2:]
        shapes = (own[turn % len(own)], others[turn // 2 % len(others)])
        seen = [self._proposed(shape, tool, arguments) for shape in shapes]
        assert len({verdict.decision.permits for verdict in seen}) == 1, f"not the same in every shape: {seen}"
        return seen[0]

    def _proposed(self, shape: Shape, tool: str, arguments: JSON) -> Verdict:
        reply = Reply(body=shape.reply(tool, arguments), content_type=shape.kind)
        answered = self.reply(Attempt(shape.on, "POST", shape.target, (), shape.asked), reply)
        calls = shape.calls(answered.body) if answered.status == 200 else []
        if calls:
            assert calls == [(tool, arguments)], f"changed on the way, {shape}: {calls}"
            return Verdict(Decision(Effect.PERMIT, Reason.PERMITTED))
        assert b"nterlock" in answered.body, f"neither arrived nor refused, {shape}: {answered}"
        return Verdict(Decision(Effect.FORBID, reason_of(answered)))

    def reply(self, attempt: Attempt, reply: Reply | bytes) -> Answered:
        """What the agent gets where the upstream says this to that request, which must arrive."""
        number = str(next(self._numbers))
        self.upstreams.replies[number] = reply
        try:
            answered = self.send(number, attempt)
        finally:
            del self.upstreams.replies[number]
        assert self.upstreams.arrived.pop(number, ()), f"the request did not arrive: {answered}"
        return answered

    def send(self, number: str, attempt: Attempt) -> Answered:
        """Send it; once more where the upstream closed a kept connection as the gateway used it (RFC 9112, 9.5)."""
        answered = self._send(number, attempt)
        unlucky = answered.status == 502 and dict(answered.headers).get("server", "").startswith("mitmproxy")
        return self._send(number, attempt) if unlucky and number not in self.upstreams.arrived else answered

    def _send(self, number: str, attempt: Attempt) -> Answered:
        """Over this thread's connection; over a new one where that was closed meanwhile."""
        kept: http.client.HTTPConnection | None = getattr(self._of_thread, "connection", None)
        if kept is not None:
            try:
                return self._over(kept, number, attempt)
            except (ConnectionError, http.client.RemoteDisconnected):
                kept.close()
        kept = http.client.HTTPConnection("127.0.0.1", self.ports.reverse, timeout=_PATIENCE)
        self._of_thread.connection = kept
        try:
            return self._over(kept, number, attempt)
        except (ConnectionError, http.client.RemoteDisconnected):
            kept.close()
            return Answered(whole=False)

    def _over(self, connection: http.client.HTTPConnection, number: str, attempt: Attempt) -> Answered:
        if connection.sock is None:
            connection.connect()
        head = [f"{attempt.method} /connections/{attempt.on}{attempt.target} HTTP/1.1"]
        head += [f"Host: 127.0.0.1:{self.ports.reverse}", f"Authorization: Bearer {self.token}", f"X-Row: {number}"]
        head += [f"{name}: {value}" for name, value in attempt.headers]
        if attempt.body or attempt.method not in ("GET", "HEAD", "DELETE"):
            head.append(f"Content-Length: {len(attempt.body)}")
        connection.sock.sendall("\r\n".join([*head, "", ""]).encode() + attempt.body)
        answer = http.client.HTTPResponse(connection.sock, method=attempt.method)
        try:
            answer.begin()
            body, whole = answer.read(), True
        except http.client.IncompleteRead as error:
            body, whole = error.partial, False
        if answer.will_close or not whole:
            connection.close()
        named = tuple((name.lower(), value) for name, value in answer.getheaders())
        return Answered(answer.status, named, body, whole)

    @staticmethod
    def refused(answered: Answered) -> bool:
        """Whether the gateway said no, in the shape of any protocol, or closed the connection."""
        if answered.status == 0 or answered.status >= 400:
            return True
        return b"nterlock" in answered.body and b'"error' in answered.body


def unpacked(attempt: Attempt) -> bytes:
    """The body as it goes on: what was judged is what stands inside of a coding, and goes on without it."""
    coding = next((value for name, value in attempt.headers if name == "content-encoding"), "")
    return decode_body(attempt.body, coding, len(attempt.body) + _UNPACKED) if coding else attempt.body


def reason_of(answered: Answered) -> Reason:
    """The reason that a refusal names; `not-understood` for none."""
    found = _REASON.search(answered.body)
    text = (found[1] or found[2]).decode().lower().replace("_", "-") if found else ""
    return _KNOWN.get(text, Reason.NOT_UNDERSTOOD)
