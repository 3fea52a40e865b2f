"""`operations:` in the blocklist and in packs."""

from __future__ import annotations

import pytest

from interlock.errors import RulesInvalid
from interlock.model import JSON, Operation
from interlock.policy.block_operations import read_operations
from interlock.schema import Reader
from interlock.source import read_yaml_text

TOOL: dict[str, JSON] = {"type": "web_search_20250305"}


@pytest.mark.parametrize(
    ("text", "operation", "named"),
    [
        ("{operations: 'model.provider-tool:*'}", Operation("model", "provider-tool:web_search", arguments=TOOL), True),
        ("{operations: 'model.provider-tool:*'}", Operation("model", "message"), False),
        ("{operations: [mcp.sample, model.list]}", Operation("model", "list"), True),
        ("{operations: mcp.sample}", Operation("model", "sample"), False),
        ("{operations: model.message, where: {system: true}}", Operation("model", "message"), False),
        (
            "{operations: model.message, where: {system: true}}",
            Operation("model", "message", arguments={"system": True}),
            True,
        ),
        ("{operations: shell.*, flags: [opaque]}", Operation("shell", "write", arguments={"flags": ["opaque"]}), True),
    ],
)
def test_operations_are_named(text: str, operation: Operation, named: bool) -> None:
    """By pattern, and by what conditions on arguments add."""
    reader = Reader()
    members = read_yaml_text(text, "x.yaml").value
    assert isinstance(members, dict)
    looks, protocols = read_operations(members["operations"], members, reader)
    reader.finish()
    assert looks is not None
    assert looks(operation) is named
    assert operation.protocol in protocols or not named


@pytest.mark.parametrize("text", ["['*.x']", "[]", "[sql.reed]", "7"])
def test_what_names_nothing_or_everything_is_an_error(text: str) -> None:
    """No entry blocks every protocol, or none."""
    reader = Reader()
    node = read_yaml_text(text, "x.yaml")
    assert read_operations(node, {}, reader)[0] is None
    with pytest.raises(RulesInvalid):
        reader.finish()
