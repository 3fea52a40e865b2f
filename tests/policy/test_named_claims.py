"""Of a principal's claims only those are kept that rules ask about."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.policy.named_claims import named_claims
from interlock.source import read_yaml

ROWS = [
    ("[{to: {claims: {department: [finance], site: x}}}, {by: {claims: {level: 3}}}]", {"department", "site", "level"}),
    ("""[{to: {claims: {"$.realm.roles[*]": auditor, "$['tenant']": a}}}]""", {"realm", "tenant"}),
    ("""[{to: {claims: {"$..roles": auditor, department: a}}}]""", {"*"}),
    ("[{to: anyone, claims: 7}, 7, null, {to: {groups: [claims]}}]", set()),
]


@pytest.mark.parametrize(("text", "names"), ROWS)
def test_claims_that_rules_name(tmp_path: Path, text: str, names: set[str]) -> None:
    """By name or by path; where a path could mean any claim, all of them are asked about."""
    (tmp_path / "rules.yaml").write_text(text)
    assert named_claims(read_yaml(tmp_path / "rules.yaml")) == names
