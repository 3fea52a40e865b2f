"""Recorded decisions under other rules: what comes out otherwise, what cannot be told, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.replay.world import ISSUER, NOON, RULES, World, bash, get, query, rules_in, who

from interlock.errors import InterlockError, RulesInvalid
from interlock.model import Access, Operation, Secret
from interlock.recording.keyring import Keyring
from interlock.recording.keys import read_kek
from interlock.replay import Differences, Window, compare
from interlock.replay.tally import EXAMPLES, Tally

ERIKA = who("erika.mustermann", "analyst")
MAX = who("max.mustermann", "writer")
JOHN = who("john.doe", "engineer")
MESSAGE = (Operation("model", "message", "claude-demo", Access.READ),)
POST = (Operation("http", "post", "/orders", Access.WRITE),)


def against(world: World, *changes: tuple[str, str], window: Window | None = None, add: str = "") -> Differences:
    """What the world's rules, changed so, would have decided otherwise."""
    text = RULES
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    now = rules_in(world.folder / "now", text + add)
    return compare(world.close(), now, window=window or Window())


def day(world: World) -> dict[str, str]:
    """Somebody reads, writes and is refused; references by what was done."""
    ask = world.ask
    talk = ask(JOHN, "claude", "POST", "/v1/messages", MESSAGE)
    return {
        "read": ask(ERIKA, "warehouse", "POST", "/v1/query", query("SELECT name FROM customers")),
        "again": ask(ERIKA, "warehouse", "POST", "/v1/query", query("SELECT name FROM customers")),
        "orders": ask(ERIKA, "warehouse", "POST", "/v1/query", query("SELECT id FROM orders")),
        "drop": ask(ERIKA, "warehouse", "POST", "/v1/query", query("DROP TABLE customers")),
        "write": ask(MAX, "warehouse", "POST", "/v1/query", query("UPDATE orders SET x = 1 WHERE id = 2")),
        "file": ask(MAX, "files", "GET", "/files/a.txt", get("/files/a.txt")),
        "stranger": ask(ERIKA, "", "GET", "", (), said={"effect": "forbid", "reason": "unknown-host", "rule": ""}),
        "talk": talk,
        "ls": world.propose(JOHN, talk, bash("ls -1")),
        "rm": world.propose(JOHN, talk, bash("rm -rf /srv")),
    }


def test_a_day_under_its_own_rules_differs_in_nothing(world) -> None:
    """Permitted, reviewed, forbidden, proposed: every word is the same, and so is every deciding rule."""
    day(world)
    found = against(world)
    assert found.nothing
    assert (found.decisions, found.judged, found.same, found.otherwise) == (10, 9, 9, 0)
    assert found.proposals == 2
    assert dict(found.carried) == {"unknown-host": 1}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "to: {groups: [analyst]}, mask",
            "to: {groups: [analyst]}, tables: {not: [customers]}, mask",
            {("forbidden", "erika.mustermann", "analysts-read", ""): ("read", "again")},
        ),
        (
            "review: [sql.write], on: [warehouse], to: {groups: [writer]}, by: {groups: [dba]}",
            "permit: [sql.write], on: [warehouse], to: {groups: [writer]}",
            {("permitted", "max.mustermann", "writers-ask", "writers-ask"): ("write",)},
        ),
        (
            'permit: ["http.get /files/**"], on: [files], to: {groups: [analyst, writer]}',
            'review: ["http.get /files/**"], on: [files], to: {groups: [analyst, writer]}, by: {groups: [dba]}',
            {("reviewed", "max.mustermann", "files-read", "files-read"): ("file",)},
        ),
        (
            "mask: [pii]",
            "mask: []",
            {("unmasked", "erika.mustermann", "analysts-read", "pii"): ("read", "again", "orders")},
        ),
        (
            "apply: when-named",
            "apply: always",
            {
                ("masked", "max.mustermann", "files-read", "pii"): ("file",),
                ("masked", "john.doe", "talk", "pii"): ("talk",),
                ("masked", "john.doe", "coding", "pii"): ("ls",),
            },
        ),
        ("shell.read]", "shell.read, shell.write]", {}),
        (
            "shell.read]",
            "shell.network]",
            {("forbidden", "john.doe", "coding", ""): ("ls",)},
        ),
        (
            "{name: files, protocol: http, hosts: [\"https://files.example.com\"]}",
            "{name: files, protocol: http, hosts: [\"https://elsewhere.example.com\"]}",
            {("forbidden", "max.mustermann", "files-read", ""): ("file",)},
        ),
    ],
)  # fmt: skip
def test_one_rule_changed_differs_exactly_where_it_speaks(world, old, new, expected) -> None:
    """By kind, principal, the rule that decided and the one that decides; with the events, and nothing else."""
    known = day(world)
    found = against(world, (old, new.replace("mask: []", "")))
    got = {(one.kind, one.subject, one.was, one.rule): set(one.examples) for one in found.changes}
    assert got == {key: {known[name] for name in names} for key, names in expected.items()}
    assert not found.undecided
    assert all(one.issuer == ISSUER and one.count == len(one.examples) for one in found.changes)


