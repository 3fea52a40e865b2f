"""The blocklist: before every rule, for everybody, in observe mode too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from interlock.model import Access, Decision, Effect, Operation
from interlock.policy import Blocklist, Policy, read_blocklist
from interlock.schema import Reader
from interlock.source import read_yaml_text

type Build = Callable[..., Policy]
type Ask = Callable[..., Decision]

RULES = Path(__file__).parents[2] / "rules"
EVERYTHING = '- {id: all, permit: ["*.*"], on: ["*", agent], to: anyone}'
ENTRIES = """
- use: packs/shell-destructive
  except: {paths: [node_modules, build], rules: [shell-power]}
- id: no-prod-namespace
  language: shell
  match: {command: kubectl, words: [delete], args: ["-n prod"]}
  says: It deletes in production.
  remedy: Delete in the test cluster.
- id: codename
  text: '(?i)project\\s+nightfall'
  in: [model-requests, http]
- {id: command-word, text: forbidden-word, in: [commands]}
- {id: agents-word, text: agents-only-word, in: [commands], on: agent}
- {id: only-payroll, text: payroll-word, on: [payroll]}
- {id: slow, text: '(a|aa)+$', in: [http]}
- {id: watched, text: watched-word, mode: report}
- {id: watched-command, language: shell, match: {command: watched}, mode: report}
"""


def blocklist(text: str, *, time: float = 0.02) -> Blocklist:
    reader = Reader()
    found = read_blocklist(
        read_yaml_text(text, "blocklist.yaml"), reader, RULES, connections=("warehouse", "payroll", "claude"), time=time
    )
    reader.finish()
    return found


def command(*flags: str, name: str = "rm", words: tuple[str, ...] = (), text: str = "x", **more: object) -> Operation:
    arguments = {"command": name, "flags": list(flags), "words": list(words), **more}
    return Operation("shell", "destroy", access=Access.ADMIN, arguments=arguments, text=text, agent=True)  # type: ignore[arg-type]


def request(*nested: Operation) -> Operation:
    return Operation("http", "post", "/v1/query", Access.WRITE, nested=nested)


@pytest.fixture
def rules(policy: Build) -> Policy:
    """Rules that permit everything, and the blocklist."""
    return policy(EVERYTHING, blocklist=blocklist(ENTRIES))


PLAIN = Operation("shell", "read", text="agents-only-word")
AGENTS = Operation("tool", "use:Bash", agent=True, nested=(PLAIN,))
BLOCKED = [
    ("pack", [command("recursive-delete", paths=["src"])], {}, "shell-recursive-delete"),
    ("deep inside", [request(request(command("recursive-delete", paths=["src"])))], {}, "shell-recursive-delete"),
    ("excepted folder", [command("recursive-delete", paths=["node_modules"])], {}, ""),
    ("folder and more", [command("recursive-delete", paths=["node_modules", "src"])], {}, "shell-recursive-delete"),
    ("excepted rule", [command(name="reboot")], {}, ""),
    ("own entry", [command(name="kubectl", words=("delete", "-n", "prod"))], {}, "no-prod-namespace"),
    ("another language", [Operation("sql", "read", arguments={"command": "kubectl"}, text="x")], {}, ""),
    ("in the body", [request()], {"document": {"a": ["the project  nightfall"]}}, "codename"),
    ("in the path", [request()], {"path": "/project nightfall"}, "codename"),
    ("in a form", [request()], {"text": "a=1&b=project nightfall"}, "codename"),
    ("model request", [request()], {"document": {"a": "project nightfall"}, "on": "claude"}, "codename"),
    ("not in commands", [command(text="project nightfall")], {}, ""),
    ("in a command", [request(command(text="echo forbidden-word"))], {}, "command-word"),
    ("not in the body", [request()], {"document": "forbidden-word"}, ""),
    ("agent's command", [command(text="agents-only-word")], {}, "agents-word"),
    ("agent's nested command", [AGENTS], {}, "agents-word"),
    ("not the agent's", [PLAIN], {}, ""),
    ("another connection", [request()], {"document": "payroll-word"}, ""),
    ("that connection", [request()], {"document": "payroll-word", "on": "payroll"}, "only-payroll"),
    ("too slow", [request()], {"document": "a" * 300 + "b"}, "slow"),
    ("proposed in an answer", [AGENTS], {"document": {"a": "project nightfall"}, "on": "claude"}, "agents-word"),
    ("the request of an answer", [command()], {"document": "project nightfall", "on": "claude"}, ""),
    ("nothing", [request(command())], {"document": {"x": 1}}, ""),
]  # fmt: skip


@pytest.mark.parametrize("row", BLOCKED, ids=[row[0] for row in BLOCKED])
@pytest.mark.parametrize("observe", [False, True])
def test_blocked(row: tuple, observe: bool, rules: Policy, ask: Ask) -> None:
    """What an entry names is stopped although a rule permits it, and while observing."""
    _, operations, context, rule = row
    decision = ask(rules, *operations, observe=observe, **context)

    if rule:
        assert (decision.effect, decision.reason, decision.rule) == (Effect.FORBID, "blocked", rule)
    else:
        assert (decision.effect, decision.reason) == (Effect.PERMIT, "permitted")


def test_entries_say_what_to_do_instead(rules: Policy, ask: Ask) -> None:
    """The model is told why, and where to go on."""
    own = ask(rules, command(name="kubectl", words=("delete", "-n", "prod")))
    assert own.remedy == "It deletes in production. Delete in the test cluster."
    assert "one by one" in ask(rules, command("recursive-delete", paths=["src"])).remedy


def test_reported_entries_stop_nothing(rules: Policy, ask: Ask) -> None:
    """An entry in mode: report is tried out: told of, and no more."""
    decision = ask(rules, command(name="watched", text="watched-word"))

    assert decision.permits
    assert [report.rule for report in decision.reports] == ["watched", "watched-command"]


def test_the_empty_blocklist_stops_nothing(policy: Build, ask: Ask) -> None:
    """Nothing written, nothing blocked."""
    assert ask(policy(EVERYTHING, blocklist=blocklist("[]")), command("recursive-delete")).permits
