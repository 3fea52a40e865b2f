"""Rules that could be talked round: wrong places, wrong types, wrong times; each with the request that must pass."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.bypasses.shipped import shell, told

from interlock.engine.rules import Rules, load_rules
from interlock.engine.trial import Attempt, Trial, Verdict
from interlock.errors import RulesInvalid
from interlock.model import JSON, Principal
from interlock.policy import Context, decide

SHIPPED = Path(__file__).parents[2] / "rules"
NOW = 1_800_000_000.0
BASE = """\
version: 1
connections:
  - name: claude
    protocol: anthropic
    hosts: ["https://api.example.com"]
  - name: warehouse
    protocol: http
    hosts: ["https://warehouse.example.com"]
    commands: [{at: "POST /v1/query", path: $.query, language: sql, dialect: postgres, also: [$.timeout]}]
  - name: tickets
    protocol: mcp
    hosts: ["https://tickets.example.com"]
policy:
"""


def rules(folder: Path, text: str, more: str = "") -> Rules:
    """The base with these rules."""
    folder.mkdir(exist_ok=True)
    (folder / "rules.yaml").write_text(BASE + text + more, encoding="utf-8")
    shutil.copytree(SHIPPED / "packs", folder / "packs", dirs_exist_ok=True)
    return load_rules(folder)


def who(*groups: str, issuer: str = "https://idp.example.com", **claims: JSON) -> Principal:
    """Somebody in these groups."""
    return Principal("corp", issuer, "erika", groups=frozenset(groups), claims=claims)


def asked(
    loaded: Rules, on: str, body: JSON, *, at: str = "POST /v1/query", by: Principal | None = None, now: float = NOW
) -> Verdict:
    """A request with a JSON body."""
    method, _, target = at.partition(" ")
    headers = (("content-type", "application/json"),)
    return Trial(loaded).request(by or who("a"), Attempt(on, method, target, headers, json.dumps(body).encode()), now)


READ: JSON = {"query": "SELECT 1"}
READERS = "  - {id: read, permit: [sql.read], on: [warehouse], to: {groups: [a]}}\n"
TOOLS = '  - {id: tools, permit: ["tool.use:*", "mcp.call:*", shell.read, sql.read], on: agent, to: {groups: [a]}}\n'


def test_what_is_permitted_for_the_agent_is_not_permitted_on_a_connection(tmp_path: Path) -> None:
    """A tool's name in a reply is the client's own label; the call that comes is judged again, and the other way."""
    loaded = rules(tmp_path, TOOLS)
    body: JSON = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search", "arguments": {}}}

    assert Trial(loaded).proposal(who("a"), "mcp__tickets__search", {}, NOW).decision.permits
    assert not asked(loaded, "tickets", body, at="POST /mcp").decision.permits
    assert not asked(loaded, "warehouse", READ).decision.permits

    other = rules(tmp_path / "b", '  - {id: t, permit: ["mcp.call:*"], on: [tickets], to: {groups: [a]}}\n')
    assert asked(other, "tickets", body, at="POST /mcp").decision.permits
    assert not Trial(other).proposal(who("a"), "mcp__tickets__search", {}, NOW).decision.permits


@pytest.mark.parametrize("on", ["", '    on: "*"\n', "    on: agent\n"])
def test_what_is_forbidden_everywhere_is_forbidden_to_the_agent(tmp_path: Path, on: str) -> None:
    """Without a place, and with the place for all connections: the agent's own tools are not left out."""
    forbid = f"  - id: no\n    forbid: [sql.read]\n{on}"
    loaded = rules(tmp_path, TOOLS + forbid)

    verdict = Trial(loaded).proposal(who("a"), "mcp__x__run", {"sql": "SELECT 1"}, NOW)
    assert (verdict.decision.reason, verdict.decision.rule) == ("forbidden", "no")
    assert Trial(loaded).proposal(who("a"), "mcp__x__run", {"text": "SELECT 1"}, NOW).decision.permits


def test_the_worst_of_several_decides_in_any_order(tmp_path: Path) -> None:
    """One permitted statement carries no forbidden one with it."""
    loaded = rules(tmp_path, READERS)
    for text in ("SELECT 1; UPDATE x SET a = 1 WHERE b = 2", "UPDATE x SET a = 1 WHERE b = 2; SELECT 1"):
        assert not asked(loaded, "warehouse", {"query": text}).decision.permits
    assert asked(loaded, "warehouse", {"query": "SELECT 1; SELECT 2"}).decision.permits


