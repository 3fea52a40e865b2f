"""The one decision function, as tables: (what, rules, operations, effect, reason, rule)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.model import Access, Decision, Effect, Operation, Principal
from interlock.policy import BlockRule, Context, Policy, Rule, build_blocklist, build_policy, decide, explain
from interlock.policy.pattern import compile_pattern

type Build = Callable[..., Policy]
type Ask = Callable[..., Decision]


def sql(action: str, **more: object) -> Operation:
    access = Access[action.upper()]
    return Operation("sql", action, access=access, text="select 1", **more)  # type: ignore[arg-type]


def carrier(*nested: Operation, covered: bool = True, path: str = "/v1/query") -> Operation:
    return Operation("http", "post", path, Access.WRITE, nested=nested, covered=covered)


def tool(name: str, *nested: Operation) -> Operation:
    return Operation("tool", f"use:{name}", name, nested=nested, agent=True)


def shell(action: str, *nested: Operation, agent: bool = True) -> Operation:
    return Operation("shell", action, "ls", Access.READ, text="ls", nested=nested, agent=agent)


UNKNOWN = Operation("sql", "admin", access=Access.UNKNOWN, text="gibberish")

READ = "- {id: read, permit: [sql.read], on: [warehouse], to: {groups: [analyst]}}\n"
WRITE = "- {id: ask, review: [sql.write], on: [warehouse], to: anyone, by: {groups: [dba]}}\n"
NEVER = '- {id: never, forbid: [sql.ddl, sql.admin], on: "*"}\n'
TOOLS = "- {id: tools, permit: ['tool.use:*', shell.read], on: agent, to: anyone}\n"
ALL = "- {id: all, permit: [sql.*], on: [warehouse], to: anyone}"
NO_POST = "- {id: no, forbid: ['http.post /v1/**']}"
DBA = "- {id: dba, permit: [sql.*], on: [warehouse], to: anyone}"
OTHER_GROUP = "- {id: read, permit: [sql.read], on: [warehouse], to: {groups: [dba]}}"
ELSEWHERE = "- {id: read, permit: ['sql.read', 'http.*'], on: [tickets], to: anyone}"
ANYWHERE = '- {id: read, permit: [sql.read], on: "*", to: anyone}'
ONLY_SHELL = "- {id: sh, permit: [shell.read], on: agent, to: anyone}"
REPORT = "- {id: r, forbid: [sql.read], mode: report}"
NO, ASK, YES = Effect.FORBID, Effect.REVIEW, Effect.PERMIT
LATER = "approval-needed"
TABLE = [
    ("no rules permit nothing", "[]", [sql("read")], NO, "no-rule", ""),
    ("no operations are no permission", READ, [], NO, "no-rule", ""),
    ("a rule permits", READ, [sql("read")], YES, "permitted", "read"),
    ("an action nobody named", READ, [sql("write")], NO, "no-rule", ""),
    ("covered carrier needs no rule", READ, [carrier(sql("read"))], YES, "permitted", "read"),
    ("bare carrier needs one", READ, [carrier(sql("read"), covered=False)], NO, "no-rule", ""),
    ("covered but empty needs one", READ, [carrier()], NO, "no-rule", ""),
    ("the worst node decides", READ + NEVER, [carrier(sql("read"), sql("ddl"))], NO, "forbidden", "never"),
    ("one node without rule", READ, [carrier(sql("read"), sql("write"))], NO, "no-rule", ""),
    ("review is not yet possible", WRITE, [sql("write")], ASK, LATER, "ask"),
    ("review beats permit", READ + WRITE, [carrier(sql("read"), sql("write"))], ASK, LATER, "ask"),
    ("review beats permit on one node", WRITE + ALL, [sql("write")], ASK, LATER, "ask"),
    ("forbid beats review", WRITE + "- {id: no, forbid: [sql.*]}", [sql("write")], NO, "forbidden", "no"),
    ("no rule beats review", WRITE, [sql("write"), sql("ddl")], NO, "no-rule", ""),
    ("a rule that forbids names itself", READ + NEVER, [sql("write"), sql("ddl")], NO, "forbidden", "never"),
    ("a forbidden carrier is not covered", READ + NO_POST, [carrier(sql("read"))], NO, "forbidden", "no"),
    ("not understood", READ, [UNKNOWN], NO, "not-understood", ""),
    ("not understood needs the worst", DBA, [UNKNOWN], YES, "permitted", "dba"),
    ("deep in a tree", READ + NEVER, [carrier(carrier(carrier(sql("admin"))))], NO, "forbidden", "never"),
    ("another group", OTHER_GROUP, [sql("read")], NO, "no-rule", ""),
    ("another connection", ELSEWHERE, [sql("read")], NO, "no-rule", ""),
    ("everywhere", ANYWHERE, [sql("read")], YES, "permitted", "read"),
    ("everywhere is not the agent", ANYWHERE, [sql("read", agent=True)], NO, "no-rule", ""),
    ("forbidden everywhere is the agent too", TOOLS + NEVER, [tool("Bash", sql("ddl"))], NO, "forbidden", "never"),
    ("agent's tool", TOOLS, [tool("Bash", shell("read"))], YES, "permitted", "tools"),
    ("agent's tool, other command", TOOLS, [tool("Bash", shell("destroy"))], NO, "no-rule", ""),
    ("tool needs its own rule", ONLY_SHELL, [tool("Bash", shell("read"))], NO, "no-rule", ""),
    (
        "what an agent runs nests what it runs",
        TOOLS + READ,
        [tool("Bash", shell("read", sql("read")))],
        NO,
        "no-rule",
        "",
    ),
    ("agent's rule is not the connection's", TOOLS, [shell("read", agent=False)], NO, "no-rule", ""),
    ("report permits nothing", REPORT, [sql("read")], NO, "no-rule", ""),
    ("report forbids nothing", READ + REPORT, [sql("read")], YES, "permitted", "read"),
]


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_decisions(row: tuple, policy: Build, ask: Ask) -> None:
    """Effect, reason and deciding rule are those of the table."""
    _, rules, operations, effect, reason, rule = row
    decision = ask(policy(rules), *operations)

    assert (decision.effect, decision.reason, decision.rule) == (effect, reason, rule)


def test_masks_of_all_permitting_rules_add_up(policy: Build, ask: Ask) -> None:
    """Every rule that permits some node adds its obligations; one that does not speak adds none."""
    rules = policy(
        "- {id: a, permit: [sql.read], on: [warehouse], to: anyone, mask: [pii]}\n"
        "- {id: b, permit: [sql.*], on: [warehouse], to: anyone, mask: [cards]}\n"
        "- {id: c, permit: [sql.ddl], on: [warehouse], to: {groups: [dba]}}\n"
    )

    assert ask(rules, carrier(sql("read"))).masks == {"pii", "cards"}
    assert ask(rules, carrier(sql("write"))).masks == {"cards"}
    assert ask(rules, carrier(sql("read"), covered=False)).masks == frozenset()


def test_reports_say_what_would_have_been(policy: Build, ask: Ask) -> None:
    """A rule in mode: report leaves the decision alone and is told of, also beside one that forbids."""
    rules = policy(
        READ + "- {id: zz, forbid: [sql.read], mode: report}\n- {id: aa, forbid: [sql.write], mode: report}\n" + NEVER
    )

    assert [report.rule for report in ask(rules, sql("read")).reports] == ["zz"]
    assert [(report.rule, report.effect) for report in ask(rules, sql("write"), sql("ddl")).reports] == [
        ("aa", Effect.FORBID)
    ]


def test_a_failing_condition_forbids(policy: Build, ask: Ask) -> None:
    """A rule that cannot be evaluated forbids, whatever it was for, and names itself."""
    rules = policy(
        "- {id: small, permit: [sql.read], on: [warehouse], to: anyone, when: {body: {path: $.limit, at_most: 9}}}\n"
        + READ
    )

    assert ask(rules, sql("read"), document={"limit": 3}).permits
    decision = ask(rules, sql("read"), readable=False)
    assert (decision.effect, decision.reason, decision.rule) == (Effect.FORBID, "rule-failed", "small")


def test_a_failing_condition_in_report_mode_only_reports(policy: Build, ask: Ask) -> None:
    """Report mode never changes a decision, not even by failing."""
    rules = policy(READ + "- {id: r, forbid: [sql.*], mode: report, when: {body: {path: $.x, exists: true}}}")
    decision = ask(rules, sql("read"), readable=False)

    assert decision.permits
    assert [(report.rule, report.reason) for report in decision.reports] == [("r", "rule-failed")]


def test_observing_passes_what_no_rule_names_and_says_so(policy: Build, ask: Ask) -> None:
    """With --observe only silence is forgiven: forbidding and asking rules still win."""
    rules = policy(READ + WRITE + NEVER)

    assert ask(rules, carrier(sql("read")), observe=True).reason == "permitted"
    for operation in (carrier(sql("read"), covered=False), Operation("http", "get", "/x")):
        decision = ask(rules, operation, observe=True)
        assert (decision.effect, decision.reason) == (Effect.PERMIT, "observed")
    assert ask(rules, sql("ddl"), observe=True).reason == "forbidden"
    assert ask(rules, sql("write"), observe=True).effect is Effect.REVIEW
    assert ask(rules, observe=True).effect is Effect.FORBID


def test_unknown_connections_meet_only_rules_for_everywhere(policy: Build, ask: Ask) -> None:
    """A connection the policy never heard of is not a way around it."""
    rules = policy('- {id: any, permit: [http.get], on: "*", to: anyone}\n- {id: no, forbid: ["http.get /admin/**"]}')

    assert ask(rules, Operation("http", "get", "/x"), on="nowhere").permits
    assert ask(rules, Operation("http", "get", "/admin/x"), on="nowhere").reason == "forbidden"
    assert ask(rules, Operation("ftp", "get", "/x"), on="nowhere").reason == "no-rule"


def test_any_protocol_can_be_forbidden(policy: Build, ask: Ask) -> None:
    """`*.*` speaks about protocols nobody named, too."""
    rules = policy(READ + '- {id: lockdown, forbid: ["*.*"], to: {subjects: [erika]}}')

    assert ask(rules, sql("read")).rule == "lockdown"
    assert ask(rules, Operation("carrier-pigeon", "send")).rule == "lockdown"
    assert ask(rules, sql("read"), who=Principal("corp", "i", "max", groups=frozenset({"analyst"}))).permits


def test_the_telling_operation_is_named(policy: Build, ask: Ask) -> None:
    """A permission names the most dangerous command in the request, not the request around it."""
    rules = policy('- {id: all, permit: ["sql.*", "http.*"], on: [warehouse], to: anyone}')
    decision = ask(rules, carrier(sql("read"), sql("write"), covered=False))

    assert decision.operation is not None
    assert decision.operation.name == "sql.write"


def test_remedies_reach_the_decision(policy: Build, ask: Ask) -> None:
    """What a rule says to do instead is handed on."""
    rules = policy("- {id: no, forbid: [sql.ddl], message: Tables stay., remedy: Ask the data team.}")

    assert ask(rules, sql("ddl")).remedy == "Tables stay. Ask the data team."


def test_deep_trees_are_judged_to_the_bottom(policy: Build, ask: Ask) -> None:
    """Depth neither exhausts the stack nor hides anything."""
    operation = sql("ddl")
    for _ in range(20_000):
        operation = Operation("http", "post", "/v1/query", nested=(operation,), covered=True)

    assert ask(policy(READ + NEVER), operation).rule == "never"
    while operation.nested:  # taken apart by hand: the destructor would recurse
        (operation,) = operation.nested


def test_an_error_inside_forbids() -> None:
    """Whatever goes wrong in deciding, nothing passes."""
    context = Context(Principal("corp", "i", "s"), "warehouse")

    decision = decide(Policy(by_connection={"warehouse": None}), context, [sql("read")])  # type: ignore[dict-item]
    assert (decision.effect, decision.reason) == (Effect.FORBID, "rule-failed")


ACTIONS = ("sql.read", "sql.write", "sql.*", "http.get /a/*", "http.* /**", "tool.use:*", "*.*")
rules_of = st.lists(
    st.builds(
        Rule,
        id=st.text("abcdef", min_size=1, max_size=6),
        effect=st.sampled_from(Effect),
        patterns=st.lists(st.sampled_from(ACTIONS).map(compile_pattern), min_size=1, max_size=2).map(tuple),
        everywhere=st.booleans(),
        agent=st.booleans(),
        on=st.sampled_from([frozenset(), frozenset({"warehouse"})]),
        masks=st.sampled_from([frozenset(), frozenset({"pii"})]),
        test=st.sampled_from([None, lambda context: True, lambda context: False, lambda context: 1 / 0 > 0]),
    ),
    max_size=6,
    unique_by=lambda rule: rule.id,
)
leaves = st.builds(
    Operation,
    protocol=st.sampled_from(["sql", "http", "tool"]),
    action=st.sampled_from(["read", "write", "get", "use:Bash"]),
    resource=st.sampled_from(["", "/a/b", "/c"]),
    access=st.sampled_from(Access),
    agent=st.booleans(),
)
trees = st.recursive(
    leaves,
    lambda inner: st.builds(
        Operation,
        protocol=st.just("http"),
        action=st.just("get"),
        resource=st.just("/a/b"),
        covered=st.booleans(),
        nested=st.lists(inner, min_size=1, max_size=3).map(tuple),
    ),
    max_leaves=5,
)
CONTEXT = Context(Principal("corp", "i", "s"), "warehouse")


@settings(max_examples=100, deadline=None)
@given(rules_of, st.lists(trees, max_size=3), st.randoms())
def test_order_of_rules_decides_nothing(rules: list[Rule], operations: list[Operation], random) -> None:
    """Any order of the same rules gives the very same decision."""
    shuffled = list(rules)
    random.shuffle(shuffled)

    assert decide(build_policy(rules), CONTEXT, operations) == decide(build_policy(shuffled), CONTEXT, operations)


@settings(max_examples=100, deadline=None)
@given(rules_of, rules_of, st.lists(trees, max_size=3))
def test_a_forbidding_rule_never_permits_more(rules: list[Rule], more: list[Rule], operations: list[Operation]) -> None:
    """Adding rules that forbid only ever makes a decision worse or leaves it."""
    forbidding = [Rule(id=f"x-{rule.id}", patterns=rule.patterns, everywhere=True, agent=True) for rule in more]

    before = decide(build_policy(rules), CONTEXT, operations)
    after = decide(build_policy([*rules, *forbidding]), CONTEXT, operations)
    assert after.effect <= before.effect


@settings(max_examples=50, deadline=None)
@given(st.lists(trees, max_size=4))
def test_no_rules_permit_nothing(operations: list[Operation]) -> None:
    """Silence is no."""
    assert not decide(Policy(), CONTEXT, operations).permits


@settings(max_examples=100, deadline=None)
@given(rules_of, st.lists(trees, min_size=1, max_size=3))
def test_each_operation_is_judged_as_if_alone(rules: list[Rule], operations: list[Operation]) -> None:
    """The decision on several operations is the worst of the decisions on each."""
    policy = build_policy(rules)

    together = decide(policy, CONTEXT, operations).effect
    assert together == min(decide(policy, CONTEXT, [operation]).effect for operation in operations)


def test_explain_says_of_each_what_decides_about_it_alone(policy: Build, ask: Ask) -> None:
    """Outermost first; what the blocklist names, what a rule permits, what nobody speaks about, what cannot be told."""
    block = BlockRule("no-ls", protocols=frozenset({"shell"}), looks=lambda operation: operation.action == "write")
    text = TOOLS + "- {id: broken, permit: [sql.read], on: agent, to: anyone, when: {body: {path: $.a, equals: 1}}}\n"
    rules = policy(text, blocklist=build_blocklist([block]))
    operations = (tool("Bash", shell("read"), shell("write"), shell("destroy"), sql("read", agent=True)),)
    context = Context(Principal("corp", "i", "erika"), "claude", readable=False)
    found = [(judged.effect, judged.reason, judged.rule) for judged in explain(rules, context, operations)]
    assert found == [
        (YES, "permitted", "tools"),
        (YES, "permitted", "tools"),
        (NO, "blocked", "no-ls"),
        (NO, "no-rule", ""),
        (NO, "rule-failed", "broken"),
    ]
    assert decide(rules, context, operations).rule == "no-ls"
