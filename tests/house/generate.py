"""Writes what is made from code: the README's tables and `rules/schema.json`.

    python -m tests.house.generate

The tables stand between `<!-- made: NAME -->` and `<!-- end -->`; a test says when they are not current.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable
from typing import Any

from tests.house.project import README, ROOT, readme

from interlock.engine.packs import load_packs, switched_on
from interlock.engine.rules_schema import rules_schema, schema_text
from interlock.masking import known_detectors, load_mask_packs
from interlock.policy.flag_words import FLAGS
from interlock.reasons import Reason
from interlock.recording.event_kinds import KINDS

__all__ = ["TABLES", "made", "main"]

_SECTIONS = {
    "gateway": ("gateway", "limits"),
    "console": ("console", "sign_in", "roles"),
    "notify": ("a notifier",),
    "recording": ("recording", "an anchor", "an entry of ship", "a retention rule", "a hold", "whose", "a price"),
    "identities": ("an identity", "claims"),
    "connections": ("a connection", "a command place", "credential", "estimate", "tools"),
    "policy": ("a rule", "tables", "columns", "flags", "a comparison", "to", "by", "when", "body", "grant", "attest"),
    "blocklist": ("a pack's entry", "except", "a blocklist entry", "match"),
    "masking": (
        "a masking pack's entry",
        "a masking rule",
    ),
    "cases": ("a case", "as", "send", "propose"),
    "packs": (
        "a pack",
        "a rule of a pack",
        "a pack's case",
        "an operation",
        "a masking pack",
        "a rule of a masking pack",
    ),
}
_SHOWN = {
    "gateway": "`gateway:`",
    "limits": "`gateway: limits:`",
    "console": "`console:`",
    "sign_in": "`sign_in:`",
    "roles": "`console: roles:`",
    "a notifier": "An entry of `notify:`",
    "recording": "`recording:`",
    "an anchor": "An entry of `recording: anchors:`",
    "an entry of ship": "An entry of `recording: ship:`",
    "a retention rule": "An entry of `recording: retain:`",
    "a hold": "An entry of `recording: holds:`",
    "whose": "`to:` of a retention rule or a hold",
    "a price": "An entry of `recording: prices:`",
    "an identity": "An entry of `identities:`",
    "claims": "`claims:` of an identity",
    "a connection": "An entry of `connections:`",
    "a command place": "An entry of `commands:`",
    "credential": "`credential:`",
    "estimate": "`estimate:` of a connection",
    "tools": "`tools:` of an MCP connection",
    "a rule": "An entry of `policy:`",
    "tables": "`tables:` as a mapping",
    "columns": "`columns:` as a mapping",
    "flags": "`flags:` as a mapping",
    "a comparison": "A comparison in `where:`",
    "to": "`to:`",
    "by": "`by:`",
    "when": "`when:`",
    "body": "`when: body:`",
    "grant": "`grant:`",
    "attest": "`attest:`",
    "a pack's entry": "An entry of `blocklist:` that uses a pack",
    "except": "`except:`",
    "a blocklist entry": "An entry of `blocklist:` of its own",
    "match": "`match:`",
    "a masking pack's entry": "An entry of `masking:` that uses a pack",
    "a masking pack": "A file under `packs/` that holds masking rules",
    "a rule of a masking pack": "A rule of a masking pack",
    "a masking rule": "An entry of `masking:`",
    "a case": "An entry of `cases:`",
    "as": "`as:`",
    "send": "`send:`",
    "propose": "`propose:`",
    "a pack": "A file under `packs/`",
    "a rule of a pack": "A rule of a pack",
    "a pack's case": "A case of a pack with a `protocol`",
    "an operation": "`operation:`",
}
_GROUPS = {
    "Passed": ("permitted", "observed"),
    "The gateway itself": ("not-ready", "not-found"),
    "Containment": ("unknown-host", "upstream-unreachable"),
    "Identity": ("token-missing", "run-refused"),
    "Bodies": ("body-too-large", "response-forbidden"),
    "Policy": ("no-rule", "credential-rejected"),
}


def settings(section: str) -> str:
    """The tables of one section: every member and its sentence."""
    parts: dict[str, dict[str, list[Any]]] = {}
    _collect(rules_schema(), parts)
    tables = []
    for title in _SECTIONS[section]:
        rows = [
            f"| `{name}` | {_cell(kind)} |" for name, kind in parts[title].items() if name != "version" or section == ""
        ]
        tables.append("\n".join([f"**{_SHOWN[title]}**", "", "| member | says |", "|---|---|", *rows]))
    return "\n\n".join(tables)


def _collect(schema: Any, parts: dict[str, dict[str, list[Any]]]) -> None:
    """Every record's members by the record's title; records of one title (identities, matches) together."""
    if isinstance(schema, dict):
        if isinstance(schema.get("title"), str) and "properties" in schema:
            known = parts.setdefault(schema["title"], {})
            for name, kind in schema["properties"].items():
                known.setdefault(name, []).append(kind)
        for inner in schema.values():
            _collect(inner, parts)
    elif isinstance(schema, list):
        for inner in schema:
            _collect(inner, parts)


def _cell(kinds: list[dict[str, Any]]) -> str:
    sentences = dict.fromkeys(str(kind.get("description", "")) for kind in kinds)
    words = dict.fromkeys(word for kind in kinds for word in _words(kind))
    chosen = " One of " + ", ".join(f"`{word}`" for word in words) + "." if len(words) > 1 else ""
    return (" ".join(sentences) + ("" if len(words) > 20 else chosen)).replace("|", "\\|")


def _words(kind: dict[str, Any]) -> list[str]:
    found = [word for word in kind.get("enum", []) if isinstance(word, str)]
    for inner in kind.get("anyOf", []):
        found += [word for word in inner.get("enum", []) if word not in found and word != "anyone"]
    return found


def reasons() -> str:
    """Every reason in order, in the groups of its own list."""
    lines = ["| reason | says |", "|---|---|"]
    starts = {names[0]: group for group, names in _GROUPS.items()}
    for reason in Reason:
        if reason in starts:
            lines.append(f"| **{starts[reason]}** | |")
        lines.append(f"| `{reason}` | {reason.says} |")
    return "\n".join(lines)


def packs() -> str:
    """Every pack that ships: whether it is on, how many rules it has, what it stops."""
    on = switched_on(ROOT / "rules")
    lines = ["| pack | on by default | rules | stops |", "|---|---|---|---|"]
    for pack in sorted(load_packs(ROOT / "rules"), key=lambda pack: (pack.name not in on, pack.name)):
        lines.append(f"| `{pack.name}` | {'yes' if pack.name in on else 'no'} | {len(pack.rules)} | {pack.says} |")
    return "\n".join(lines)


def flags() -> str:
    """Every flag that commands carry, and what it says."""
    return "\n".join(["| flag | says |", "|---|---|", *(f"| `{flag}` | {says} |" for flag, says in FLAGS.items())])


def masks() -> str:
    """Every pack of masking rules that ships: its rules and what it masks."""
    lines = ["| pack | masks | rules |", "|---|---|---|"]
    for pack in load_mask_packs(ROOT / "rules"):
        rules = ", ".join(f"`{packed.rule.id}`" for packed in pack.rules)
        lines.append(f"| `{pack.name}` | {pack.says} | {rules} |")
    return "\n".join(lines)


def detectors() -> str:
    """Every detector with what it says of itself, the words it needs, and how sure it is."""
    lines = ["| detector | finds |", "|---|---|"]
    for name in known_detectors():
        module = importlib.import_module(f"interlock.masking.detectors.{name.replace('-', '_')}")
        lines.append(f"| `{name}` | {' '.join(str(module.__doc__).split())} |")
    return "\n".join(lines)


def events() -> str:
    """Every kind of event that a session holds, and what it says."""
    return "\n".join(["| event | says |", "|---|---|", *(f"| `{kind}` | {says} |" for kind, says in KINDS.items())])


TABLES: dict[str, Callable[[], str]] = {
    "reasons": reasons,
    "events": events,
    "packs": packs,
    "masks": masks,
    "detectors": detectors,
    "flags": flags,
    **{f"settings {name}": lambda name=name: settings(name) for name in _SECTIONS},
}


def made(text: str, names: Iterable[str] = tuple(TABLES)) -> str:
    """A text with its made parts as they are now."""
    for name in names:
        pattern = re.compile(rf"(<!-- made: {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
        content = TABLES[name]()
        text = pattern.sub(lambda match, content=content: f"{match[1]}\n{content}\n\n{match[2]}", text)
    return text


def main() -> None:
    """Write everything anew."""
    README.write_text(made(readme()), encoding="utf-8")
    (ROOT / "rules" / "schema.json").write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