@pytest.mark.parametrize("reverse", [False, True])
def test_the_order_of_rules_decides_nothing(tmp_path: Path, reverse: bool) -> None:
    """A forbid wins over a permit wherever it stands."""
    lines = [READERS, "  - {id: no, forbid: [sql.read], on: [warehouse]}\n"]
    loaded = rules(tmp_path, "".join(reversed(lines) if reverse else lines))
    assert asked(loaded, "warehouse", READ).decision.reason == "forbidden"


@pytest.mark.parametrize(
    "body",
    [
        {"query": "SELECT 1", "db": "x"},
        {"query": "SELECT 1", "timeouts": 1},
        {"query": "SELECT 1", "x": []},
        {"x": {"query": "SELECT 1"}, "query": "SELECT 1"},
        [{"query": "SELECT 1"}],
    ],
)
def test_a_carrier_with_more_in_it_needs_a_rule_of_its_own(tmp_path: Path, body: JSON) -> None:
    """Whatever else stands there could change what the command means."""
    loaded = rules(tmp_path, READERS)
    assert asked(loaded, "warehouse", body).decision.reason == "no-rule"
    assert asked(loaded, "warehouse", {"query": "SELECT 1", "timeout": 5}).decision.permits


def test_a_rule_about_the_carrier_counts_although_it_is_covered(tmp_path: Path) -> None:
    """Covered is no permission."""
    loaded = rules(tmp_path, READERS + '  - {id: shut, forbid: ["http.post /v1/**"], on: [warehouse]}\n')
    assert asked(loaded, "warehouse", READ).decision.rule == "shut"


LIMIT = """\
  - {{id: small, permit: [http.post], on: [warehouse], to: {{groups: [a]}}, when: {{body: {{path: $.n, {compare}}}}}}}
"""


@pytest.mark.parametrize("value", [6, "5", "1", True, False, None, [], [1], {"a": 1}, 5.5, 1e300])
def test_a_permit_takes_no_other_type_for_a_number(tmp_path: Path, value: JSON) -> None:
    """What cannot be compared does not fit."""
    loaded = rules(tmp_path, LIMIT.format(compare="at_most: 5"))
    assert not asked(loaded, "warehouse", {"n": value}, at="POST /x").decision.permits
    assert not asked(loaded, "warehouse", {}, at="POST /x").decision.permits
    assert asked(loaded, "warehouse", {"n": 5}, at="POST /x").decision.permits


@pytest.mark.parametrize("value", [6, "6", "1", True, None, [9], {"a": 9}, 1e300])
def test_a_forbid_takes_what_it_cannot_compare_for_a_hit(tmp_path: Path, value: JSON) -> None:
    """A number written as text gets past no limit."""
    forbid = "  - {id: no, forbid: [http.post], when: {body: {path: $.n, more_than: 5}}}\n"
    permit = "  - {id: yes, permit: [http.post], on: [warehouse], to: {groups: [a]}}\n"
    loaded = rules(tmp_path, permit + forbid)
    assert asked(loaded, "warehouse", {"n": value}, at="POST /x").decision.rule == "no"
    assert asked(loaded, "warehouse", {"n": 5}, at="POST /x").decision.permits


def test_a_body_that_cannot_be_read_meets_no_condition(tmp_path: Path) -> None:
    """A rule that looks into the body forbids what it cannot look into."""
    forbid = "  - {id: no, forbid: [http.post], when: {body: {path: $.n, more_than: 5}}}\n"
    permit = "  - {id: yes, permit: [http.post], on: [warehouse], to: {groups: [a]}}\n"
    loaded = rules(tmp_path, permit + forbid)
    text = Attempt("warehouse", "POST", "/x", (("content-type", "text/plain"),), b"n=9")
    verdict = Trial(loaded).request(who("a"), text, NOW)
    assert verdict.decision.reason == "rule-failed"


