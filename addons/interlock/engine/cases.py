"""Runs what operators expect of their rules."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import msgspec

from interlock.engine.people import choose_identity, claims_for, principal_from
from interlock.engine.rules import Rules
from interlock.engine.trial import AGENT, Attempt, Trial, Verdict
from interlock.errors import InterlockError, Place
from interlock.model import Decision, Principal
from interlock.policy import Case, Claimant

__all__ = ["Failure", "Results", "ask", "describe", "run_cases"]

_MAX_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that did not come out as it says: where it stands, what came out, what was expected, and why."""

    place: Place
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """How many cases were run and which of them failed."""

    run: int = 0
    failures: tuple[Failure, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether none failed."""
        return not self.failures


def run_cases(rules: Rules, *, now: float | None = None) -> Results:
    """Every case of the rules. `now` is for cases that name no time (default: this moment)."""
    trial = Trial(rules)
    failures: list[Failure] = []
    for case in rules.cases:
        try:
            verdict = ask(rules, trial, case, now=now)
        except InterlockError as error:
            failures.append(Failure(case.place, f"cannot be asked: {error}"))
            continue
        wrong = _compare(case, verdict.decision)
        if wrong:
            failures.append(Failure(case.place, wrong, _why(rules, case, verdict.decision)))
    return Results(len(rules.cases), tuple(failures))


def ask(rules: Rules, trial: Trial, case: Case, *, now: float | None = None) -> Verdict:
    """What the rules say to one case. Raises InterlockError where its claimant cannot exist."""
    moment = case.time or (time.time() if now is None else now)
    principal = _principal(rules, case.claimant, moment)
    if case.on == AGENT:
        tool, arguments = (case.propose.tool, case.propose.input) if case.propose is not None else ("", None)
        return trial.proposal(principal, tool, arguments, moment)
    send = case.send
    if send is None:
        return Verdict(Decision())
    headers, body = send.headers, b""
    if send.has_body:
        body = msgspec.json.encode(send.body)
        if not any(name == "content-type" for name, _ in headers):
            headers = (*headers, ("content-type", "application/json"))
    return trial.request(principal, Attempt(case.on, send.method, send.target, headers, body), moment)


def describe(case: Case) -> str:
    """A case in a few words."""
    if case.propose is not None:
        what = f"{case.propose.tool} {msgspec.json.encode(case.propose.input).decode()}"
    elif case.send is not None:
        body = msgspec.json.encode(case.send.body).decode() if case.send.has_body else ""
        what = f"{case.send.method} {case.send.target} {body}".rstrip()
    else:
        what = "nothing"
    who = ", ".join(sorted(case.claimant.groups)) or case.claimant.subject
    return f"{who} on {case.on}: {what if len(what) <= _MAX_SHOWN else what[: _MAX_SHOWN - 1] + '…'}"


def _principal(rules: Rules, claimant: Claimant, now: float) -> Principal:
    if not rules.identities and not claimant.identity:
        return Principal("", "", claimant.subject, groups=claimant.groups, acting_for=claimant.acting_for)
    identity = choose_identity(rules.identities, claimant.identity)
    claims = claims_for(identity, claimant.subject, claimant.groups, claimant.acting_for, claimant.claims)
    found = principal_from(identity, claims, now=now)
    if claimant.groups and not claimant.groups <= found.groups:
        raise InterlockError(f"identity {identity.name!r} reads no groups from its tokens: add claims: {{groups: ...}}")
    return found


def _why(rules: Rules, case: Case, decision: Decision) -> str:
    """Which operation decided, and what could be done; empty when it passes."""
    operation = decision.operation
    if decision.permits or operation is None:
        return ""
    connection = rules.connection(case.on)
    says = f"{operation.name} decided: {decision.remedy}".removesuffix(": ")
    if operation.protocol == "http" and connection is not None and connection.commands:
        says += " Where a body holds more than the commands, list the other members under also:."
    return says


def _compare(case: Case, decision: Decision) -> str:
    """What is not as expected; empty when all is."""
    got = f"{decision.effect.name.lower()} ({decision.reason}" + (f", rule {decision.rule})" if decision.rule else ")")
    if decision.effect is not case.expect:
        return f"expected {case.expect.name.lower()}, but it is {got}: {describe(case)}"
    if case.rule and decision.rule != case.rule:
        return f"expected rule {case.rule}, but it is {got}: {describe(case)}"
    if case.reason and decision.reason != case.reason:
        return f"expected reason {case.reason}, but it is {got}: {describe(case)}"
    return ""