def test_what_people_said_answers_the_rules_they_spoke_for(world) -> None:
    """An approval counts as it was recorded: for its rule, and by as many people as the rule wants now."""
    world.approval(MAX, "apr-1", "writers-ask", "reviewer-1")
    approved = {"effect": "permit", "reason": "approved", "approval": "apr-1"}
    update = query("UPDATE orders SET x = 1 WHERE id = 2")
    reference = world.ask(MAX, "warehouse", "POST", "/v1/query", update, said=approved)
    assert against(world).nothing
    more = against(world, ("by: {groups: [dba]}", "by: {groups: [dba], people: 2}"))
    assert [(one.kind, one.rule, one.examples) for one in more.changes] == [("reviewed", "writers-ask", (reference,))]
    other = against(world, ("writers-ask", "others-ask"))
    assert [(one.kind, one.was, one.rule) for one in other.changes] == [("reviewed", "writers-ask", "others-ask")]


def test_an_approval_written_after_the_proposal_counts(world) -> None:
    """What a model proposes is decided before the approval's use is written."""
    asks = "  - {id: ask-shell, review: [shell.write], on: agent, to: {groups: [engineer]}, by: {groups: [dba]}}\n"
    text = RULES.replace("masking:", asks + "masking:")
    world.rules = rules_in(world.folder / "then", text)
    talk = world.ask(JOHN, "claude", "POST", "/v1/messages", MESSAGE)
    approved = {"effect": "permit", "reason": "approved", "approval": "apr-2"}
    world.propose(JOHN, talk, bash("touch a.txt"), said=approved)
    world.approval(JOHN, "apr-2", "ask-shell", "reviewer-1")
    assert compare(world.close(), world.rules).nothing
    two = rules_in(
        world.folder / "two",
        text.replace("[engineer]}, by: {groups: [dba]}", "[engineer]}, by: {groups: [dba], people: 2}"),
    )
    assert [one.kind for one in compare(world.recorded, two).changes] == ["reviewed"]


def test_a_grant_holds_as_it_was_recorded(world) -> None:
    """What was granted then passes where the same rule asks, and asks where another one does."""
    granted = {"effect": "permit", "reason": "granted", "grants": ["grt-1"]}
    world.ask(MAX, "warehouse", "POST", "/v1/query", query("UPDATE orders SET x = 1 WHERE id = 2"), said=granted)
    assert against(world).nothing
    assert [one.kind for one in against(world, ("writers-ask", "others-ask")).changes] == ["reviewed"]


