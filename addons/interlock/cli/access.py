"""`interlock access`: who may do what and did, who stands by it, and the least that would do."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from interlock.cli._options import AsJson, RecordingsFolder, RulesFolder

__all__ = ["Format", "attest", "campaign", "drift", "group", "propose", "report"]

group = typer.Typer(
    help=(
        "Reports, campaigns, proposals of least privilege, and what has drifted.\n\n"
        "[bold]Examples[/bold]\n\n"
        "  interlock access report --since 30d\n\n"
        "  interlock access propose --since 30d --output new-rules"
    ),
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Since = Annotated[str, typer.Option(help="Only from then on: a date, a time, or how long ago (30m, 2h, 7d).")]
Until = Annotated[str, typer.Option(help="Only up to then.")]
Processes = Annotated[int, typer.Option(min=0, max=256, help="How many at once.", show_default="one a core")]
As = Annotated[str, typer.Option("--as", help="With a demo issuer alone: who you are.")]
Groups = Annotated[str, typer.Option(help="With a demo issuer alone: your groups, with commas between.")]


class Format(StrEnum):
    """How a report is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    HTML = "html"


@group.command()
def report(
    since: Since = "",
    until: Until = "",
    format: Annotated[Format, typer.Option("--format", help="How it is written.")] = Format.TABLE,
    output: Annotated[Path | None, typer.Option("--output", help="Into this file.")] = None,
    processes: Processes = 0,
    rules: RulesFolder = Path("rules"),
    recordings: RecordingsFolder = None,
    as_json: AsJson = False,
) -> None:
    """Each permission of each principal and group: by which rule, used when and how often, refused, never used.

    [bold]Examples[/bold]

      interlock access report --since 90d

      interlock access report --since 90d --format html --output report.html
    """
    from interlock.cli import _access
    from interlock.cli._recordings import recordings_folder

    look = _access.Look(rules, recordings_folder(recordings, rules), since, until, processes, as_json)
    _access.report(look, "json" if as_json else str(format), output)


@group.command()
def propose(
    since: Since = "",
    until: Until = "",
    siblings: Annotated[int, typer.Option(min=2, max=1000, help="How many make a pattern, or a group.")] = 3,
    hours: Annotated[bool, typer.Option("--hours", help="Only in the hours in which it was used.")] = False,
    output: Annotated[Path | None, typer.Option("--output", help="A whole rules folder, with the proposal.")] = None,
    processes: Processes = 0,
    rules: RulesFolder = Path("rules"),
    recordings: RecordingsFolder = None,
    as_json: AsJson = False,
) -> None:
    """The smallest policy that would have permitted what was used and approved, as YAML with its evidence.

    Everything recorded is decided again by it: nothing newly passes, and what newly does not is named; status 1 where
    that is not proven. From a gateway that only observes (`interlock run --observe`) a first policy is learnt.

    [bold]Examples[/bold]

      interlock access propose --since 30d

      interlock access propose --since 30d --output new-rules
    """
    from interlock.cli import _access
    from interlock.cli._recordings import recordings_folder

    _access.propose(
        _access.Look(rules, recordings_folder(recordings, rules), since, until, processes, as_json),
        siblings,
        hours,
        output,
    )


@group.command()
def drift(
    since: Since = "",
    until: Until = "",
    unseen: Annotated[str, typer.Option(help="After how long somebody counts as gone.")] = "30d",
    fail: Annotated[bool, typer.Option("--fail", help="End with status 1 where something has drifted.")] = False,
    processes: Processes = 0,
    rules: RulesFolder = Path("rules"),
    recordings: RecordingsFolder = None,
    as_json: AsJson = False,
) -> None:
    """What nobody looks after any more: secrets past their age, rules and connections unused, people gone, hasty yeses.

    [bold]Examples[/bold]

      interlock access drift --since 90d --fail
    """
    from interlock.cli import _access
    from interlock.cli._recordings import recordings_folder

    _access.drift(
        _access.Look(rules, recordings_folder(recordings, rules), since, until, processes, as_json), unseen, fail
    )


@group.command()
def campaign(
    id: Annotated[str, typer.Argument(help="Which one (cmp-...); none lists them all.")] = "",
    open_: Annotated[str, typer.Option("--open", help="Open one with this title.")] = "",
    due: Annotated[str, typer.Option(help="open: within this time.")] = "14d",
    cadence: Annotated[str, typer.Option(help="open: the next one after so long, as in 90d.")] = "",
    rule: Annotated[list[str] | None, typer.Option(help="open: only this rule; may be repeated.")] = None,
    about: Annotated[
        list[str] | None, typer.Option(help="open: about 'ISSUER SUBJECT' or 'group NAME', not everyone; repeatable.")
    ] = None,
    reviewers: Annotated[str, typer.Option(help="open: only members of these groups attest.")] = "",
    close: Annotated[str, typer.Option("--close", help="Close it, for this reason.")] = "",
    as_: As = "",
    groups: Groups = "",
    rules: RulesFolder = Path("rules"),
    as_json: AsJson = False,
) -> None:
    """Reviews: what is asked about, of whom, until when, and how it stands. Administrators open and close them.

    [bold]Examples[/bold]

      interlock access campaign --open "Third quarter" --due 14d --cadence 90d

      interlock access campaign cmp-x1h5m0w7c2d9k3qf
    """
    from interlock.cli import _access_campaigns as work

    wish = work.Opening(open_, due, cadence, tuple(rule or ()), tuple(about or ()), work.split(reviewers))
    work.campaign(rules, id, wish, close, work.Who(as_, work.split(groups)), as_json)


@group.command()
def attest(
    campaign: Annotated[str, typer.Argument(help="The campaign (cmp-...).")] = "",
    permission: Annotated[str, typer.Argument(help="The rule, or the permission's id (rev-...).")] = "",
    about: Annotated[
        str, typer.Option(help="'ISSUER SUBJECT' or 'group NAME': about them alone, not all the rule names.")
    ] = "",
    word: Annotated[str, typer.Option(help="keep, narrow or revoke.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    only: Annotated[list[str] | None, typer.Option(help="narrow: an operation that is left; may be repeated.")] = None,
    seen: Annotated[int | None, typer.Option(help="The `seen` that `campaign` showed: no word about less.")] = None,
    file: Annotated[Path | None, typer.Option(help="Words from a file instead.")] = None,
    as_: As = "",
    groups: Groups = "",
    rules: RulesFolder = Path("rules"),
    as_json: AsJson = False,
) -> None:
    """Stand by a permission, narrow it, or take it away; it counts on every gateway within two seconds.

    [bold]Examples[/bold]

      interlock access attest cmp-x1h5m0w7c2d9k3qf analysts-read --word keep --reason "read daily" --seen 3

      interlock access attest cmp-x1h5m0w7c2d9k3qf analysts-read --about 'group interns' --word revoke --reason "gone"

      interlock access attest --file words.yaml
    """
    from interlock.cli import _access_campaigns as work

    said = work.words(campaign, permission, about, word, reason, tuple(only or ()), file, seen)
    work.attest(rules, *said, work.Who(as_, work.split(groups)), as_json)
