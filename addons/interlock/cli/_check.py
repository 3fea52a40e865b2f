"""What `interlock check` finds and how it shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from interlock.cli._check_reviews import due_reviews
from interlock.cli._show import console, plain
from interlock.cli._survey import lines, look, samples_of
from interlock.cli._survey import to_json as survey_json
from interlock.engine.cases import Failure, Results, run_cases
from interlock.engine.diff import Change, compare
from interlock.engine.packs import run_packs
from interlock.engine.risks import Risk, find_risks
from interlock.engine.rules import Rules, load_rules
from interlock.engine.survey import Survey
from interlock.errors import Place, RuleError, RulesInvalid
from interlock.model import JSON, Decision

__all__ = ["Report", "make_report", "show", "to_json"]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found. Without rules (errors) there are neither cases nor risks."""

    folder: Path
    errors: tuple[RuleError, ...] = ()
    rules: Rules | None = None
    cases: Results = field(default_factory=Results)
    packs: Results = field(default_factory=Results)
    risks: tuple[Risk, ...] = ()
    changes: tuple[Change, ...] | None = None
    survey: Survey | None = None

    @property
    def ok(self) -> bool:
        """Whether the rules can be used and do what their cases say."""
        return not self.errors and self.cases.ok and self.packs.ok


def make_report(folder: Path, old: Path | None = None, recordings: Path | None = None) -> Report:
    """Load, run, look, compare. Never raises for what is wrong with the rules.

    Raises InterlockError for recordings that are no folder.
    """
    try:
        rules = load_rules(folder)
    except RulesInvalid as error:
        return Report(folder, error.errors)
    errors: tuple[RuleError, ...] = ()
    changes = None
    if old is not None:
        try:
            changes = compare(load_rules(old), rules)
        except RulesInvalid as error:
            errors = error.errors
    samples = recordings or samples_of(folder)
    found = look(rules, samples) if samples is not None else None
    risks = (*find_risks(rules), *due_reviews(rules))
    return Report(folder, errors, rules, run_cases(rules), run_packs(rules), risks, changes, found)


# -- for people


def show(report: Report) -> None:
    """Errors first, then failing cases, what is risky, what changes, and one line that sums it up."""
    out = console()

    def say(text: str, style: str = "") -> None:
        out.print(text, style=style, soft_wrap=True)

    for error in report.errors:
        say(f"{plain(error.place)}: {plain(error.message)}", "red")
        if error.hint:
            say(f"    {plain(error.hint)}")
    for failure in (*report.cases.failures, *report.packs.failures):
        say(f"{plain(failure.place)}: {plain(failure.message)}", "red")
        if failure.hint:
            say(f"    {plain(failure.hint)}")
    for risk in report.risks:
        say(f"{plain(risk.place)}: {plain(risk.message)} ({risk.kind})", "yellow")
        if risk.hint:
            say(f"    {plain(risk.hint)}")
    for line in lines(report.survey) if report.survey is not None else ():
        say(plain(line))
    if report.changes is not None:
        for change in report.changes:
            say(_sentence(change), "bold red" if change.looser else "")
        say(f"{_count(len(report.changes), 'case')} would come out differently")
    say(_summary(report), "green" if report.ok else "bold red")


def _sentence(change: Change) -> str:
    mark = "now passes" if change.looser else "changes" if change.decides else "other reason"
    return f"{plain(change.place)}: {mark}: {_said(change.before)} -> {_said(change.after)}: {plain(change.case)}"


def _said(decision: Decision) -> str:
    rule = f", {decision.rule}" if decision.rule else ""
    return plain(f"{decision.effect.name.lower()} ({decision.reason}{rule})")


def _summary(report: Report) -> str:
    if report.rules is None:
        return f"{report.folder}: {_count(len(report.errors), 'error')}, the rules cannot be used"
    rules, failed = report.rules, len(report.cases.failures) + len(report.packs.failures)
    blocklist = rules.policy.blocklist
    parts = [
        _count(len(rules.connections), "connection"),
        _count(len(rules.policy.rules), "rule"),
        _count(len(blocklist.rules) if blocklist is not None else 0, "blocklist entry", "blocklist entries"),
        _count(len(rules.masking), "masking rule"),
        f"{_count(report.cases.run, 'case')} and {_count(report.packs.run, 'pack case')} run",
        f"{failed} failed" if failed else "all as expected",
        f"{_count(len(report.risks), 'thing')} to know" if report.risks else "nothing risky",
    ]
    parts += [_count(len(report.errors), "error") + " in the older rules"] if report.errors else []
    return f"{report.folder}: " + ", ".join(parts) + f" (digest {rules.digest[:12]})"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


# -- for machines


def to_json(report: Report) -> dict[str, JSON]:
    """The report as one document."""
    errors: list[JSON] = [
        {**_place(error.place), "message": error.message, "hint": error.hint} for error in report.errors
    ]
    risks: list[JSON] = [
        {**_place(risk.place), "kind": risk.kind, "message": risk.message, "hint": risk.hint} for risk in report.risks
    ]
    found: dict[str, JSON] = {
        "ok": report.ok,
        "digest": report.rules.digest if report.rules is not None else None,
        "errors": errors,
        "cases": _results(report.cases),
        "packs": _results(report.packs),
        "risks": risks,
    }
    if report.survey is not None:
        found["recordings"] = survey_json(report.survey)
    if report.changes is not None:
        found["changes"] = [_change(change) for change in report.changes]
    return found


def _place(place: Place) -> dict[str, JSON]:
    return {"file": place.file, "line": place.line, "column": place.column}


def _results(results: Results) -> JSON:
    def one(failure: Failure) -> JSON:
        return {**_place(failure.place), "message": failure.message, "hint": failure.hint}

    return {"run": results.run, "failed": [one(failure) for failure in results.failures]}


def _change(change: Change) -> JSON:
    def one(decision: Decision) -> JSON:
        return {"decision": decision.effect.name.lower(), "reason": str(decision.reason), "rule": decision.rule}

    return {
        **_place(change.place), "case": change.case, "looser": change.looser, "before": one(change.before),
        "after": one(change.after),
    }  # fmt: skip