@pytest.mark.parametrize(
    ("claims", "passes"),
    [
        ({"level": 3}, True),
        ({"level": [1, 3]}, True),
        ({"level": "3"}, False),
        ({"level": True}, False),
        ({"level": {"a": 3}}, False),
        ({"Level": 3}, False),
        ({}, False),
    ],
)
def test_claims_are_compared_with_their_type(tmp_path: Path, claims: dict[str, JSON], passes: bool) -> None:
    """`"3"` is not 3, and a claim of another name is none."""
    loaded = rules(tmp_path, "  - {id: c, permit: [sql.read], on: [warehouse], to: {claims: {level: 3}}}\n")
    assert asked(loaded, "warehouse", READ, by=who(**claims)).decision.permits is passes


@pytest.mark.parametrize("groups", [("A",), ("a ",), (" a",), ("a,b",), ("a b",), ("аa",), ("ａ",), ()])
def test_groups_are_compared_exactly(tmp_path: Path, groups: tuple[str, ...]) -> None:
    """No case, no blanks, no letters that only look alike, no list in one text."""
    loaded = rules(tmp_path, READERS)
    assert not asked(loaded, "warehouse", READ, by=who(*groups)).decision.permits
    assert asked(loaded, "warehouse", READ, by=who("a", "z")).decision.permits


@pytest.mark.parametrize(
    ("moment", "passes"),
    [
        ("2030-01-31T08:00:00", True),
        ("2030-01-31T17:59:59", True),
        ("2030-01-31T18:00:00", False),
        ("2030-01-31T07:59:59", False),
        ("2030-02-02T12:00:00", False),
        ("2030-07-31T08:30:00", True),
    ],
)
def test_office_hours_are_those_of_their_zone(tmp_path: Path, moment: str, passes: bool) -> None:
    """Summer time included; the machine's own zone is never asked."""
    when = 'when: {between: "08:00-18:00", days: [mon-fri], zone: Europe/Berlin}'
    loaded = rules(tmp_path, f"  - {{id: h, permit: [sql.read], on: [warehouse], to: {{groups: [a]}}, {when}}}\n")
    now = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
    assert asked(loaded, "warehouse", READ, now=now).decision.permits is passes


def test_a_mask_that_does_not_exist_stops_the_load(tmp_path: Path) -> None:
    """An obligation that nobody can meet is no obligation."""
    with pytest.raises(RulesInvalid):
        rules(tmp_path, "  - {id: m, permit: [sql.read], on: [warehouse], to: anyone, mask: [nothing]}\n")


def test_no_rules_and_no_operations_permit_nothing(tmp_path: Path) -> None:
    """Nothing said yes means no; a request that would do nothing is not understood."""
    loaded = rules(tmp_path, READERS)
    context = Context(who("a"), "warehouse", "POST", "/x", None, NOW)
    assert not decide(loaded.policy, context, ()).permits
    assert not asked(loaded, "warehouse", READ, by=who()).decision.permits
    assert not asked(loaded, "nowhere", READ).decision.permits


def test_observing_lets_nothing_forbidden_pass(tmp_path: Path) -> None:
    """What a rule or the blocklist forbids, and what asks a person, is stopped while the gateway observes."""
    forbid = "  - {id: no, forbid: [sql.write], on: [warehouse]}\n"
    more = "blocklist: [{use: packs/sql-destructive}]\n"
    loaded = rules(tmp_path, READERS + forbid, more)
    trial = Trial(loaded)
    for text, passes in (
        ("DROP TABLE x", False), ("DELETE FROM x", False), ("UPDATE x SET a = 1 WHERE b = 2", False),
        ("CREATE TABLE x (a int)", True), ("SELECT 1", True),
    ):  # fmt: skip
        body = json.dumps({"query": text}).encode()
        verdict = trial.request(who("a"), Attempt("warehouse", "POST", "/v1/query", (), body), NOW)
        context = Context(who("a"), "warehouse", "POST", "/v1/query", {"query": text}, NOW, observe=True)
        assert decide(loaded.policy, context, verdict.operations).permits is passes, text


@pytest.mark.parametrize(
    "text",
    [
        "rm -rf build src",
        "rm -rf build/../src",
        "rm -rf $HOME/build",
        "rm -rf /build",
        "find -L build -delete",
        "find build ../src -delete",
        "rsync -a --delete build/ src/",
        "rsync -a --delete --files-from=list build/ dist/",
        "zip -m build/x.zip -@ < list",
        "tar -cf build/x.tar --remove-files --files-from=list",
        "ls | xargs rm -rf build",
        "rimraf build src",
    ],
)
def test_what_may_be_deleted_covers_nothing_else(text: str) -> None:
    """`except: {paths: [build]}` is about commands that touch nothing else."""
    assert not shell(text).decision.permits


