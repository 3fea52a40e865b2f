"""How long a grant lasts: the least that anybody said, and never beyond the longest term of its first in a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interlock.errors import Refused
from interlock.model import Approval, ApprovalKind, Grant
from interlock.reasons import Reason

__all__ = ["given", "term"]


def term(approval: Approval, seconds: float) -> float:
    """How long one may grant what was asked, in seconds, of a wish for so many.

    Raises Refused (GRANT_REFUSED) when an asking rule allows no grants, or less than is wished.
    """
    most = min((ask.grant for ask in approval.asks), default=0.0)
    if not most > 0:
        raise Refused(Reason.GRANT_REFUSED, "the rule that asks allows no grants", hint="approve it once")
    if not 0 < seconds <= most:
        hint = "choose a shorter time"
        raise Refused(Reason.GRANT_REFUSED, f"the rule that asks grants {most:g} seconds at most", hint=hint)
    return seconds


def given(approval: Approval, id: str, earlier: Iterable[Grant], now: float) -> Grant | None:
    """The grant that an approval has become by its last vote, if it has.

    Everybody who approved has to have widened it, and the shortest time counts; one that was asked for as a grant has
    its own. `earlier` are grants in force of the same holder: under a rule that gave one, the longest term counts from
    when the first of the row began. Raises Refused (GRANT_REFUSED) when nothing is left of it.
    """
    asked = approval.wanted.get("seconds")
    times = [vote.seconds for vote in approval.votes if vote.approves]
    if approval.kind is not ApprovalKind.OPERATION:
        times = [float(asked) if isinstance(asked, int | float) else 0.0, *(time for time in times if time > 0)]
    seconds = min(times, default=0.0)
    operations = _operations(approval)
    if not seconds > 0 or not operations:
        return None
    seconds = term(approval, seconds)
    since = _since(approval, earlier, now)
    until = min(now + seconds, since + min(ask.grant for ask in approval.asks))
    if not until > now:
        hint = "it can be asked for anew when the grant that is in force has ended"
        raise Refused(Reason.GRANT_REFUSED, "the longest term of this grant is over", hint=hint)
    return Grant(
        id=id,
        holder=approval.requester,
        connection=approval.connection,
        operations=operations,
        rules=tuple(ask.rule for ask in approval.asks),
        begins=now,
        until=until,
        by=tuple(vote.by for vote in approval.votes if vote.approves),
        because=next((vote.reason for vote in reversed(approval.votes) if vote.reason), ""),
        rules_digest=approval.rules_digest,
        approval=approval.id,
        since=since,
    )


def _operations(approval: Approval) -> tuple[str, ...]:
    wanted = approval.wanted.get("operations")
    names: Sequence[object] = wanted if isinstance(wanted, list | tuple) else (approval.operation,)
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name and "*" not in name))


def _since(approval: Approval, earlier: Iterable[Grant], now: float) -> float:
    """When the row began that this grant would continue."""
    rules = {ask.rule for ask in approval.asks}
    row = [
        grant.since or grant.begins
        for grant in earlier
        if grant.holds(now)
        and grant.holder.key == approval.requester.key
        and grant.connection == approval.connection
        and not rules.isdisjoint(grant.rules)
    ]
    return min(row, default=now)
