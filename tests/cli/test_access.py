"""`interlock access`: reports, proposals and drift from recordings; campaigns by people who sign in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Interlock
from tests.replay.world import RULES, World, get, query, rules_in, who

from interlock.access.campaigns import Campaigns
from interlock.cli import _access_campaigns
from interlock.clocks import SystemClock
from interlock.engine.rules import Rules, load_rules
from interlock.engine.stores import store_url
from interlock.identity import create_demo_key
from interlock.model import Permission, Principal, Word
from interlock.store.opening import open_reviews

ATTEST = "attest: {every: 90d, by: {groups: [dba]}}"
DEMO = RULES.replace(
    'issuer: "https://idp.example.com", audience',
    'issuer: "https://idp.example.com", demo: true, key: demo.pem, algorithms: [ES256], audience',
).replace("mask: [pii]}", f"mask: [pii], {ATTEST}}}")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Recordings and rules where the commands look for them."""
    (tmp_path / "rules").mkdir()
    create_demo_key(tmp_path / "rules" / "demo.pem")
    made = World(tmp_path, rules_in(tmp_path / "rules", DEMO))
    for subject in ("erika", "max", "lena"):
        for number in range(3):
            made.ask(who(subject, "analyst"), "warehouse", "POST", "/v1/query", query("select id from customers"))
            made.ask(who(subject, "analyst"), "files", "GET", f"/files/{number}", get(f"/files/{number}"))
    made.ask(who("erika", "analyst"), "files", "GET", "/secret", get("/secret"))
    made.close()
    return made


def test_reports(interlock: Interlock, world: World, tmp_path: Path) -> None:
    """The same in four shapes, on the screen or in a file; every look is noted."""
    table = interlock("access", "report")
    assert (table.code, "analysts-read" in table.out, "used" in table.out) == (0, True, True)
    assert "3 of 3" in table.out
    document = json.loads(interlock("access", "report", "--json").out)
    assert {(one["subject"], one["rule"], one["uses"]) for one in document["permissions"]} >= {
        ("erika", "analysts-read", 3), ("lena", "files-read", 3),
    }  # fmt: skip
    assert interlock("access", "report", "--format", "csv").out.startswith('"issuer","subject"')
    done = interlock("access", "report", "--format", "html", "--output", "report.html")
    assert "report.html has 7 permissions" in done.err
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert interlock("access", "report", "--output", "by-name.html").code == 0
    assert (tmp_path / "by-name.html").read_bytes()[:9] == b"<!doctype"
    vague = interlock("access", "report", "--output", "report.txt")
    assert (vague.code, "could be anything" in vague.err, (tmp_path / "report.txt").exists()) == (1, True, False)
    assert "interlock access report" in (world.recorded / "looks.jsonl").read_text(encoding="utf-8")
    assert "nowhere" in interlock("access", "report", "--recordings", "nowhere").err


def test_a_proposal_is_proven(interlock: Interlock, world: World, tmp_path: Path) -> None:
    """As YAML, as JSON, as a folder of rules that loads and decides the same."""
    done = interlock("access", "propose")
    assert done.code == 0
    assert 'permit: ["http.get /files/*"]' in done.out
    assert "newly permitted 0, forbidden 0" in done.err
    document = json.loads(interlock("access", "propose", "--json").out)
    assert (document["proven"], document["kept"]) == (True, ["writers-ask"])
    assert interlock("access", "propose", "--output", "new").code == 0
    assert {rule.id for rule in load_rules(tmp_path / "new").policy.rules} == {
        "analysts-read", "files-read", "writers-ask",
    }  # fmt: skip
    backtest = json.loads(interlock("backtest", "recordings", "--rules", "new").out)
    assert backtest["newly"] == dict.fromkeys(("permitted", "forbidden", "reviewed", "masked", "unmasked"), 0)
    assert "exists already" in interlock("access", "propose", "--output", "new").err


def test_drift_for_pipelines(interlock: Interlock, world: World) -> None:
    """A table, JSON lines, and a status where it is asked for."""
    assert "rule-never-hit" in interlock("access", "drift").out
    found = [json.loads(line) for line in interlock("access", "drift", "--json").out.splitlines()]
    assert {one["kind"] for one in found} >= {"rule-never-hit", "connection-unused", "principal-not-seen"}
    assert interlock("access", "drift", "--fail").code == 1
    assert "not a duration" in interlock("access", "drift", "--unseen", "soon").err


