"""Tables of access reviews, for people at a terminal."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from interlock.cli._show import plain, table

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from interlock.access.asking import Item
    from interlock.access.drift import Finding
    from interlock.access.report import GroupUse, Use
    from interlock.model import JSON, Campaign

__all__ = [
    "campaign_row",
    "campaigns_table",
    "day",
    "drift_table",
    "groups_table",
    "item_row",
    "items_table",
    "uses_table",
]

_STYLES = {"used": "green", "refused": "bold red", "never-used": "yellow"}
_BLOCKS = " ▁▂▃▄▅▆▇█"
_SPARK = 14
_DAY = 86400.0
_MOST = 1000


def day(at: float) -> str:
    """A moment as a date and a time (UTC)."""
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(at)) if at else ""


def uses_table(uses: Sequence[Use]) -> Table:
    """Each principal's permissions."""
    from rich.text import Text

    rows: list[tuple[str | Text, ...]] = [
        (
            use.subject, use.rule or "(no rule)", use.gives, Text(use.state, _STYLES[use.state]), str(use.row.uses),
            _spark(use.row.days), use.row.first[:10], use.row.last[:10], str(use.row.refused or ""),
            f"{use.row.approved} yes {use.row.denied} no" if use.row.approved or use.row.denied else "",
            "; ".join(filter(None, (use.operations, use.tried and f"refused {use.tried}"))),
        )
        for use in uses[:_MOST]
    ]  # fmt: skip
    heads = ("who", "rule", "gives", "state", "uses", "days", "first", "last", "refused", "people", "what")
    more = f"... and {len(uses) - _MOST} more: --format csv has all of them" if len(uses) > _MOST else ""
    return table(heads, rows, title=more)


def groups_table(groups: Sequence[GroupUse]) -> Table:
    """Each group's permissions."""
    rows = [
        (
            one.group,
            one.rule or "(no rule)",
            f"{one.users} of {one.members}",
            str(one.uses),
            str(one.refused),
            one.last[:10],
        )
        for one in groups[:_MOST]
    ]
    return table(("group", "rule", "used by", "uses", "refused", "last"), rows)


def drift_table(found: Sequence[Finding]) -> Table:
    """What has drifted."""
    return table(
        ("kind", "what", "evidence", "what to do"), [(one.kind, one.subject, one.evidence, one.remedy) for one in found]
    )


def campaigns_table(campaigns: Sequence[Campaign]) -> Table:
    """Campaigns, newest first."""
    rows = [
        (
            one.id, str(one.state), one.title, day(one.opened), day(one.due),
            f"every {one.cadence / _DAY:.3g} days" if one.cadence else "once", ", ".join(one.groups) or "as rules say",
            str(len(one.items)), one.by.subject,
        )
        for one in campaigns
    ]  # fmt: skip
    heads = ("campaign", "state", "title", "opened", "due", "again", "reviewers", "permissions", "by")
    return table(heads, rows, whole=("campaign",))


def items_table(items: Sequence[Item]) -> Table:
    """What a campaign asks about, and how it stands."""
    rows = []
    for item in items:
        said = item.said
        words = f"{said.word} by {said.by.subject}: {said.reason}" if said is not None else ""
        changed = "changed since" if item.changed else ""
        stands = f"until {day(item.until)}" if item.until else "does not stand"
        one = item.permission
        you, seen = changed or item.refused or "you may attest it", str(version_of(item))
        rows.append((one.rule, str(one.scope), stands, words, you, seen, one.id))
    return table(("rule", "about", "stands", "said", "you", "seen", "permission"), rows)


def version_of(item: Item) -> int:
    """The version of a permission's record: a word may be bound to what was read."""
    return item.record.version if item.record is not None else 0


def campaign_row(one: Campaign) -> dict[str, JSON]:
    """A campaign for machines."""
    return {
        "id": one.id, "state": str(one.state), "title": one.title, "opened": one.opened, "due": one.due,
        "cadence": one.cadence, "groups": [*one.groups], "by": one.by.subject, "permissions": len(one.items),
        "follows": one.follows, "closed": one.closed, "why": one.why,
    }  # fmt: skip


def item_row(item: Item) -> dict[str, JSON]:
    """One permission of a campaign for machines."""
    one, said = item.permission, item.said
    return {
        "id": one.id, "rule": one.rule, "meaning": one.meaning, "issuer": one.scope.issuer,
        "subject": one.scope.subject, "group": one.scope.group,
        "until": item.until, "changed": item.changed, "refused": item.refused,
        "word": str(said.word) if said is not None else "", "reason": said.reason if said is not None else "",
        "only": [*said.only] if said is not None else [], "by": said.by.subject if said is not None else "",
        "at": said.at if said is not None else 0, "seen": version_of(item),
    }  # fmt: skip


def _of(one: GroupUse) -> str:
    return f"{one.users} of {one.members}"


def _spark(days: dict[str, int]) -> str:
    """The last days on which it was used, as a row of blocks."""
    last = [days[name] for name in sorted(days)][-_SPARK:]
    largest = max(last, default=1)
    return plain("".join(_BLOCKS[max(1, 8 * count // largest)] for count in last))
