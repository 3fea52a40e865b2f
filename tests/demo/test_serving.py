"""Served requests are kept as they arrived."""

from __future__ import annotations

import httpx

from interlock.demo.serving import Reply, Request, Served


class Echo(Served):
    """Answers with what came."""

    def answer(self, request: Request) -> Reply:
        """The body, in one piece or chunked."""
        if request.path == "/pieces":
            return Reply(pieces=iter([request.body[:3], request.body[3:]]))
        return Reply(body=request.body)


def test_chunked_bodies_arrive_whole_both_ways() -> None:
    """Requests and replies may be chunked; `seen` holds method, target, headers and body."""
    with Echo() as service:
        answer = httpx.post(f"{service.url}/pieces?a=1", content=iter([b"hel", b"lo"]), headers={"X-A": "1"})

    (arrived,) = service.seen
    assert answer.content == b"hello"
    assert (arrived.method, arrived.target, arrived.path, arrived.body) == ("POST", "/pieces?a=1", "/pieces", b"hello")
    assert arrived.header("x-a") == "1"