def test_a_campaign_in_the_terminal(interlock: Interlock, world: World, tmp_path: Path) -> None:
    """Opened, shown, attested by somebody whom the rule names, by word and by file, and closed."""
    assert "no campaigns" in interlock("access", "campaign").err
    administrator = ("--as", "olga", "--groups", "platform")
    opened = json.loads(
        interlock("access", "campaign", "--open", "Q1", "--about", "group analyst", *administrator, "--json").out
    )
    both = json.loads(interlock("access", "campaign", "--open", "Q2", "--cadence", "90d", *administrator, "--json").out)
    listed = interlock("access", "campaign").out
    assert ("Q1" in listed, "every 90 days" in listed, "once" in listed) == (True, True, True)

    reviewer = ("--as", "max@example.com", "--groups", "dba")
    shown = interlock("access", "campaign", both["id"], *reviewer)
    assert "you may attest it" in shown.out
    refused = interlock(
        "access", "attest", both["id"], "analysts-read", "--word", "keep", "--reason", "x", *administrator
    )
    assert (refused.code, "names others" in refused.err) == (1, True)
    said = ("--word", "keep", "--reason", "read daily")
    assert "everyone it names: keep" in interlock("access", "attest", both["id"], "analysts-read", *said, *reviewer).out
    alone = ("--about", "group interns", "--word", "revoke", "--reason", "gone")
    assert "group interns: revoke" in interlock(
        "access", "attest", both["id"], "analysts-read", *alone, *reviewer
    ).out  # fmt: skip
    assert "revoke by max@example.com: gone" in interlock("access", "campaign", both["id"], *reviewer).out
    (tmp_path / "words.yaml").write_text(
        f"campaign: {opened['id']}\nwords: [{{rule: analysts-read, group: analyst, word: revoke, reason: moved}}]\n",
        encoding="utf-8",
    )
    assert "group analyst: revoke" in interlock("access", "attest", "--file", "words.yaml", *reviewer).out
    items = json.loads(interlock("access", "campaign", opened["id"], "--json").out)
    assert (items["word"], items["by"], items["reason"]) == ("revoke", "max@example.com", "moved")
    assert "is closed" in interlock("access", "campaign", opened["id"], "--close", "done", *administrator).out
    evidence = (world.recorded / "reviews.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["data"].get("what") for line in evidence.splitlines()] == [
        None, "opened", "opened", "attested", "attested", "attested", "closed",
    ]  # fmt: skip


def test_a_word_is_about_what_was_read(interlock: Interlock, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another reviewer said since has to be read first: since the list was shown, or while somebody signs in."""
    administrator, reviewer = ("--as", "olga", "--groups", "platform"), ("--as", "max@example.com", "--groups", "dba")
    opened = json.loads(interlock("access", "campaign", "--open", "Q1", *administrator, "--json").out)
    attest = ("access", "attest", opened["id"], "analysts-read", "--reason", "because", *reviewer)

    def seen() -> int:
        return int(json.loads(interlock("access", "campaign", opened["id"], "--json").out)["seen"])

    shown = seen()
    assert interlock(*attest, "--word", "revoke", "--seen", str(shown)).code == 0
    late = interlock(*attest, "--word", "keep", "--seen", str(shown))
    assert (late.code, "somebody said something about it meanwhile" in late.err) == (1, True)
    assert seen() == shown + 1
    signing_in = _access_campaigns.signed_in

    async def slowly(rules: Rules, *given: Any) -> Any:
        """Meanwhile another one speaks."""
        store = await open_reviews(store_url(rules), base=rules.folder.parent)
        other = Principal("demo", "https://idp.example.com", "moritz@example.com", groups=frozenset({"dba"}))
        permission = Permission("analysts-read").id
        campaigns = Campaigns(store, SystemClock(), lambda data: "")
        await campaigns.attest(rules, opened["id"], permission, other, Word.REVOKE, "gone")
        await store.close()
        monkeypatch.setattr(_access_campaigns, "signed_in", signing_in)
        return await signing_in(rules, *given)

    monkeypatch.setattr(_access_campaigns, "signed_in", slowly)
    late = interlock(*attest, "--word", "keep")
    assert (late.code, "somebody said something about it meanwhile" in late.err) == (1, True)
    assert interlock(*attest, "--word", "keep").code == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("campaign", "cmp-none"), "no such campaign"),
        (("campaign", "--open", "x"), "say who you are"),
        (("campaign", "--open", "x", "--due", "soon", "--as", "olga"), "not a duration"),
        (("campaign", "--open", "x", "--about", "everybody", "--as", "olga"), "says nobody"),
        (("campaign", "--open", "x", "--rule", "files-read", "--as", "olga"), "no rule that is attested"),
        (("attest",), "what is to be attested"),
        (("attest", "cmp-1", "x", "--word", "perhaps"), "keep, narrow or revoke"),
        (("attest", "--file", "none.yaml"), "cannot be read"),
        (("attest", "--file", "none.yaml", "--seen", "3"), "--file says everything"),
        (("attest", "cmp-1", "x", "--file", "none.yaml"), "--file says everything"),
    ],
)
def test_what_is_wrong_is_said(interlock: Interlock, world: World, words: tuple[str, ...], says: str) -> None:
    """In words, with status 1."""
    done = interlock("access", *words)

    assert (done.code, says in done.err) == (1, True), done.err


def test_check_says_what_is_due(interlock: Interlock, world: World, tmp_path: Path) -> None:
    """Nobody stands by it, somebody does, it was changed, it was revoked; nothing is made in a store by asking."""

    def kinds() -> list[str]:
        found = json.loads(interlock("check", "rules", "--json").out)
        return [risk["kind"] for risk in found["risks"] if risk["kind"].startswith("review")]

    assert kinds() == ["review-due"]
    assert not (tmp_path / "recordings" / "approvals.sqlite").exists()
    administrator, reviewer = ("--as", "olga"), ("--as", "max@example.com", "--groups", "dba")
    opened = json.loads(interlock("access", "campaign", "--open", "Q1", "--due", "13d", *administrator, "--json").out)
    assert kinds() == ["review-soon"]
    word = ("access", "attest", opened["id"], "analysts-read", "--reason", "why", *reviewer, "--word")
    assert interlock(*word, "keep").code == 0
    assert kinds() == []
    assert interlock(*word, "revoke").code == 0
    assert kinds() == ["review-revoked"]
    assert interlock(*word, "keep").code == 0
    rules_in(tmp_path / "rules", DEMO.replace("permit: [sql.read]", 'permit: ["sql.*"]'))
    assert kinds() == ["review-due"]
    (tmp_path / "recordings" / "approvals.sqlite").write_bytes(b"no database")
    assert kinds() == ["reviews-unknown"]
