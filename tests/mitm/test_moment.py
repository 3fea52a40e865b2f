"""What a decision looks at now: the time, the grants and the reviews of this moment, everything else as it came."""

from __future__ import annotations

from types import SimpleNamespace

from interlock.mitm.moment import context_now
from interlock.mitm.products import Authenticated, Contained, Decided
from interlock.model import BodyState, Decision, Exchange, Origin, Principal, Side
from interlock.settings import Connection

WHO = Principal("demo", "https://issuer.example.com", "erika")
WHERE = Origin("https", "a.example", 443)


def test_time_and_grants_are_of_now() -> None:
    """Asked again, they are asked again."""
    moments = iter((1.0, 2.0))
    services = SimpleNamespace(
        clock=SimpleNamespace(now=lambda: next(moments)),
        observing=lambda: False,
        approvals=SimpleNamespace(grants=lambda principal: (principal.subject,)),
        reviewing=SimpleNamespace(known=dict),
    )
    exchange = Exchange(Side.REQUEST, "docs", "POST", WHERE, "/x?a=1", (), b'{"a":1}', BodyState.COMPLETE)
    contained = Contained(Connection("docs", "http", (WHERE,)), WHERE, "/x?a=1", "/x", "forward-request")
    decided = Decided(Authenticated(contained, WHO), exchange, {"a": 1}, (), Decision())
    first, second = (context_now(services, decided) for _ in range(2))  # type: ignore[arg-type]
    assert (first.now, second.now, first.grants) == (1.0, 2.0, ("erika",))
    assert first.reviews == {}
    assert (first.method, first.path, first.document, first.connection) == ("POST", "/x", {"a": 1}, "docs")
