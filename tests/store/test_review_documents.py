"""What is read from a store of access reviews is whole, or an error."""

from __future__ import annotations

import json

import pytest
from tests.approval.values import MAX, NOW

from interlock.model import Attestation, Campaign, Permission, ReviewRecord, Scope, Word
from interlock.store import review_documents as documents

ITEM = Permission("analysts-read", "a" * 64, Scope(group="analyst"))
CAMPAIGN = Campaign("cmp-1", "Q3", NOW, NOW + 1, MAX, (ITEM,))
SAID = Attestation("cmp-1", ITEM, Word.NARROW, MAX, NOW, "why", ("sql.read",))
RECORD = ReviewRecord(ITEM, Word.KEEP, MAX, NOW, "why", version=3)


def test_documents_come_back() -> None:
    """Text and back is the same value."""
    assert documents.campaign(documents.text(CAMPAIGN)) == CAMPAIGN
    assert documents.attestation(documents.text(SAID)) == SAID
    assert documents.record(documents.text(RECORD)) == RECORD
    assert documents.record(documents.text(ReviewRecord(ITEM))) == ReviewRecord(ITEM)


@pytest.mark.parametrize(
    ("member", "value"),
    [("word", "perhaps"), ("at", "soon"), ("at", True), ("only", "sql.read"), ("only", [1]), ("permission", None),
     ("by", {"identity": "corp"}), ("unknown", 1), ("due", None)],
)  # fmt: skip
def test_what_is_not_a_record_is_an_error(member: str, value: object) -> None:
    """Nothing half-read decides."""
    document = {**json.loads(documents.text(RECORD)), member: value}
    with pytest.raises(OSError, match="cannot be read"):
        documents.record(json.dumps(document))


@pytest.mark.parametrize("text", ["", "[]", "{", "{}", "[" * 100_000])
def test_other_texts_are_errors(text: str) -> None:
    """Neither is anything else."""
    for read in (documents.record, documents.campaign, documents.attestation):
        with pytest.raises(OSError, match="cannot be read"):
            read(text)
