"""What `interlock access campaign` and `attest` do: by somebody who has just signed in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from interlock.access.campaigns import Campaigns
from interlock.access.words import Said, read_words
from interlock.cli._access_people import signed_in
from interlock.cli._access_show import campaign_row, campaigns_table, item_row, items_table
from interlock.cli._people import parse_lifetime
from interlock.cli._show import console, plain, write_json
from interlock.clocks import SystemClock
from interlock.engine.console_rules import Role
from interlock.engine.rules import Rules, load_rules
from interlock.engine.stores import store_url
from interlock.errors import InterlockError
from interlock.model import Permission, Scope, Word
from interlock.ports_reviews import ReviewStore
from interlock.recording.review_log import ReviewLog
from interlock.store.opening import open_reviews

__all__ = ["Opening", "Who", "attest", "campaign", "split", "words"]

_PAIR = 2


@dataclass(frozen=True, slots=True)
class Opening:
    """The campaign that somebody wants to open; without a title none."""

    title: str
    due: str
    cadence: str
    rules: tuple[str, ...]
    about: tuple[str, ...]
    reviewers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Who:
    """Who they say they are, where a demo issuer is all there is."""

    name: str
    groups: tuple[str, ...]


def split(text: str) -> tuple[str, ...]:
    """The names in `a,b`."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def campaign(folder: Path, id: str, opening: Opening, close: str, who: Who, as_json: bool) -> None:
    """List, show, open or close. Raises InterlockError."""

    async def work(campaigns: Campaigns, rules: Rules, _: ReviewStore) -> None:
        if opening.title:
            await _open(campaigns, rules, opening, who, as_json)
        elif close:
            person = await signed_in(rules, who.name, who.groups, Role.ADMINISTRATOR)
            closed = await campaigns.close(id, person, close)
            console().print(f"{closed.id} is closed")
        elif id:
            await _show(campaigns, rules, id, who, as_json)
        else:
            await _list(campaigns, as_json)

    _run(folder, work)


def attest(folder: Path, id: str, said: Sequence[Said], who: Who, as_json: bool) -> None:
    """Say these words in a campaign. Raises InterlockError."""

    async def work(campaigns: Campaigns, rules: Rules, store: ReviewStore) -> None:
        stand = {record.id: record.version for record in await store.records([one.permission for one in said])}
        person = await signed_in(rules, who.name, who.groups)  # that takes a while, in which others speak, too
        for one in said:
            said_so = (one.permission, person, one.word, one.reason, one.only)
            seen = one.seen if one.seen is not None else stand.get(one.permission, 0)
            record = await campaigns.attest(rules, id, *said_so, about=one.about, seen=seen)
            about = record.permission
            if as_json:
                write_json({"id": record.id, "rule": about.rule, "word": str(record.word)})
            else:
                console().print(f"{plain(about.rule)}, {plain(about.scope)}: {record.word}", soft_wrap=True)

    _run(folder, work)


def _run(folder: Path, work: Callable[[Campaigns, Rules, ReviewStore], Awaitable[None]]) -> None:
    async def run() -> None:
        rules, clock = load_rules(folder), SystemClock()
        store = await open_reviews(store_url(rules), base=rules.folder.parent)
        try:
            await work(Campaigns(store, clock, ReviewLog(rules.gateway.recordings, clock).add_here), rules, store)
        finally:
            await store.close()

    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except OSError as error:
        hint = "the rules name it under gateway: store:"
        raise InterlockError(f"the store of access reviews cannot be used: {error}", hint=hint) from None


async def _list(campaigns: Campaigns, as_json: bool) -> None:
    found = await campaigns.list()
    if as_json:
        for one in found:
            write_json(campaign_row(one))
    elif found:
        console().print(campaigns_table(found))
    else:
        console(stderr=True).print("there are no campaigns: interlock access campaign --open TITLE")


async def _show(campaigns: Campaigns, rules: Rules, id: str, who: Who, as_json: bool) -> None:
    person = await signed_in(rules, who.name, who.groups) if who.name else None
    found = await campaigns.get(id)
    items = await campaigns.items(rules, found, person)
    if as_json:
        for item in items:
            write_json(item_row(item))
        return
    console().print(campaigns_table([found]))
    console().print()
    console().print(items_table(items))


async def _open(campaigns: Campaigns, rules: Rules, wish: Opening, who: Who, as_json: bool) -> None:
    person = await signed_in(rules, who.name, who.groups, Role.ADMINISTRATOR)
    named = wish.rules or tuple(rule.id for rule in rules.policy.rules if rule.attest is not None)
    scopes = [_scope(text) for text in wish.about] or [Scope()]
    opened = await campaigns.open(
        rules,
        person,
        title=wish.title,
        items=[(rule, scope) for rule in named for scope in scopes],
        due=SystemClock().now() + parse_lifetime(wish.due),
        cadence=parse_lifetime(wish.cadence) if wish.cadence else 0.0,
        groups=wish.reviewers,
    )
    if as_json:
        write_json(campaign_row(opened))
    else:
        many = len(opened.items)
        console().print(f"{opened.id} asks about {many} {'permission' if many == 1 else 'permissions'}")


def words(
    campaign: str,
    permission: str,
    about: str,
    word: str,
    reason: str,
    only: tuple[str, ...],
    file: Path | None,
    seen: int | None,
) -> tuple[str, Sequence[Said]]:
    """The campaign and what is said: from a file, or from the options. Raises InterlockError."""
    if file is not None:
        if permission or about or word or reason or only or seen is not None:
            hint = "write them into the file, where each word has its rule, reason, `only` and `seen`"
            raise InterlockError("--file says everything: no rule and no other option goes with it", hint=hint)
        named, said = read_words(file)
        if campaign and campaign != named:
            raise InterlockError(f"{file} is for the campaign {named!a}")
        return named, said
    if not campaign or not permission:
        hint = "interlock access attest CAMPAIGN RULE --word keep --reason ..., or --file words.yaml"
        raise InterlockError("what is to be attested?", hint=hint)
    if word not in [*Word]:
        raise InterlockError("say --word keep, narrow or revoke")
    if permission.startswith("rev-"):
        return campaign, [Said(permission, Word(word), reason, only, seen=seen)]
    one = Permission(permission, scope=_scope(about) if about else Scope())
    return campaign, [Said(one.id, Word(word), reason, only, one, seen)]


def _scope(text: str) -> Scope:
    """`ISSUER SUBJECT` or `group NAME`. Raises InterlockError."""
    parts = text.split()
    if len(parts) != _PAIR:
        raise InterlockError(f"--about {text!a} says nobody", hint="as in --about 'group interns'")
    return Scope(group=parts[1]) if parts[0] == "group" else Scope(parts[0], parts[1])