@pytest.mark.parametrize("text", ["rm -rf build", "rm -rf ./build dist/", "rm -rf packages/a/node_modules"])
def test_what_may_be_deleted_can_be(text: str) -> None:
    """The look-alike."""
    verdict = shell(text)
    assert verdict.decision.permits, told(verdict)


TABLE_RULES = """\
  - id: support-reads-some
    permit: [sql.read]
    on: [warehouse]
    to: {groups: [a]}
    tables: [orders, customers]
    columns: {not: [customers.ssn]}
  - id: writers-stage
    permit: [sql.write]
    on: [warehouse]
    to: {groups: [a]}
    where: {writes: ["staging.*"], reads: {not: [payroll]}}
  - id: salaries-are-asked-about
    forbid: [sql.*]
    on: [warehouse]
    to: {groups: [b]}
    tables: [salaries]
  - id: others-read
    permit: [sql.read, sql.write]
    on: [warehouse]
    to: {groups: [b]}
"""
OVER = [
    ("a", "SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id", True),
    ("a", "SELECT * FROM orders", True),
    ("a", "SELECT * FROM customers", False),
    ("a", "SELECT id FROM orders WHERE id IN (SELECT ssn FROM customers)", False),
    ("a", "SELECT id FROM orders UNION SELECT id FROM payroll", False),
    ("a", "SELECT id FROM archive.orders", False),
    ("a", "INSERT INTO staging.orders SELECT id FROM orders", True),
    ("a", "INSERT INTO orders SELECT id FROM staging.orders", False),
    ("a", "INSERT INTO staging.orders SELECT id FROM payroll", False),
    ("b", "SELECT * FROM orders", True),
    ("b", "SELECT * FROM orders JOIN hr.salaries USING (id)", False),
    ("b", "UPDATE orders SET total = 0 WHERE id IN (SELECT id FROM SALARIES)", False),
    ("b", 'SELECT * FROM "salaries"', False),
]


@pytest.mark.parametrize(("group", "sql", "permits"), OVER)
def test_tables_of_others_are_not_reached(tmp_path: Path, group: str, sql: str, permits: bool) -> None:
    """By joins, sub-selects, other schemas, quotes or writes: a rule on tables holds for every table in a statement."""
    verdict = asked(rules(tmp_path / "rules", TABLE_RULES), "warehouse", {"query": sql}, by=who(group))
    assert verdict.decision.permits is permits, told(verdict)


ARGUMENT_RULES = """\
  - id: small-answers
    permit: [model.message]
    on: [claude]
    to: {groups: [a]}
    where: {model: "claude-*", max_tokens: {at_most: 1000}, betas: {not: ["mcp-*"]}}
  - id: thinking-is-fine
    permit: ["model.beta:*"]
    on: [claude]
    to: {groups: [a]}
  - id: own-project
    permit: ["mcp.call:search"]
    on: [tickets]
    to: {groups: [a]}
    where: {project: web, limit: {at_most: 50}}
"""
MESSAGE = {"model": "claude-sonnet", "max_tokens": 1000, "messages": []}


def _call(**arguments: JSON) -> JSON:
    params: JSON = {"name": "search", "arguments": arguments}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


TALKED = [
    ("claude", "/v1/messages", MESSAGE, True),
    ("claude", "/v1/messages", {**MESSAGE, "max_tokens": 1001}, False),
    ("claude", "/v1/messages", {**MESSAGE, "max_tokens": "1000"}, False),
    ("claude", "/v1/messages", {"model": "claude-sonnet", "messages": []}, False),
    ("claude", "/v1/messages", {**MESSAGE, "model": "gpt-claude-x"}, False),
    ("claude", "/v1/messages", {**MESSAGE, "betas": ["mcp-client-2025-04-04"]}, False),
    ("claude", "/v1/messages", {**MESSAGE, "betas": ["a-1", "mcp-x"]}, False),
    ("claude", "/v1/messages", {**MESSAGE, "betas": ["interleaved-thinking-2025-05-14"]}, True),
    ("tickets", "/mcp", _call(project="web", limit=50), True),
    ("tickets", "/mcp", _call(project="web", limit=51), False),
    ("tickets", "/mcp", _call(project="web"), False),
    ("tickets", "/mcp", _call(project=["web", "pay"], limit=1), False),
    ("tickets", "/mcp", _call(project={"web": 1}, limit=1), False),
    ("tickets", "/mcp", _call(project="web", limit=[1, 99]), False),
    ("tickets", "/mcp", _call(project="web", limit=True), False),
    ("tickets", "/mcp", _call(project="web", limit="1"), False),
]


