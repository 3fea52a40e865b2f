"""`blocklist:` and packs as JSON Schema; its sentences are their documentation."""

from __future__ import annotations

from interlock import commands
from interlock.engine.rules_schema_kinds import NAME, TEXT, TEXTS, Schema, any_of, choice, choices, items, record, says
from interlock.engine.rules_schema_operation import ABOUT, PROPOSE, SEND
from interlock.policy.blocklist import SCOPES

__all__ = ["MODE", "ON", "blocklist_entry", "pack"]

ON = says(TEXTS, 'Connections, `agent` for what an agent runs itself, or "*" for every connection.')
MODE = says(choice(("enforce", "report")), "`report` only records what the rule would say (default enforce).")

_MATCH = {
    "action": "The operation's own word, as in destroy or ddl.",
    "kinds": "SQL: statements in it, at any depth: drop, delete, truncate, grant, ...",
    "objects": "SQL: what is created, changed or dropped: table, view, ...",
    "tables": "SQL: any table in it.",
    "reads": "SQL: tables it reads.",
    "writes": "SQL: tables it writes.",
    "columns": "SQL: columns it names.",
    "functions": "SQL: functions it calls.",
    "verb": "Shell: what it is told to do, wherever options stand: push, stash drop, delete ns|namespace.",
    "command": "Shell: the program's name, wrappers such as sudo or env taken off.",
    "words": "Shell: any word after it.",
    "args": "Shell: words as a program reads them: -n prod, -nprod, -n=prod are one.",
    "options": "Shell: short options taken apart, long ones without their value.",
    "paths": "Shell: files and folders it names.",
    "hosts": "Shell: hosts it names.",
    "flags": "What the analysis found: no-where, dynamic, files, recursive-delete, download-and-run, ...",
}
_SQL = ("action", "kinds", "objects", "tables", "reads", "writes", "columns", "flags", "functions")
_SHELL = ("action", "command", "verb", "words", "args", "options", "paths", "hosts", "flags")
_EXCEPT: dict[str, Schema] = {
    "paths": says(TEXTS, "Folders by name, or below one like /tmp; a command that touches nothing else passes."),
    "rules": says(TEXTS, "Rules of the pack to leave out."),
}
_USED: dict[str, Schema] = {
    "use": says(TEXT, "packs/NAME, a file under rules/."),
    "except": says(record("except", (), _EXCEPT), "What of it does not hold here."),
    "on": ON,
    "mode": MODE,
}


def blocklist_entry() -> Schema:
    """An entry of `blocklist:`: a pack, or an entry of its own."""
    own = record(
        "a blocklist entry",
        ("id",),
        {
            "id": says(NAME, "Its name."),
            "language": says(choice(commands.languages()), "With match: what it looks at."),
            "match": says(_match("match"), "Commands: members are and, lists any of, `*` any characters."),
            "unless": says(_match("unless"), "With match: what of it passes."),
            "operations": says(TEXTS, "Operations, as in model.provider-tool:*, in place of language and match."),
            **ABOUT,
            "text": says(TEXT, "Any text: a pattern with a time limit, in place of language and match."),
            "in": says(choices(SCOPES), "With text: where it looks (default everywhere)."),
            "on": ON,
            "mode": MODE,
            "says": says(TEXT, "What the agent is told."),
            "remedy": says(TEXT, "What it should do instead."),
        },
    )
    return any_of(record("a pack's entry", ("use",), _USED), own)


def _match(what: str) -> Schema:
    return any_of(*(record(what, (), {name: says(TEXTS, _MATCH[name]) for name in names}) for names in (_SQL, _SHELL)))


def pack() -> Schema:
    """A file under packs/: about commands of one language, or about what a protocol carries."""
    common: dict[str, Schema] = {
        "id": says(NAME, "Its name."),
        "says": says(TEXT, "What the command does, for the agent."),
        "remedy": says(TEXT, "What to do instead."),
    }
    texts = {
        "caught": says(TEXTS, "Commands it must stop."),
        "passes": says(TEXTS, "Commands that only look like them."),
    }
    look = {"match": says(_match("match"), "What it looks for."), "unless": says(_match("unless"), "What passes.")}
    needed = ("id", "says", "remedy", "caught", "passes")
    about = record("a rule of a pack", (*needed, "match"), {**common, **look, **texts})
    samples = {
        "caught": says(items(_sample()), "What it must stop."),
        "passes": says(items(_sample()), "What only looks like it."),
    }
    by_name = {"operations": says(TEXTS, "The operations it names."), **ABOUT}
    carried = record("a rule of a pack", (*needed, "operations"), {**common, **by_name, **samples})
    return record(
        "a pack",
        ("pack", "version", "says", "rules"),
        {
            "pack": says(NAME, "The file's own name."),
            "version": {"const": 1},
            "says": says(TEXT, "What it is for."),
            "language": says(choice(commands.languages()), "What its commands are written in."),
            "dialect": says(TEXT, "For SQL, how its cases are read."),
            "protocol": says(TEXT, "In place of language: the protocol whose operations its rules name."),
            "rules": says(any_of(items(about), items(carried)), "Its rules."),
        },
    )


def _sample() -> Schema:
    operation: dict[str, Schema] = {
        "name": says(TEXT, "As rules name it, as in mcp.sample."),
        "resource": says(TEXT, "What it is about."),
        "arguments": says({"type": "object"}, "Its arguments."),
    }
    return record(
        "a pack's case",
        (),
        {
            "send": SEND,
            "propose": PROPOSE,
            "operation": says(record("an operation", ("name",), operation), "An operation as it is."),
        },
    )
