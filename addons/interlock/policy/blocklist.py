"""What nobody may do, whoever they are: judged before any rule, in observe mode too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from interlock.errors import Place
from interlock.model import Decision, Effect, Operation, Report
from interlock.policy.block_index import Index, Looks
from interlock.policy.block_text import TextPattern, fold, strings
from interlock.policy.context import Context
from interlock.reasons import Reason

__all__ = ["AGENT", "SCOPES", "BlockRule", "Blocklist", "Judged", "build_blocklist"]

AGENT = "agent"
SCOPES = ("model-requests", "http", "commands")


@dataclass(frozen=True, slots=True)
class BlockRule:
    """One entry. Either `looks` judges operations of `protocols`, or `pattern` searches texts within `scopes`.

    `on` (empty: everywhere) names connections, or `agent`. `excepts` is what is let pass although it matches.
    """

    id: str
    protocols: frozenset[str] = frozenset()
    looks: Looks | None = field(default=None, repr=False, compare=False)
    excepts: Looks | None = field(default=None, repr=False, compare=False)
    pattern: TextPattern | None = field(default=None, repr=False, compare=False)
    scopes: frozenset[str] = frozenset(SCOPES)
    on: frozenset[str] = frozenset()
    report: bool = False
    remedy: str = ""
    place: Place = field(default=Place(""), compare=False, repr=False)

    def applies(self, connection: str, agent: bool) -> bool:
        """Whether the entry speaks about what happens there."""
        return not self.on or (AGENT if agent else connection) in self.on

    def names(self, operation: Operation) -> bool:
        """Whether the entry names this operation."""
        if self.looks is None or not self.looks(operation):
            return False
        return self.excepts is None or not self.excepts(operation)


@dataclass(frozen=True, slots=True)
class Judged:
    """The forbidding decision, if any, and what entries in `mode: report` would have said."""

    decision: Decision | None = None
    reports: tuple[Report, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocklist:
    """All entries, those on operations indexed by protocol. Build it with `build_blocklist`."""

    rules: tuple[BlockRule, ...] = ()
    index: Index[BlockRule] = field(default_factory=Index, repr=False, compare=False)
    texts: tuple[BlockRule, ...] = ()

    def judge(self, context: Context, nodes: Sequence[tuple[Operation, bool]], *, model: bool = False) -> Judged:
        """Judge operations (each with whether the agent runs it) and the body; `model` marks a model API."""
        reports: dict[str, Report] = {}
        decision = self._commands(context, nodes, reports)
        if decision is None and self.texts:
            decision = self._texts(context, nodes, model, reports)
        return Judged(decision, tuple(reports[rule] for rule in sorted(reports)))

    def blocking(self, context: Context, operation: Operation, agent: bool) -> BlockRule | None:
        """The first entry that names this very operation and blocks it; text patterns aside."""
        for rule in self.index.of(operation):
            if not rule.report and rule.applies(context.connection, agent) and rule.names(operation):
                return rule
        return None

    def _commands(
        self, context: Context, nodes: Sequence[tuple[Operation, bool]], reports: dict[str, Report]
    ) -> Decision | None:
        for operation, agent in nodes:
            for rule in self.index.of(operation):
                if rule.applies(context.connection, agent) and rule.names(operation):
                    if not rule.report:
                        return _blocked(rule, operation)
                    reports[rule.id] = Report(rule.id, Effect.FORBID, Reason.BLOCKED)
        return None

    def _texts(
        self,
        context: Context,
        nodes: Sequence[tuple[Operation, bool]],
        model: bool,
        reports: dict[str, Report],
    ) -> Decision | None:
        scope = "model-requests" if model else "http"
        body = ""
        # What an answer proposes was not in the request, whose body was searched when it came.
        asked = any(not agent for _, agent in nodes)
        if asked and any(scope in rule.scopes and rule.applies(context.connection, False) for rule in self.texts):
            body = "\n".join((fold(context.path), fold(context.text), strings(context.document)))
        texts = [(operation, agent, fold(operation.text)) for operation, agent in nodes if operation.text]
        for rule in self.texts:
            where: list[tuple[Operation | None, str]] = []
            if asked and scope in rule.scopes and rule.applies(context.connection, False):
                where.append((None, body))
            if "commands" in rule.scopes:
                where += [(op, text) for op, agent, text in texts if rule.applies(context.connection, agent)]
            for operation, text in where:
                if _found(rule, text):
                    if not rule.report:
                        return _blocked(rule, operation or nodes[0][0])
                    reports[rule.id] = Report(rule.id, Effect.FORBID, Reason.BLOCKED)
        return None


def build_blocklist(rules: Sequence[BlockRule]) -> Blocklist:
    """A blocklist, indexed; entries are asked in order of id, so that their order decides nothing."""
    ordered = tuple(sorted(rules, key=lambda rule: rule.id))
    return Blocklist(
        rules=ordered,
        index=Index((rule, rule.looks, rule.protocols) for rule in ordered if rule.looks is not None),
        texts=tuple(rule for rule in ordered if rule.pattern is not None),
    )


def _found(rule: BlockRule, text: str) -> bool:
    try:
        return rule.pattern is not None and rule.pattern.found(text)
    except TimeoutError:
        return True


def _blocked(rule: BlockRule, operation: Operation) -> Decision:
    return Decision(Effect.FORBID, Reason.BLOCKED, rule.id, operation, remedy=rule.remedy)
