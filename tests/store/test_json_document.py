"""What is kept as JSON text is read back as it was, or is an error."""

from __future__ import annotations

import pytest
from tests.approval.values import MAX, vote

from interlock.store.json_document import members, person, text, texts, whole


def test_members_come_back() -> None:
    """A dataclass in a dataclass is an object in an object; tuples are lists."""
    found = members(text(vote(MAX, reason="é")))

    assert person(found["by"]) == MAX
    assert (found["reason"], found["rules"]) == ("é", list(vote(MAX).rules))


@pytest.mark.parametrize("document", ["", "[]", "7", "{", "null", "[" * 100_000])
def test_what_is_no_object_is_an_error(document: str) -> None:
    """However it is nested."""
    with pytest.raises((TypeError, ValueError)):
        members(document)


@pytest.mark.parametrize("found", ["abc", None, [1], {"a": "b"}])
def test_only_lists_of_texts_are_texts(found: object) -> None:
    """A text is not taken for the list of its characters."""
    with pytest.raises(TypeError):
        texts(found)
    with pytest.raises(TypeError):
        person({"identity": "corp", "issuer": "i", "subject": "s", "groups": found})


@pytest.mark.parametrize("error", [KeyError, TypeError, ValueError])
def test_the_store_is_named(error: type[Exception]) -> None:
    """Who meets it learns which store holds what cannot be read."""
    with pytest.raises(OSError, match=r"^the store of grants holds what cannot be read$"), whole("grants"):
        raise error
