"""`policy:`, `blocklist:`, `masking:`, `cases:` and packs as JSON Schema; its sentences are their documentation."""

from __future__ import annotations

from interlock import commands
from interlock.engine.rules_schema_kinds import (
    ANYTHING,
    DURATION,
    FLAG,
    HEADERS,
    NAME,
    NUMBER,
    PATH,
    TEXT,
    TEXTS,
    Schema,
    any_of,
    choice,
    choices,
    items,
    record,
    says,
    whole,
)
from interlock.masking.actions import ACTIONS
from interlock.masking.detector import CONFIDENCES
from interlock.masking.rules import PLACES, known_detectors
from interlock.model import JSON
from interlock.policy.blocklist import SCOPES
from interlock.policy.condition import known_members
from interlock.reasons import Reason

__all__ = ["blocklist_entry", "case", "mask", "pack", "rule"]

_MATCH = {
    "action": "The operation's own word, as in destroy or ddl.",
    "kinds": "SQL: statements in it, at any depth: drop, delete, truncate, grant, ...",
    "objects": "SQL: what is created, changed or dropped: table, view, ...",
    "tables": "SQL: any table in it.",
    "reads": "SQL: tables it reads.",
    "writes": "SQL: tables it writes.",
    "columns": "SQL: columns it names.",
    "functions": "SQL: functions it calls.",
    "command": "Shell: the program's name, wrappers such as sudo or env taken off.",
    "words": "Shell: any word after it.",
    "args": "Shell: words as a program reads them: -n prod, -nprod, -n=prod are one.",
    "options": "Shell: short options taken apart, long ones without their value.",
    "paths": "Shell: files and folders it names.",
    "hosts": "Shell: hosts it names.",
    "flags": "What the analysis found: no-where, dynamic, files, recursive-delete, download-and-run, ...",
}
_SQL = ("action", "kinds", "objects", "tables", "reads", "writes", "columns", "flags", "functions")
_SHELL = ("action", "command", "words", "args", "options", "paths", "hosts", "flags")
_TO = {
    "groups": says(TEXTS, "In any of these groups."),
    "subjects": says(TEXTS, "One of these subjects."),
    "acting_for": says(TEXTS, "Acts for one of these people."),
    "claims": says({"type": "object"}, "Claims of the token, by name or JSONPath: members and, lists any of."),
}
_COMPARISONS: dict[str, Schema] = {
    "path": says(PATH, "Where to look in the JSON body."),
    "equals": says(ANYTHING, "This value, type included."),
    "in": says({"type": "array", "minItems": 1}, "One of these values."),
    "matches": says(TEXTS, "A text like one of these; `*` stands for any characters."),
    "less_than": says(NUMBER, "Below it."),
    "at_most": says(NUMBER, "Not above it."),
    "more_than": says(NUMBER, "Above it."),
    "at_least": says(NUMBER, "Not below it."),
    "exists": says(FLAG, "Whether anything is there; stands alone."),
}
_WHEN: dict[str, Schema] = {
    "between": says(TEXT, 'A window of the day, as in "08:00-18:00"; the end is not in it.'),
    "days": says(TEXTS, "Days or ranges of days, as in mon-fri."),
    "zone": says(TEXT, "The time zone of both, as in Europe/Berlin."),
    "method": says(TEXTS, "The request's method, as in POST."),
    "path": says(TEXTS, "The request's path, a glob as in /v1/**."),
    "body": says(
        any_of(record("body", ("path",), _COMPARISONS), items({"type": "object"})), "What stands in its JSON body."
    ),
}
_FROM = says(NAME, "The identity that vouches; needed once there are several.")
_ON = says(TEXTS, 'Connections, `agent` for what an agent runs itself, or "*" for every connection.')
_MODE = says(choice(("enforce", "report")), "`report` only records what the rule would say (default enforce).")


def _people(what: str) -> dict[str, Schema]:
    known = {name: _TO.get(name, ANYTHING) for name in known_members("to")}
    more: dict[str, Schema] = {"people": says(whole(1, 20), "How many must agree (default 1).")} if what == "by" else {}
    return {"from": _FROM, **known, **more}


_THESE = "Operations, as in sql.read, tool.use:Bash, http.get /v1/*: these"
_RULE: dict[str, Schema] = {
    "id": says(NAME, "Its name, in every decision it makes."),
    "permit": says(TEXTS, f"{_THESE} pass."),
    "review": says(TEXTS, f"{_THESE} wait for a person (in this version they are refused)."),
    "forbid": says(TEXTS, f"{_THESE} never pass, whatever else permits them."),
    "on": _ON,
    "to": says(TEXT, "Whom it speaks about; permit and review need it, `anyone` must be written."),
    "when": says(TEXT, "Under which circumstances; all of them must hold."),
    "mask": says(TEXTS, "Masking rules that apply when it permits."),
    "mode": {**_MODE, "description": "For forbid: `report` only records what it would say (default enforce)."},
    "message": says(TEXT, "For forbid and review: what the agent is told."),
    "remedy": says(TEXT, "For forbid and review: what it should do instead."),
    "by": says(TEXT, "For review: who may approve."),
    "hold": says(DURATION, "For review: how long a request waits (default 50s)."),
    "expires": says(DURATION, "For review: how long the question stands (default 15m)."),
    "grant": says(
        record("grant", ("max",), {"max": says(DURATION, "Its longest time.")}),
        "For review: an approver may allow more of the same for a time.",
    ),
}


