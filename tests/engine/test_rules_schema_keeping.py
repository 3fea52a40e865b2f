"""What becomes of recordings, as JSON Schema."""

from __future__ import annotations

import jsonschema
import pytest

from interlock.engine.rules_schema_keeping import keeping
from interlock.recording.ship_target import known_kinds

_SCHEMA = {"type": "object", "properties": keeping(), "additionalProperties": False}


def test_every_kind_of_place_has_its_entry() -> None:
    """With each of its members described."""
    entries = {entry["properties"]["to"]["pattern"]: entry for entry in keeping()["ship"]["items"]["anyOf"]}
    assert len(entries) == len(known_kinds())
    assert all("description" in member for entry in entries.values() for member in entry["properties"].values())


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ({"ship": [{"to": "store"}]}, True),
        ({"ship": [{"to": "s3://bucket", "region": "eu", "access_key": "env:A"}]}, True),
        ({"ship": [{"to": "store", "region": "eu"}]}, False),
        ({"ship": [{"to": "ftp://host"}]}, False),
        ({"retain": [{"id": "a", "for": "30d", "to": {"groups": ["x"]}}]}, True),
        ({"retain": [{"id": "a"}]}, False),
        ({"holds": [{"id": "a", "why": "b", "to": "anyone"}]}, True),
        ({"holds": [{"id": "a", "to": "anyone"}]}, False),
        ({"encrypt": ["env:NEW", "env:OLD"]}, True),
    ],
)
def test_an_editor_sees_what_the_reader_takes(value, valid) -> None:
    """No more, no less."""
    assert jsonschema.Draft202012Validator(_SCHEMA).is_valid(value) is valid