@pytest.mark.parametrize(("on", "path", "body", "permits"), TALKED)
def test_arguments_cannot_be_talked_round(tmp_path: Path, on: str, path: str, body: JSON, permits: bool) -> None:
    """Lists, other types, missing members: a rule that permits by an argument needs it, whole and of its kind."""
    verdict = asked(rules(tmp_path / "rules", ARGUMENT_RULES), on, body, at=f"POST {path}")
    assert verdict.decision.permits is permits, told(verdict)


def tool_call(arguments: dict[str, JSON]) -> JSON:
    """A call of an MCP tool."""
    params: JSON = {"name": "read", "arguments": arguments}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


@pytest.mark.parametrize(
    "path",
    [
        *("/tmp/../etc/passwd", "/tmp/a/../../etc/passwd", "/tmp/%2e%2e/etc/passwd", "/tmp/..%2Fetc/passwd"),
        "/tmp/x\\..\\..\\etc",
    ],
)  # fmt: skip
def test_a_path_does_not_climb_out_of_what_is_permitted(tmp_path: Path, path: str) -> None:
    """It begins as the rule says and leads elsewhere; a path below passes, one with dots in its name too."""
    rule = "  - {id: t, permit: ['mcp.call:read'], on: [tickets], to: {groups: [a]}, where: {path: '/tmp/*'}}\n"
    loaded = rules(tmp_path, rule)

    verdict = asked(loaded, "tickets", tool_call({"path": path}), at="POST /mcp")
    assert (verdict.decision.permits, verdict.decision.reason) == (False, "no-rule"), told(verdict)
    for good in ("/tmp/a.txt", "/tmp/a..b/c", "/tmp/..."):
        assert asked(loaded, "tickets", tool_call({"path": good}), at="POST /mcp").decision.permits


@pytest.mark.parametrize("path", ["/tmp/../etc/passwd", "/etc/./passwd", "/etc//passwd", "/etc/x/../passwd"])
def test_a_path_does_not_go_round_what_is_forbidden(tmp_path: Path, path: str) -> None:
    """However it gets there; one that only looks alike passes."""
    permit = "  - {id: t, permit: ['mcp.call:read'], on: [tickets], to: {groups: [a]}}\n"
    forbid = "  - {id: no, forbid: ['mcp.call:read'], on: [tickets], where: {path: '/etc/passwd'}}\n"
    loaded = rules(tmp_path, permit, forbid)

    verdict = asked(loaded, "tickets", tool_call({"path": path}), at="POST /mcp")
    assert (verdict.decision.reason, verdict.decision.rule) == ("forbidden", "no"), told(verdict)
    assert asked(loaded, "tickets", tool_call({"path": "/srv/etc/passwd"}), at="POST /mcp").decision.permits


@pytest.mark.parametrize(
    "more", [{"models": ["claude-a", "gpt-y"]}, {"fallbacks": [{"model": "gpt-y"}]}, {"Models": ["gpt-y"]}]
)
def test_another_model_does_not_come_in_by_a_list(tmp_path: Path, more: dict[str, JSON]) -> None:
    """A router answers with any of them; lists of models that are permitted pass."""
    rule = "  - {id: m, permit: [model.message], on: [claude], to: {groups: [a]}, where: {model: 'claude-*'}}\n"
    loaded = rules(tmp_path, rule)
    said: dict[str, JSON] = {"model": "claude-a", "max_tokens": 1, "messages": [{"role": "user", "content": "x"}]}

    verdict = asked(loaded, "claude", {**said, **more}, at="POST /v1/messages")
    assert verdict.decision.reason in ("no-rule", "body-ambiguous"), told(verdict)
    good: dict[str, JSON] = {"models": ["claude-a", "claude-b"], "fallbacks": [{"model": "claude-c"}]}
    assert asked(loaded, "claude", {**said, **good}, at="POST /v1/messages").decision.permits