def test_time_is_that_of_the_decision(world) -> None:
    """Office hours are judged by the moment that was recorded, not by now."""
    world.ask(ERIKA, "files", "GET", "/files/a", get("/files/a"))
    world.clock.seconds = NOON + 10 * 3600
    late = world.ask(ERIKA, "files", "GET", "/files/a", get("/files/a"))
    hours = "to: {groups: [analyst, writer]}, when: {between: '08:00-18:00', zone: UTC}"
    found = against(world, ("to: {groups: [analyst, writer]}", hours))
    assert [(one.kind, one.examples) for one in found.changes] == [("forbidden", (late,))]
    assert found.same == 1


def test_what_was_observed_is_judged_as_observed_unless_told_otherwise(world) -> None:
    """A learning gateway's day is the same under its rules; enforced, it shows what would be forbidden."""
    world.observe = True
    world.ask(MAX, "files", "GET", "/other", get("/other"))
    assert against(world).nothing
    enforced = compare(world.recorded, world.rules, window=Window(enforced=True))
    assert [(one.kind, one.reason) for one in enforced.changes] == [("forbidden", "no-rule")]


def test_a_window_of_time_judges_what_lies_in_it(world) -> None:
    """From then on, and before then; replies still find their requests."""
    talk = world.ask(JOHN, "claude", "POST", "/v1/messages", MESSAGE)
    world.clock.seconds += 60
    world.propose(JOHN, talk, bash("ls -1"))
    assert against(world, window=Window(since="2026-01-01T12:00:30.000Z")).decisions == 1
    assert compare(world.recorded, world.rules, window=Window(until="2026-01-01T12:00:30.000Z")).proposals == 0


BODY = '  - {id: small, permit: ["http.post /orders"], on: [files], to: {groups: [writer]}, when: {body: {path: $.limit, at_most: 10}}}\nmasking:'  # noqa: E501
TEXT = "blocklist:\n  - {id: codename, text: '(?i)nightfall', in: [http, commands]}\n"


@pytest.mark.parametrize(("body", "kinds"), [(b'{"limit": 3}', ["permitted"]), (b'{"limit": 30}', []), (b"{", [])])
def test_a_rule_that_looks_at_the_body_gets_the_recorded_one(world, body, kinds) -> None:
    """From the flow file, and the result says that it was so."""
    world.ask(MAX, "files", "POST", "/orders", POST, body=body)
    found = against(world, ("masking:", BODY))
    assert [one.kind for one in found.changes] == kinds
    assert (found.bodies, found.masked_bodies) == ((0, 0) if body == b"{" else (1, 0))
    assert [one.why for one in found.undecided] == (["body-not-recorded"] if body == b"{" else [])


def test_without_the_body_nothing_is_guessed(world) -> None:
    """A flow that is not there leaves the decision undecided, and names it."""
    reference = world.ask(MAX, "files", "POST", "/orders", POST, body=b'{"limit": 3}')
    flows = next(world.close().glob("*/flows.mitm"))
    flows.unlink()
    found = against(world, ("masking:", BODY))
    assert [(one.why, one.examples) for one in found.undecided] == [("body-not-recorded", (reference,))]
    assert not found.changes
    assert not found.nothing


@pytest.mark.parametrize(
    ("body", "kinds", "masked"),
    [
        (b'{"note": "Project Nightfall"}', ["forbidden"], 0),
        (b'{"note": "fine"}', [], 0),
        (b'{"note": "Nightfall for [redacted:email]"}', ["forbidden"], 1),
    ],
)
def test_a_text_of_the_blocklist_is_looked_for_in_the_recorded_body(world, body, kinds, masked) -> None:
    """And it is said how many were judged by masked texts."""
    world.ask(ERIKA, "files", "GET", "/files/a", get("/files/a"), body=body)
    found = against(world, add=TEXT)
    assert [one.kind for one in found.changes] == kinds
    assert (found.bodies, found.masked_bodies) == (1, masked)