def rule() -> Schema:
    """An entry of `policy:`: one of permit, review and forbid."""
    when = {name: _WHEN.get(name, ANYTHING) for name in known_members("when")}
    inner: dict[str, Schema] = {
        "to": any_of(choice(("anyone",)), record("to", (), _people("to"))),
        "by": record("by", (), _people("by")),
        "when": record("when", (), when),
    }
    described = {name: {**kind, "description": _RULE[name]["description"]} for name, kind in inner.items()}
    effects: list[JSON] = [{"required": [effect]} for effect in ("permit", "review", "forbid")]
    return {**record("a rule", ("id",), {**_RULE, **described}), "oneOf": effects}


_EXCEPT: dict[str, Schema] = {
    "paths": says(TEXTS, "Folders by name; a command that touches nothing else passes."),
    "rules": says(TEXTS, "Rules of the pack to leave out."),
}
_USED: dict[str, Schema] = {
    "use": says(TEXT, "packs/NAME, a file under rules/."),
    "except": says(record("except", (), _EXCEPT), "What of it does not hold here."),
    "on": _ON,
    "mode": _MODE,
}


def blocklist_entry() -> Schema:
    """An entry of `blocklist:`: a pack, or an entry of its own."""
    own = record(
        "a blocklist entry",
        ("id",),
        {
            "id": says(NAME, "Its name."),
            "language": says(choice(commands.languages()), "With match: what it looks at."),
            "match": says(_match(), "Commands: members are and, lists any of, `*` any characters."),
            "text": says(TEXT, "Any text: a pattern with a time limit, in place of language and match."),
            "in": says(choices(SCOPES), "With text: where it looks (default everywhere)."),
            "on": _ON,
            "mode": _MODE,
            "says": says(TEXT, "What the agent is told."),
            "remedy": says(TEXT, "What it should do instead."),
        },
    )
    return any_of(record("a pack's entry", ("use",), _USED), own)


def _match() -> Schema:
    return any_of(
        *(record("match", (), {name: says(TEXTS, _MATCH[name]) for name in names}) for names in (_SQL, _SHELL))
    )


def mask() -> Schema:
    """An entry of `masking:`."""
    detectors = choice(known_detectors())
    return record(
        "a masking rule",
        ("id",),
        {
            "id": says(NAME, "Its name, for `mask:` and `unmask:`."),
            "path": says(any_of(PATH, items(PATH)), "JSONPath of members to mask."),
            "detect": says(any_of(detectors, items(detectors)), "Kinds of values to find in any text."),
            "fields": says(TEXTS, "Members by name at any depth, case and separators aside."),
            "with": says(choice(ACTIONS), "What is put in its place (default redact)."),
            "min_confidence": says(choice(CONFIDENCES), "How sure a detector must be (default medium)."),
            "apply": says(
                choice(("always", "when-named")), "`when-named`: only where a rule says mask: (default always)."
            ),
            "where": says(choices(PLACES), "In which direction (default all three)."),
            "on": says(TEXTS, "Connections it is for (default all)."),
        },
    )


_AS: dict[str, Schema] = {
    "from": _FROM,
    "subject": says(TEXT, "Their subject (default case)."),
    "groups": says(TEXTS, "Their groups."),
    "acting_for": says(TEXT, "Whom they act for."),
    "claims": says({"type": "object"}, "Further claims of their token."),
}
_SEND: dict[str, Schema] = {
    "at": says(TEXT, 'Method and target, as in "POST /v1/query".'),
    "body": says(ANYTHING, "The JSON body."),
    "headers": says(HEADERS, "Headers."),
}
_PROPOSE: dict[str, Schema] = {"tool": says(TEXT, "The tool."), "input": says(ANYTHING, "Its input.")}
_CASE: dict[str, Schema] = {
    "as": says(any_of(choice(("anyone",)), record("as", (), _AS)), "Who tries."),
    "on": says(TEXT, "The connection, or `agent`."),
    "send": says(record("send", ("at",), _SEND), "A request."),
    "propose": says(record("propose", ("tool",), _PROPOSE), "With on: agent, a tool call of a model's reply."),
    "expect": says(choice(("permit", "review", "forbid")), "What must come of it."),
    "rule": says(TEXT, "Which rule must decide."),
    "reason": says(choice(str(reason) for reason in Reason), "With which reason."),
    "time": says(TEXT, "When, as in 2030-01-31T09:00+01:00 (default now)."),
}


def case() -> Schema:
    """An entry of `cases:`."""
    return record("a case", ("as", "on", "expect"), _CASE)


def pack() -> Schema:
    """A file under packs/."""
    entry = record(
        "a rule of a pack",
        ("id", "says", "remedy", "match", "caught", "passes"),
        {
            "id": says(NAME, "Its name."),
            "says": says(TEXT, "What the command does, for the agent."),
            "remedy": says(TEXT, "What to do instead."),
            "match": says(_match(), "What it looks for."),
            "caught": says(TEXTS, "Commands it must stop."),
            "passes": says(TEXTS, "Commands that only look like them."),
        },
    )
    return record(
        "a pack",
        ("pack", "version", "language", "rules"),
        {
            "pack": says(NAME, "The file's own name."),
            "version": {"const": 1},
            "says": says(TEXT, "What it is for."),
            "language": says(choice(commands.languages()), "What its commands are written in."),
            "dialect": says(TEXT, "For SQL, how its cases are read."),
            "rules": says(items(entry), "Its rules."),
        },
    )
