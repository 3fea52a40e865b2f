"""`policy:`, `masking:` and `cases:` as JSON Schema; its sentences are their documentation."""

from __future__ import annotations

from interlock.engine.rules_schema_blocklist import MODE, ON
from interlock.engine.rules_schema_kinds import (
    ANYTHING,
    DURATION,
    NAME,
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
from interlock.engine.rules_schema_operation import ABOUT, COMPARED, PROPOSE, SEND
from interlock.masking.actions import ACTIONS
from interlock.masking.detector import CONFIDENCES
from interlock.masking.rules import PLACES, SEALED, THINKING, known_detectors
from interlock.model import JSON
from interlock.policy.condition import known_members
from interlock.reasons import Reason

__all__ = ["case", "mask", "people", "rule"]

_TO = {
    "groups": says(TEXTS, "In any of these groups."),
    "subjects": says(TEXTS, "One of these subjects."),
    "acting_for": says(TEXTS, "Acts for one of these people."),
    "claims": says({"type": "object"}, "Claims of the token, by name or JSONPath: members and, lists any of."),
}
_WHEN: dict[str, Schema] = {
    "between": says(TEXT, 'A window of the day, as in "08:00-18:00"; the end is not in it.'),
    "days": says(TEXTS, "Days or ranges of days, as in mon-fri."),
    "zone": says(TEXT, "The time zone of both, as in Europe/Berlin."),
    "method": says(TEXTS, "The request's method, as in POST."),
    "path": says(TEXTS, "The request's path, a glob as in /v1/**."),
    "body": says(
        any_of(record("body", ("path",), COMPARED), items({"type": "object"})), "What stands in its JSON body."
    ),
}
_FROM = says(NAME, "The identity that vouches; needed once there are several.")


def people(what: str) -> dict[str, Schema]:
    """The members that say who somebody is; under `by` also how many of them."""
    known = {name: _TO.get(name, ANYTHING) for name in known_members("to")}
    more: dict[str, Schema] = {"people": says(whole(1, 20), "How many must agree (default 1).")} if what == "by" else {}
    return {"from": _FROM, **known, **more}


_THESE = "Operations, as in sql.read, tool.use:Bash, http.get /v1/*: these"
_RULE: dict[str, Schema] = {
    "id": says(NAME, "Its name, in every decision it makes."),
    "permit": says(TEXTS, f"{_THESE} pass."),
    "review": says(TEXTS, f"{_THESE} wait for a person."),
    "break-glass": says(TEXTS, f"{_THESE} may be granted in an emergency, by two people; until then it says nothing."),
    "forbid": says(TEXTS, f"{_THESE} never pass, whatever else permits them."),
    "on": ON,
    "to": says(TEXT, "Whom it speaks about; permit and review need it, `anyone` must be written."),
    "when": says(TEXT, "Under which circumstances; all of them must hold."),
    "mask": says(TEXTS, "Masking rules that apply when it permits."),
    "mode": {**MODE, "description": "For forbid: `report` only records what it would say (default enforce)."},
    "message": says(TEXT, "For forbid and review: what the agent is told."),
    "remedy": says(TEXT, "For forbid and review: what it should do instead."),
    "by": says(TEXT, "For review and break-glass: who may approve."),
    "attest": says(TEXT, "For permit and review: it counts only while somebody stands by it, in access reviews."),
    "hold": says(
        DURATION, "For review: how long a request waits, then it is answered with a ticket (default 50s, 0s: at once)."
    ),
    "expires": says(DURATION, "For review: how long the question stands (default 15m)."),
    "grant": says(
        record("grant", ("max",), {"max": says(DURATION, "Its longest time.")}),
        "For review: an approver may allow more of the same for a time.",
    ),
}


def rule() -> Schema:
    """An entry of `policy:`: one of permit, review, forbid and break-glass."""
    when = {name: _WHEN.get(name, ANYTHING) for name in known_members("when")}
    inner: dict[str, Schema] = {
        "to": any_of(choice(("anyone",)), record("to", (), people("to"))),
        "by": record("by", (), people("by")),
        "when": record("when", (), when),
        "attest": record("attest", ("by",), _attest()),
    }
    described = {name: {**kind, "description": _RULE[name]["description"]} for name, kind in inner.items()}
    effects: list[JSON] = [{"required": [effect]} for effect in ("permit", "review", "forbid", "break-glass")]
    return {**record("a rule", ("id",), {**_RULE, **described, **ABOUT}), "oneOf": effects}


def _attest() -> dict[str, Schema]:
    return {
        "every": says(DURATION, "How often somebody has to stand by it anew (default 90d)."),
        "by": {
            **record("by", (), people("by")),
            "description": "Who may: one person, whom it gives nothing.",
        },
        "overdue": says(
            choice(("review", "forbid")), "What it says while nobody does: every operation asks them, or none passes."
        ),
    }


_THINKING = "What happens to a model's signed thought in which it finds something (default record)."
_SEALED = "What happens to a model's thoughts that nobody can read (default pass)."


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
            "pattern": says(
                TEXT, "A regular expression of your own, searched in every line; past its time it refuses."
            ),
            "with": says(choice(ACTIONS), "What is put in its place (default redact)."),
            "prose": says(TEXT, "Names of people in running text, by this spaCy model; needs interlock[presidio]."),
            "scope": says(
                choice(("session", "connection")),
                "How long hashes and fakes stay the same: a session (the default), or the connection's life.",
            ),
            "min_confidence": says(choice(CONFIDENCES), "How sure a detector must be (default medium)."),
            "apply": says(
                choice(("always", "when-named")), "`when-named`: only where a rule says mask: (default always)."
            ),
            "where": says(choices(PLACES), "In which direction (default all three)."),
            "on": says(TEXTS, "Connections it is for (default all)."),
            "thinking": says(choice(THINKING), _THINKING),
            "sealed": says(choice(SEALED), _SEALED),
            "restore": says(
                any_of(_restore(), items(_restore())),
                "Where its tokens become values again on the way to a connection; all four must fit.",
            ),
        },
    )


def _restore() -> Schema:
    members = {
        "to": says(TEXTS, "The connections; in a request's JSON body only, never in headers, URLs or text."),
        "at": says(any_of(PATH, items(PATH)), "JSONPath of members that hold a token and nothing else."),
        "kinds": says(TEXTS, "Which of the rule's detectors (of a path or fields rule, its id)."),
        "from": says(TEXTS, "Where the value was first seen: connections, or `agent`."),
    }
    return record("restore", tuple(members), members)


_AS: dict[str, Schema] = {
    "from": _FROM,
    "subject": says(TEXT, "Their subject (default case)."),
    "groups": says(TEXTS, "Their groups."),
    "acting_for": says(TEXT, "Whom they act for."),
    "claims": says({"type": "object"}, "Further claims of their token."),
}
_CASE: dict[str, Schema] = {
    "as": says(any_of(choice(("anyone",)), record("as", (), _AS)), "Who tries."),
    "on": says(TEXT, "The connection, or `agent`."),
    "send": SEND,
    "propose": PROPOSE,
    "expect": says(choice(("permit", "review", "forbid")), "What must come of it."),
    "rule": says(TEXT, "Which rule must decide."),
    "reason": says(choice(str(reason) for reason in Reason), "With which reason."),
    "time": says(TEXT, "When, as in 2030-01-31T09:00+01:00 (default now)."),
}


def case() -> Schema:
    """An entry of `cases:`."""
    return record("a case", ("as", "on", "expect"), _CASE)