def test_a_text_that_may_stand_behind_a_mask_is_not_judged(world) -> None:
    """It was found then; that another pattern does not find it in what is masked now says nothing."""
    text = RULES + TEXT
    world.rules = rules_in(world.folder / "then", text)
    blocked = {"effect": "forbid", "reason": "blocked", "rule": "codename", "masks": []}
    world.ask(ERIKA, "files", "GET", "/files/a", get("/files/a"), body=b'{"note": "[redacted:word]"}', said=blocked)
    same = rules_in(world.folder / "same", text.replace("[analyst, writer]", "[analyst]"))
    assert compare(world.close(), same).nothing  # the blocklist reads as it did
    other = rules_in(world.folder / "other", text.replace("nightfall", "night-?fall"))
    assert [one.why for one in compare(world.recorded, other).undecided] == ["text-masked"]


def test_commands_under_another_reading_are_read_again(world) -> None:
    """Where a connection finds its commands otherwise now, the recorded body is read as it would be."""
    world.ask(
        ERIKA, "warehouse", "POST", "/v1/query", query("SELECT 1 FROM customers"),
        body=b'{"query": "SELECT 1 FROM customers"}',
    )  # fmt: skip
    found = against(world, ("path: $.query", "path: $.sql"))
    assert [(one.kind, one.was) for one in found.changes] == [("forbidden", "analysts-read")]
    assert found.bodies == 1


def test_what_an_event_left_out_is_not_guessed(world) -> None:
    """Groups of a session without its `principal` event: the same rules say the same, others are not asked."""
    session = world.session(ERIKA)
    world.ask(ERIKA, "files", "GET", "/files/a", get("/files/a"))
    world.ask(ERIKA, "warehouse", "POST", "/v1/query", query("DROP TABLE a"))
    evidence = session.folder / "evidence.jsonl"
    world.close()
    lines = [line for line in evidence.read_bytes().splitlines(keepends=True) if b'"kind":"principal"' not in line]
    evidence.write_bytes(b"".join(lines))
    assert against(world).nothing
    found = against(world, ("[analyst, writer]", "[analyst]"))
    assert [(one.why, one.count) for one in found.undecided] == [("principal-not-recorded", 1)]
    assert found.same == 1  # nobody may drop a table, whoever asks


def test_claims_that_nobody_asked_about_are_not_known(world) -> None:
    """A new rule about a claim that was not written down cannot be decided; about one that was, it can."""
    dora = who("dora", "analyst", claims={"department": "sales"})
    world.ask(dora, "files", "GET", "/files/a", get("/files/a"))
    found = against(world, ("[analyst, writer]}", "[analyst, writer], claims: {department: sales}}"))
    assert [one.why for one in found.undecided] == ["principal-not-recorded"]


def test_hostile_lines_are_counted_and_harm_nobody(world) -> None:
    """What is no event, no JSON, or no decision; the rest is judged."""
    world.ask(ERIKA, "files", "GET", "/files/a", get("/files/a"))
    evidence = next(world.close().glob("*/evidence.jsonl"))
    with evidence.open("ab") as file:
        file.write(b'{"at":"x","data":{"effect":1,"reason":[]},"hash":"","kind":"decision","prev":"","seq":9}\n')
        file.write(b'{"at":"x","data":[],"hash":"","kind":"approval","prev":"","seq":9}\n')
        file.write(b'{"at":"x","data":{},"kind":"decision"\n' + b"\xff\xfe\n" + b"x" * (3 << 20) + b"\n")
        file.write(b'{"kind":"decision"')  # still being written
    found = against(world)
    assert found.same == 1
    assert found.damaged == 5
    assert not found.nothing


