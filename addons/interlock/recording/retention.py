"""How long sessions are kept, by rule: which of them is to go, and of each why or why not.

A rule that names whom or what (`to`, `on`) outranks one that does not; of several that fit, the longest counts. A
session goes when that time since its end is over, unless it is held, open, damaged, or to be shipped first. Where
nobody can tell whose it is, every rule is taken to fit, and every hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from interlock.recording.dossier import Dossier, held_by, look_into
from interlock.recording.event import seconds
from interlock.recording.keyring import Keyring
from interlock.recording.reading import summarise
from interlock.recording.runs import session_folders
from interlock.settings import Hold, Keeping, Retain

__all__ = ["Verdict", "rule_for", "verdict", "verdicts"]

_DAY: Final = 86400.0

type Fate = Literal["goes", "kept", "held", "open", "unshipped", "damaged"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to become of a session, and why; `rule` is the rule of retention, or the hold, that says so."""

    session: str
    fate: Fate
    rule: str
    why: str


def rule_for(rules: tuple[Retain, ...], dossier: Dossier) -> Retain | None:
    """The rule that counts for a session."""
    if not dossier.known:
        return max(rules, key=lambda rule: rule.seconds, default=None)
    fitting = [
        rule
        for rule in rules
        if (rule.to is None or dossier.fits(rule.to)) and (not rule.on or not rule.on.isdisjoint(dossier.connections))
    ]
    narrow = [rule for rule in fitting if rule.to is not None or rule.on]
    return max(narrow or fitting, key=lambda rule: rule.seconds, default=None)


def verdicts(
    folder: Path,
    keeping: Keeping,
    now: float,
    *,
    keys: Keyring | None = None,
    shipped: Callable[[str], bool] = lambda _: True,
    gentle: bool = False,
) -> Iterator[Verdict]:
    """Of each session what is to become of it, oldest first. Raises OSError for the folder itself.

    `shipped` says whether a session is wherever it is to be shipped, just as it is here. A session that is younger
    than every rule asks for is not looked into.
    """
    if not keeping.retain:
        return
    shortest = min(rule.seconds for rule in keeping.retain)
    for name in session_folders(folder):
        summary = summarise(folder / name, keys)
        if summary.state == "closed" and now - seconds(summary.ended) < shortest:
            yield Verdict(name, "kept", "", "younger than any rule asks for")
            continue
        yield verdict(look_into(folder / name, keys, gentle=gentle), keeping, now, shipped)


def verdict(dossier: Dossier, keeping: Keeping, now: float, shipped: Callable[[str], bool]) -> Verdict:
    """What is to become of one session, by these rules at this moment. Never raises, but what `shipped` does."""
    name = dossier.session
    if dossier.state in ("open", "torn"):
        return Verdict(name, "open", "", "it is open, or its gateway was killed and none has started since")
    if dossier.state != "closed" or not dossier.ended:
        return Verdict(name, "damaged", "", "its evidence cannot be read, so nobody can tell how old it is")
    rule = rule_for(keeping.retain, dossier)
    if rule is None:
        return Verdict(name, "kept", "", "no rule of retention speaks about it")
    age, limit = now - dossier.ended, f"{_days(rule.seconds)} after its end"
    if age < rule.seconds:
        return Verdict(name, "kept", rule.id, f"until {limit}; it ended {_days(age)} ago")
    hold: Hold | None = held_by(keeping.holds, dossier)
    if hold is not None:
        return Verdict(name, "held", hold.id, f"held: {hold.why}")
    if not shipped(name):
        return Verdict(name, "unshipped", rule.id, "it is not yet everywhere that it is to be shipped to")
    return Verdict(name, "goes", rule.id, f"kept until {limit}; it ended {_days(age)} ago")


def _days(seconds: float) -> str:
    days, hours = int(seconds // _DAY), int(seconds % _DAY // 3600)
    return f"{days} d" if days and not hours else f"{days} d {hours} h" if days else f"{hours} h"
