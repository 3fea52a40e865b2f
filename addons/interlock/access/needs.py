"""What somebody needs a permission for: one operation of a fact as a rule could name it, and the rule it passed by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from interlock.access.facts import Fact
from interlock.model import JSON, Effect, Operation
from interlock.policy import Judged, Policy, decide, explain
from interlock.policy.argument import texts_of
from interlock.policy.reach import AGENT
from interlock.reasons import Reason
from interlock.replay.marks import MASKED

__all__ = ["Need", "needs_of", "speaks"]

_UNSEEN = frozenset(("not-understood", "opaque", "dynamic", "unknown-function", "network", "files"))
_NAME = re.compile(r"[a-z]+\.[^\s*]+")
_RESOURCE = re.compile(r"[!-)+-~]([ -)+-~]*[!-)+-~])?")
_WORD = re.compile(r"[!-)+-~]([ -)+-~]*[!-)+-~])?")
_PATH = re.compile(r"/[!-\"$-)+->@-\[\]-~]*")
_PART = re.compile(r"""[^\s'"`\[\]()*]+|"[^".`'\[\]*]+\"""")


@dataclass(frozen=True, slots=True)
class Need:
    """`rule` permits it today (empty: none does, it was observed). `place` is the connection, or `agent`.

    `kind` says which further conditions a rule can name it by: `tables`, `plain` (a statement without tables), `flags`
    (one that touches more than is seen; with `-tables` and `-functions` where it names some), `bare` (shell that runs
    no command), or empty. `name` is the operation as rules write it, `resource` what it is about. `masks` are the
    masking rules that apply with it. `why` is why no rule could name it; empty where one can.
    """

    rule: str
    place: str
    protocol: str
    kind: str
    name: str
    resource: str
    operation: Operation
    fact: Fact
    masks: tuple[str, ...] = ()
    why: str = ""


def needs_of(policy: Policy, fact: Fact) -> Iterator[Need]:
    """Everything in a used fact that takes a rule. Never raises."""
    judged = iter(explain(policy, fact.context, fact.operations))
    for operation, agent in _nodes(fact.operations):
        one = next(judged, None)
        if operation.covered and operation.nested:
            continue  # what it carries speaks for it
        place = AGENT if agent else fact.connection
        rule = _rule(policy, fact, operation, agent, one) if one is not None else None
        if rule is None:
            why = f"no rule gives it today ({one.reason if one else Reason.NO_RULE})"
            yield _need("", place, operation, fact, (), why)
        elif not rule and not fact.observed:
            yield _need("", place, operation, fact, (), "no rule gives it today")
        else:
            alone = replace(operation, nested=(), agent=agent, covered=False)
            masks = decide(policy, fact.context, (alone,)).masks if rule else frozenset()
            why = "" if fact.whole else "it was not recorded whole"
            yield _need(rule, place, operation, fact, tuple(sorted(masks)), why)


def speaks(policy: Policy, name: str, operation: Operation, *, agent: bool, connection: str) -> bool:
    """Whether a rule of that name is about such an operation there, whoever asks."""
    rule = policy.named.get(name)
    if rule is None or not (rule.agent if agent else rule.everywhere or connection in rule.on):
        return False
    return any(
        pattern.protocol in (operation.protocol, "*") and pattern.matches(operation.action, operation.resource)
        for pattern in rule.patterns
    )


def _rule(policy: Policy, fact: Fact, operation: Operation, agent: bool, said: Judged) -> str | None:
    """The rule that permits it; empty where none speaks about it; None where one forbids it today.

    Where a rule could not be told without the body, the one that was recorded counts, if it is about this operation.
    """
    if said.effect is not Effect.FORBID:
        return said.rule
    recorded = policy.named.get(fact.rule)
    if said.reason == Reason.RULE_FAILED and recorded is not None and recorded.effect is not Effect.FORBID:
        for name in (fact.rule, *(rule.id for rule in policy.rules if rule.effect is Effect.PERMIT)):
            if speaks(policy, name, operation, agent=agent, connection=fact.connection):
                return name
    return None if said.rule else ""


def _need(rule: str, place: str, operation: Operation, fact: Fact, masks: tuple[str, ...], why: str) -> Need:
    resource = operation.resource if _takes_resource(operation) else ""
    kind = _kind(operation) if operation.protocol == "sql" else ""
    if operation.protocol == "shell" and not resource:
        kind = "bare"
    why = why or _inexpressible(operation, resource, kind) or _unbounded(operation, resource, place)
    return Need(rule, place, operation.protocol, kind, operation.name, resource, operation, fact, masks, why)


def _takes_resource(operation: Operation) -> bool:
    return operation.protocol == "http" or (operation.protocol != "sql" and ":" not in operation.action)


def _kind(operation: Operation) -> str:
    flags, tables = texts_of(operation.arguments.get("flags")), operation.arguments.get("tables")
    if not _UNSEEN.isdisjoint(flags):
        functions = "-functions" if operation.arguments.get("functions") else ""
        return "flags" + ("-tables" if tables else "") + functions
    return "tables" if tables else "plain"


def _inexpressible(operation: Operation, resource: str, kind: str) -> str:
    if MASKED.search(operation.action):
        return "its name is masked"
    if not _NAME.fullmatch(operation.name):
        return "no rule can name it"
    if operation.protocol == "http" and not (_PATH.fullmatch(resource) and "//" not in resource):
        return "no rule can name its path"
    if resource and operation.protocol != "http" and MASKED.search(resource):
        return "what it is about is masked"
    if resource and operation.protocol != "http" and not _RESOURCE.fullmatch(resource):
        return "no rule can name what it is about"
    tables = texts_of(operation.arguments.get("tables"))
    if "tables" in kind and not all(part and _PART.fullmatch(part) for name in tables for part in name.split(".")):
        return "no rule can name its tables"
    if "functions" in kind and not all(map(_WORD.fullmatch, texts_of(operation.arguments.get("functions")))):
        return "no rule can name its functions"
    return ""


def _unbounded(operation: Operation, resource: str, place: str) -> str:
    """Why a rule about it would be about anything: a pattern that leaves something out matches all of it."""
    arguments = operation.arguments
    if operation.protocol == "shell" and not resource and (arguments.get("command") != "" or arguments.get("flags")):
        return "what it runs cannot be told"
    if operation.protocol == "http" and place == AGENT and not _named(arguments.get("host")):
        return "where it goes cannot be told"
    if operation.name == "model.message" and not resource and not _named(arguments.get("model")):
        return "which model it asks cannot be told"
    return ""


def _named(value: JSON) -> bool:
    """Whether an argument is one text that a rule can name."""
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _nodes(operations: Sequence[Operation]) -> Iterator[tuple[Operation, bool]]:
    """Outermost first, as `explain` says it."""
    todo = [(operation, operation.agent) for operation in reversed(operations)]
    while todo:
        operation, agent = todo.pop()
        yield operation, agent
        todo.extend((inner, agent or inner.agent) for inner in reversed(operation.nested))