def test_refusals_that_were_only_counted_are_counted(world) -> None:
    """By their reason: what no policy decided stays, of the others nobody knows what they were."""
    session = world.session(ERIKA)
    told = [
        {"count": 7, "first": "x/2", "operation": "sql.ddl", "reason": "no-rule", "rule": ""},
        {"count": 3, "first": "", "operation": "", "reason": "body-unparsable", "rule": ""},
    ]
    session.note("repeated", {"refusals": told})
    found = against(world)
    assert (found.decisions, dict(found.carried)) == (10, {"body-unparsable": 3})
    assert [(one.why, one.count, one.examples) for one in found.undecided] == [("only-counted", 7, ("x/2",))]


def test_a_reply_without_its_request_is_undecided(world) -> None:
    """Also where it names another session's."""
    world.propose(JOHN, "01KDVDNA7TRV8AHWV5X9Y29GWS/2", bash("ls"))
    world.propose(JOHN, "nonsense", bash("ls"))
    assert [(one.why, one.count) for one in against(world).undecided] == [("request-not-recorded", 2)]


def test_several_processes_count_what_one_does(world, tmp_path: Path) -> None:
    """The same result in two, from the folder alone; in a program of its own, as the command is."""
    for number in range(4):
        world.ask(who(f"agent-{number}", "analyst"), "files", "GET", "/files/a", get("/files/a"))
    now = rules_in(tmp_path / "now", RULES.replace("[analyst, writer]", "[writer]"))
    one = compare(world.close(), now)
    program = (
        "import json, sys\nfrom pathlib import Path\nfrom interlock.engine.rules import load_rules\n"
        "from interlock.replay import backtest\nbacktest.ALONE = 0\n"
        "if __name__ == '__main__':\n    done = []\n"
        "    found = backtest.compare(Path(sys.argv[1]), load_rules(Path(sys.argv[2])), processes=2,"
        " progress=lambda now, of: done.append((now, of)))\n"
        "    print(json.dumps([found.document(), done]))\n"
    )
    script = tmp_path / "judge.py"
    script.write_text(program, "utf-8")
    done = subprocess.run(
        [sys.executable, script, world.recorded, now.folder], capture_output=True, text=True, check=True, timeout=300
    )
    found, progress = json.loads(done.stdout)
    assert found == json.loads(json.dumps(one.document()))
    assert progress[-1][0] == progress[-1][1] > 0
    assert found["newly"]["forbidden"] == 4


def test_nothing_to_judge_is_an_error(tmp_path: Path) -> None:
    """An empty folder proves nothing."""
    with pytest.raises(InterlockError, match="no sessions"):
        compare(tmp_path, rules_in(tmp_path / "rules"))


