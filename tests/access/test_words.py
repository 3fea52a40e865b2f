"""A file of words is read strictly: what is wrong is said with its line, and nothing of it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.access.words import read_words
from interlock.errors import RulesInvalid
from interlock.model import Permission, Scope, Word

GOOD = """\
campaign: cmp-1
words:
  - {rule: analysts-read, word: keep, reason: read daily}
  - {rule: analysts-read, issuer: "https://idp.example.com", subject: agent-7, word: revoke, reason: retired}
  - {rule: writers-ask, group: interns, word: narrow, only: [sql.write], reason: test data, seen: 3}
"""


def test_words_for_every_scope(tmp_path: Path) -> None:
    """For everyone a rule names, for one principal, for a group."""
    (tmp_path / "words.yaml").write_text(GOOD, encoding="utf-8")
    campaign, said = read_words(tmp_path / "words.yaml")

    assert campaign == "cmp-1"
    assert [one.seen for one in said] == [None, None, 3]
    assert [(one.permission, one.word, one.only) for one in said] == [
        (Permission("analysts-read").id, Word.KEEP, ()),
        (Permission("analysts-read", scope=Scope("https://idp.example.com", "agent-7")).id, Word.REVOKE, ()),
        (Permission("writers-ask", scope=Scope(group="interns")).id, Word.NARROW, ("sql.write",)),
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("word: keep", "word: perhaps", "cannot be 'perhaps'"),
        (", reason: read daily", "", "needs 'reason'"),
        ('issuer: "https://idp.example.com", ', "", "say about whom"),
        ("group: interns", "rule: x, group: a", "twice"),
        ("writers-ask, group: interns", "analysts-read", "stands twice"),
        ("campaign: cmp-1\n", "", "needs 'campaign'"),
        ("seen: 3", "seen: -1", "seen must be a whole number"),
        ("rule: writers-ask", "rules: writers-ask", "no member 'rules'"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, says: str) -> None:
    """Everything at once, each with its place."""
    (tmp_path / "words.yaml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesInvalid, match=says):
        read_words(tmp_path / "words.yaml")
