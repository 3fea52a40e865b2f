"""Words of a review as a file: the campaign, and for each permission keep, narrow or revoke with a reason.

campaign: cmp-x1h5m0w7c2d9k3qf
words:
  - {rule: analysts-read, word: keep, reason: read daily for the morning report}
  - {rule: analysts-read, issuer: "https://idp.example.com", subject: agent-7, word: revoke, reason: retired}
  - {rule: writers-ask, group: interns, word: narrow, only: [sql.write], reason: they load test data, seen: 3}
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from interlock.model import Permission, Scope, Word
from interlock.schema import Reader
from interlock.source import Node, read_yaml

__all__ = ["Said", "read_words"]

_MOST = 500


@dataclass(frozen=True, slots=True)
class Said:
    """One entry: the id of the permission, and what is said about it. `about` is the permission, where it is known,
    `seen` which version of its record they had read (None: they do not say).
    """

    permission: str
    word: Word
    reason: str
    only: tuple[str, ...] = ()
    about: Permission | None = None
    seen: int | None = None


def read_words(path: Path) -> tuple[str, list[Said]]:
    """The campaign's id and the words. Raises RulesInvalid with everything that is wrong, and where."""
    reader = Reader()
    members = reader.mapping(read_yaml(path), "a file of words", required=("campaign", "words"))
    campaign = reader.text(members.get("campaign"), "campaign")
    items = reader.items(members.get("words"), "words")
    if "words" in members and not 0 < len(items) <= _MOST:
        reader.error(members["words"], f"words has 1 to {_MOST} entries")
    found = [_said(item, reader) for item in items[:_MOST]]
    seen: set[str] = set()
    for item, said in zip(items, found, strict=False):
        if said.permission in seen:
            reader.error(item, "this permission stands twice", "say one word about it")
        seen.add(said.permission)
    reader.finish()
    return campaign, found


def _said(item: Node, reader: Reader) -> Said:
    members = reader.mapping(
        item, "a word", required=("rule", "word", "reason"), optional=("issuer", "subject", "group", "only", "seen")
    )
    rule, word, reason, issuer, subject, group = (
        reader.text(members.get(name), name) for name in ("rule", "word", "reason", "issuer", "subject", "group")
    )
    only = reader.texts(members.get("only"), "only")
    if word and word not in [*Word]:
        reader.error(members["word"], f"word cannot be {word!r}", "keep, narrow or revoke")
        word = ""
    if bool(issuer) != bool(subject) or (group and subject):
        reader.error(item, "say about whom: issuer and subject, or group, or neither for everyone the rule names")
    about = Permission(rule, scope=Scope(issuer, subject, group))
    seen = reader.number(members.get("seen"), "seen", -1)
    return Said(about.id, Word(word or Word.REVOKE), reason, only, about, seen if seen >= 0 else None)