def test_rows_and_examples_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What differs beyond the rows is counted together, and nothing is counted twice when counts are put together."""
    monkeypatch.setattr("interlock.replay.tally.ROWS", 3)
    one, other = Tally(), Tally()
    for tally in (one, other):
        for number in range(5):
            for turn in range(EXAMPLES + 2):
                row = ("forbidden", "i", f"s{number}", "c", "o", "permit", "a", "b", "no-rule")
                tally.differs(row, f"2026-01-01T00:00:0{turn}.000Z", f"x/{turn}")
    one.add(other)
    found = one.differences("")
    assert len(found.changes) == 3
    assert sum(change.count for change in found.changes) + found.uncounted == 2 * 5 * (EXAMPLES + 2)
    assert all(len(change.examples) == EXAMPLES for change in found.changes)
    assert found.changes[0].first == "2026-01-01T00:00:00.000Z"
    assert found.changes[0].last == "2026-01-01T00:00:06.000Z"


@pytest.mark.parametrize(("key", "why"), [(True, None), (False, "sealed")])
def test_what_is_encrypted_is_judged_with_its_key_and_counted_without(world, monkeypatch, key, why) -> None:
    """Operations and bodies are opened where the key is reachable; where not, the decisions are named."""
    world.kek = read_kek(Secret("11" * 32), "env:KEY")
    world.ask(MAX, "files", "POST", "/orders", POST, body=b'{"limit": 3}')
    world.ask(ERIKA, "files", "GET", "/files/a", get("/files/a"))
    if key:
        monkeypatch.setattr(
            "interlock.recording.opening.reachable", lambda folder: Keyring(world.recorded, [world.kek])
        )
    found = against(world, ("masking:", BODY))
    assert found.decisions == 2
    assert [(one.why, one.count) for one in found.undecided] == ([(why, 2)] if why else [])
    assert [one.kind for one in found.changes] == (["permitted"] if key else [])


PARTS = {
    "effect": ["permit", "review", "forbid"],
    "what": ["sql.read", "sql.write", "sql.*", "http.get /files/**", "http.get /files/a"],
    "on": ["[warehouse]", "[files]", '"*"'],
    "groups": ["analyst", "writer", "engineer"],
    "mask": [", mask: [pii]", ""],
    "hours": ["", ", when: {between: '08:00-12:00', zone: UTC}", ", when: {method: [GET]}"],
}


@st.composite
def policies(draw: st.DrawFn) -> str:
    """A few rules, each about something and somebody."""
    rules = []
    for number in range(draw(st.integers(1, 4))):
        one = {name: draw(st.sampled_from(values)) for name, values in PARTS.items()}
        if one["on"] == '"*"' and one["effect"] != "forbid":
            one["on"] = "[warehouse]"
        asks = ", by: {groups: [dba]}" if one["effect"] == "review" else ""
        mask = one["mask"] if one["effect"] != "forbid" else ""
        rules.append(
            f"  - {{id: r{number}, {one['effect']}: ['{one['what']}'], on: {one['on']}, "
            f"to: {{groups: [{one['groups']}]}}{asks}{mask}{one['hours']}}}"
        )
    head, _, rest = RULES.partition("policy:\n")
    return head + "policy:\n" + "\n".join(rules) + "\nmasking:" + rest.partition("masking:")[2]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(then=policies(), now=policies(), data=st.data())
def test_any_two_policies_differ_as_the_decision_function_says(then, now, data) -> None:
    """Under its own rules no recording differs; under others exactly those decisions that come out otherwise."""
    with tempfile.TemporaryDirectory() as name:
        try:
            world = World(Path(name), rules_in(Path(name) / "then", then))
            other = rules_in(Path(name) / "now", now)
        except RulesInvalid:  # rules that could never match are none
            assume(False)
        expected: dict[str, set[str]] = {}
        operations = [
            query("SELECT 1 FROM a"),
            query("UPDATE a SET b = 1 WHERE c = 2"),
            get("/files/a"),
            get("/files/b"),
        ]
        for _ in range(data.draw(st.integers(1, EXAMPLES))):
            caller = data.draw(st.sampled_from((ERIKA, MAX, JOHN)))
            asked = data.draw(st.sampled_from(operations))
            world.clock.seconds = NOON + data.draw(st.sampled_from((-3600, 3600)))
            connection = "files" if asked[0].action == "get" else "warehouse"
            method, path = ("GET", asked[0].resource) if connection == "files" else ("POST", "/v1/query")
            was = world.decision(caller, connection, asked, method, path)
            reference = world.ask(caller, connection, method, path, asked)
            comes = World(Path(name), other, clock=world.clock).decision(caller, connection, asked, method, path)
            kinds = {comes.effect.name.lower()} if comes.effect is not was.effect else set()
            if not kinds and comes.permits:
                kinds = {"masked"} if comes.masks - was.masks else {"unmasked"} if was.masks - comes.masks else set()
            for kind in kinds:
                expected.setdefault(WORDS.get(kind, kind), set()).add(reference)
        assert compare(world.close(), world.rules).nothing
        found = compare(world.recorded, other)
        got: dict[str, set[str]] = {}
        for one in found.changes:
            got.setdefault(one.kind, set()).update(one.examples)
            assert one.count == len(one.examples)
        assert got == expected
        assert not found.undecided


WORDS = {"permit": "permitted", "review": "reviewed", "forbid": "forbidden"}
