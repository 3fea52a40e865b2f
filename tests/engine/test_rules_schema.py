"""The published schema says what the readers read, no more and no less."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from interlock.engine.rules import load_rules
from interlock.engine.rules_schema import rules_schema, schema_text
from interlock.errors import RulesInvalid
from interlock.model import JSON
from interlock.schema import Reader
from interlock.source import Node, read_yaml, read_yaml_text

RULES = Path(__file__).resolve().parents[2] / "rules"

EVERYTHING = """
version: 1
gateway: {limits: {}}
console: {sign_in: {}, roles: {approver: {}}}
recording:
 {anchors: [{to: file}, {to: store}, {to: webhook}, {to: rfc3161}],
  ship: [{to: store}, {to: "file:"}, {to: "s3:"}, {to: "gs:"}, {to: "az:"}],
  retain: [{to: {}}], holds: [{to: {}}], prices: [{}]}
identities:
  - {name: one, scheme: jwt, claims: {}}
  - {name: other, scheme: mtls}
connections:
  - {name: a, protocol: mcp, hosts: ["https://a.example.com"], commands: [{}], credential: {}, unmask: [{}], tools: {},
     estimate: {}}
policy:
  - {id: asks, review: [mcp.call], on: [a], to: {}, by: {}, when: {body: {}}, grant: {}}
  - {id: looks, permit: [sql.read], on: [a], to: {}, tables: {}, columns: {}, flags: {}, where: {kinds: {}},
     attest: {by: {}}}
blocklist:
  - {use: packs/some, except: {}}
  - {use: packs/other}
  - {id: for-sql, language: sql, match: {}, unless: {}}
  - {id: for-shell, language: shell, match: {}, unless: {}}
masking: [{id: a, restore: {}}, {use: packs/masks}]
notify: [{}]
cases:
  - {as: {}, on: a, expect: permit, send: {}}
  - {as: {}, on: agent, expect: permit, propose: {}}
"""
PACK = "{pack: some, version: 1, language: sql, rules: [{}]}"
MASKS = "{pack: masks, version: 1, masking: [{}]}"
OTHER = "{pack: other, version: 1, protocol: mcp, rules: [{caught: [{send: {}}, {propose: {}}, {operation: {}}]}]}"


def _records(schema: Any) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Every record in a schema: what it is called, what it may hold, what it must."""
    if isinstance(schema, dict):
        if isinstance(schema.get("title"), str) and "properties" in schema:
            yield schema["title"], frozenset(schema["properties"]), frozenset(schema["required"])
        for inner in schema.values():
            yield from _records(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _records(inner)


def test_every_member_is_in_the_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a reader accepts or demands, the schema does, and nothing else."""
    read: set[tuple[str, frozenset[str], frozenset[str]]] = set()
    mapping = Reader.mapping

    def listening(
        self: Reader, node: Node, what: str, *, required: Collection[str] = (), optional: Collection[str] = ()
    ) -> dict[str, Node]:
        read.add((what, frozenset((*required, *optional)), frozenset(required)))
        return mapping(self, node, what, required=required, optional=optional)

    monkeypatch.setattr(Reader, "mapping", listening)
    rules = tmp_path / "rules"
    (rules / "packs").mkdir(parents=True)
    (rules / "all.yaml").write_text(EVERYTHING)
    (rules / "packs" / "some.yaml").write_text(PACK)
    (rules / "packs" / "other.yaml").write_text(OTHER)
    (rules / "packs" / "masks.yaml").write_text(MASKS)
    with pytest.raises(RulesInvalid):
        load_rules(rules)
    written = {(what, members, _demanded(what, needed)) for what, members, needed in _records(rules_schema())}
    assert written == {(what, members, needed) for what, members, needed in read if members}


def _demanded(what: str, needed: frozenset[str]) -> frozenset[str]:
    """What the readers demand in words of their own stands as required in the schema."""
    own = {"a rules file": {"version"}, "an identity": {"scheme"}}
    return needed - own.get(what, set())


@pytest.mark.parametrize("path", sorted(RULES.rglob("*.yaml")), ids=lambda path: path.name)
def test_shipped_rules_fit(path: Path) -> None:
    """The rules that ship are valid by the schema, so that no editor marks them."""
    jsonschema.Draft202012Validator(rules_schema()).validate(read_yaml(path).plain())


def test_schema_is_a_schema() -> None:
    """It is valid by the meta-schema of its own draft."""
    jsonschema.Draft202012Validator.check_schema(rules_schema())


@pytest.mark.parametrize(
    "text",
    [
        "policy: []",
        "{version: 1, polcy: []}",
        "{version: 1, policy: [{id: a, permit: [sql.read], forbid: [sql.ddl], on: x, to: anyone}]}",
        "{version: 1, connections: [{name: a, protocol: gopher, hosts: [x]}]}",
        "{version: 1, masking: [{id: a, detect: [emial]}]}",
        "{version: 1, gateway: {limits: {body: many}}}",
        "{version: 1, identities: [{name: a, issuer: x}]}",
        "{version: 1, cases: [{as: anyone, on: a, expect: permit, reason: because}]}",
        "{pack: a, version: 1, language: sql, rules: [{id: a}]}",
    ],
)
def test_mistakes_are_marked(text: str) -> None:
    """An editor marks a misspelt member, a word that is none of the choices, and what is missing."""
    document: JSON = read_yaml_text(text, "test.yaml").plain()
    assert not jsonschema.Draft202012Validator(rules_schema()).is_valid(document)


def test_every_member_is_explained() -> None:
    """Every member has a sentence, for the editor's hint and the README's tables."""

    def unexplained(schema: Any) -> Iterator[str]:
        if isinstance(schema, dict):
            if "properties" in schema:
                yield from (name for name, kind in schema["properties"].items() if not _explained(name, kind))
            for inner in schema.values():
                yield from unexplained(inner)
        elif isinstance(schema, list):
            for inner in schema:
                yield from unexplained(inner)

    assert list(unexplained(rules_schema())) == []


def _explained(name: str, kind: Any) -> bool:
    return "description" in kind or name == "version"


def test_file_is_current() -> None:
    """`rules/schema.json` is what `interlock check --schema` prints."""
    assert (RULES / "schema.json").read_text(encoding="utf-8") == schema_text()
    assert json.loads(schema_text()) == rules_schema()
