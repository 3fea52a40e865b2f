"""The rule language as JSON Schema, for completion in editors; made from the tables that the readers use.

It says what may be written where. What a reader checks beyond that (references, ambiguity, rules that could never
match) only `interlock check` says.
"""

from __future__ import annotations

from interlock.engine import rules_schema_policy as policy
from interlock.engine.rules_schema_blocklist import blocklist_entry, pack
from interlock.engine.rules_schema_connection import connection
from interlock.engine.rules_schema_console import console
from interlock.engine.rules_schema_gateway import gateway, identity
from interlock.engine.rules_schema_kinds import Schema, any_of, record, says
from interlock.engine.rules_schema_masking import mask_entry, mask_pack
from interlock.engine.rules_schema_notify import notify
from interlock.engine.rules_schema_recording import recording

__all__ = ["rules_schema", "schema_text"]


def rules_schema() -> Schema:
    """The schema of one file: a pack when it says `pack:`, rules otherwise."""
    sections: dict[str, Schema] = {
        "version": says({"const": 1}, "The version of the rule language."),
        "gateway": says(gateway(), "Where the gateway listens, and its limits; in one file only."),
        "console": says(console(), "Where people decide and look; in one file only."),
        "recording": says(recording(), "How evidence is signed, anchored and kept; in one file only."),
        "identities": _list(identity(), "Who may vouch for callers."),
        "connections": _list(connection(), "What agents may reach at all."),
        "policy": _list(policy.rule(), "Who may do what there. What no rule permits does not pass."),
        "blocklist": _list(blocklist_entry(), "What nobody may do, whoever they are."),
        "masking": _list(mask_entry(), "What agents and models do not get to see."),
        "notify": _list(notify(), "Whom to tell of approvals, and how."),
        "cases": _list(policy.case(), "What the rules must say; run by interlock check."),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Interlock rules",
        "if": {"required": ["pack"]},
        "then": any_of(pack(), mask_pack()),
        "else": record("a rules file", ("version",), sections),
    }


def schema_text() -> str:
    """The schema as the file `rules/schema.json` holds it."""
    import json

    return json.dumps(rules_schema(), indent=1, ensure_ascii=False) + "\n"


def _list(kind: Schema, text: str) -> Schema:
    return says({"type": "array", "items": kind}, text)
