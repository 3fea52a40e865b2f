"""What the evidence says of an approval."""

from __future__ import annotations

from interlock.mitm.approval_event import approval_event
from interlock.model import Approval, ApprovalKind, Ask, Person, Vote

RITA = Person("corp", "https://idp.example.com", "rita", claims={"email": "rita@example.com"})
ASKED = Approval(
    "apr-1", ApprovalKind.OPERATION, "f", Person("corp", "i", "erika"), "docs", "http.post", "d", 0.0, 9.0,
    asks=(Ask("ask"),), votes=(Vote(RITA, True, 1.0, ("ask",), "month end\x1b"),), shown={"body": "secret"},
    because="secret",
)  # fmt: skip


def test_how_it_stands_and_who_said_what() -> None:
    """Never what was asked in full, nor anybody's claims."""
    data = approval_event(ASKED, "used", "why")
    assert (data["approval"], data["state"], data["rules"], data["why"]) == ("apr-1", "used", ["ask"], "why")
    who = {"by": "rita", "issuer": "https://idp.example.com"}
    assert data["votes"] == [{**who, "approves": True, "rules": ["ask"], "at": 1.0, "why": "month end\\u{1b}"}]
    assert "secret" not in str(data)
    assert "rita@example.com" not in str(data)
    assert approval_event(ASKED)["state"] == "pending"
