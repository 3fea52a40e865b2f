"""People stand by permissions in the console: who the rules name, freshly signed in, with a reason."""

from __future__ import annotations

import re

import httpx
import pytest
from tests.console.recorded import HOSTILE
from tests.console.recorded import record as recorded
from tests.console.serving import Browser, Served

from interlock.model import Campaign, Principal, ReviewRecord, Scope, Word

ADMIN = Principal("corp", "https://idp.example.com", "admin-one", groups=frozenset({"platform"}))


def opened(served: Served, title: str = "Third quarter", scope: Scope | None = None) -> Campaign:
    """A campaign about everything that is to be attested, or about one rule for somebody."""
    items = [("analysts-read", scope)] if scope is not None else []
    return served.run(served.room.reviews.open(served.room.keeper.rules, ADMIN, title=title, items=items))


def said(browser: Browser, campaign: Campaign, number: int = 0, **fields: str) -> httpx.Response:
    """A form of the campaign's page, about its n-th permission."""
    one = campaign.items[number]
    (record,) = browser.served.run(browser.served.room.reviews._store.records([one.id]))
    hidden = {"permission": one.id, "seen": f"{one.meaning}.{record.version}"}
    return browser.send(f"/reviews/{campaign.id}", **{**hidden, "word": "keep", "reason": "used daily", **fields})


def record(served: Served, campaign: Campaign, number: int = 0) -> ReviewRecord:
    """How the permission stands."""
    rules = served.room.keeper.rules
    items = served.run(served.room.reviews.items(rules, campaign))
    found = items[number].record
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("word", "only"), [(Word.KEEP, ""), (Word.NARROW, "sql.read, http.get /v1/orders"), (Word.REVOKE, "")]
)
def test_a_word_is_kept(served: Served, browser: Browser, word: Word, only: str) -> None:
    """With its reason, by whom; the page shows it, and from then on it counts."""
    campaign = opened(served)
    browser.sign_in("dba-one")
    assert "Third quarter" in browser.get("/reviews").text
    assert said(browser, campaign, word=str(word), only=only).status_code == 303
    found = record(served, campaign)
    assert (found.word, found.reason) == (word, "used daily")
    assert found.by is not None
    assert found.by.subject == "dba-one"
    assert found.only == (("sql.read", "http.get /v1/orders") if only else ())
    text = browser.get(f"/reviews/{campaign.id}").text
    assert "used daily" in text
    assert ("revoked</span>" in text) is (word is Word.REVOKE)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"reason": " "}, "say why"),
        ({"reason": "x" * 501}, "at most 500"),
        ({"word": "perhaps"}, "kept, narrowed or revoked"),
        ({"word": "narrow"}, "narrow needs"),
        ({"word": "narrow", "only": "no operation"}, "is not an operation"),
        ({"word": "keep", "only": "sql.read"}, "leaves nothing to name"),
        ({"seen": "0" * 64}, "something else than what is asked"),
        ({"seen": ""}, "something else than what is asked"),
        ({"permission": "rev-" + "0" * 40}, "something else than what is asked"),
    ],
)
def test_what_is_no_word(served: Served, browser: Browser, fields: dict[str, str], why: str) -> None:
    """It says what is wrong, and nothing was kept."""
    campaign = opened(served, scope=Scope(group=f"g-{abs(hash(str(fields)))}"))
    browser.sign_in("dba-one")
    answered = said(browser, campaign, **fields)
    assert answered.status_code == 409
    assert why in answered.text
    assert record(served, campaign).word is None


def test_a_page_that_was_read_before_takes_nothing_back(served: Served, browser: Browser) -> None:
    """Somebody else revoked it meanwhile, or the form is sent a second time: the page has to be read again."""
    campaign = opened(served, scope=Scope(group="g-before"))
    browser.sign_in("dba-one")
    other = Browser(served)
    other.sign_in("dba-two")
    page = browser.get(f"/reviews/{campaign.id}")
    assert other.send(f"/reviews/{campaign.id}", word="revoke", reason="left").status_code == 303
    for word in ("keep", "revoke"):
        answered = browser.send(f"/reviews/{campaign.id}", page, word=word, reason="used daily")
        assert answered.status_code == 409
        assert "somebody said something about it meanwhile" in answered.text
    assert record(served, campaign).word is Word.REVOKE
    assert browser.send(f"/reviews/{campaign.id}", word="keep", reason="back again").status_code == 303


@pytest.mark.parametrize(("person", "status"), [("auditor-one", 409), ("admin-one", 409), ("lead-one", 404)])
def test_who_is_not_named_attests_nothing(served: Served, browser: Browser, person: str, status: int) -> None:
    """Auditors and administrators see it, and say nothing; others see what they are named for."""
    campaign = opened(served, scope=Scope(group=f"g-{person}"))
    browser.sign_in(person)
    page = browser.get(f"/reviews/{campaign.id}")
    assert page.status_code == (200 if status == 409 else 404)
    assert 'value="keep"' not in page.text
    answered = browser.send(
        f"/reviews/{campaign.id}", browser.get("/grants"), permission=campaign.items[0].id,
        seen=campaign.items[0].meaning, word="keep", reason="x",
    )  # fmt: skip
    assert answered.status_code in (status, 403)
    assert record(served, campaign).word is None


def test_a_reviewer_sees_their_own(served: Served, browser: Browser) -> None:
    """Of one campaign each sees the permissions whose rule names them."""
    campaign = opened(served, "Everything")
    browser.sign_in("lead-one")
    text = browser.get(f"/reviews/{campaign.id}").text
    assert "leads-read" in text
    assert "analysts-read" not in text


def test_an_old_sign_in_attests_nothing(served: Served, browser: Browser) -> None:
    """As for decisions: five minutes."""
    campaign = opened(served, scope=Scope(group="g-old"))
    served.issuer.auth_age = 301.0
    try:
        browser.sign_in("dba-one")
    finally:
        served.issuer.auth_age = 0.0
    page = browser.get(f"/reviews/{campaign.id}")
    assert "Sign in again to attest" in page.text
    csrf = re.search(r'name="csrf" value="([^"]*)"', page.text)
    assert csrf is not None
    assert "too old to attest" in said(browser, campaign, csrf=csrf[1]).text
    assert record(served, campaign).word is None


def test_forms_come_from_the_page(served: Served, browser: Browser) -> None:
    """Another visit's token, or none, attests nothing."""
    campaign = opened(served, scope=Scope(group="g-csrf"))
    browser.sign_in("dba-one")
    assert said(browser, campaign, csrf="0" * 43).status_code == 403
    assert record(served, campaign).word is None


def test_hostile_words_are_words(served: Served, browser: Browser) -> None:
    """Titles, scopes and reasons are somebody's."""
    campaign = opened(served, HOSTILE, Scope("https://x.example", HOSTILE))
    browser.sign_in("dba-one")
    said(browser, campaign, reason=HOSTILE)
    for path in ("/reviews", f"/reviews/{campaign.id}"):
        text = browser.get(path).text
        assert not re.search(r"<script>alert|<img src=x|\x1b|\u202e", text)
        assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize("path", ["/reviews", "/reviews/cmp-0000000000000000"])
def test_nobody_looks_unknown(browser: Browser, path: str) -> None:
    """Signed in first; then what is not there is not there."""
    assert browser.get(path).status_code == 303
    browser.sign_in("dba-one")
    assert browser.get(path).status_code == (200 if path == "/reviews" else 404)


def test_how_it_was_used(served: Served, browser: Browser) -> None:
    """Counted from the recordings, for whom the scope covers; it is a look at them, and noted."""
    kept = served.folder / "kept"
    recorded(kept, "analyst-1", run="used", more=3, rule="analysts-read")
    everyone = opened(served)
    somebody = opened(served, scope=Scope("https://issuer.example", "somebody-else"))
    browser.sign_in("dba-one")
    assert "3 times by 1 person" in browser.get(f"/reviews/{everyone.id}/used/{everyone.items[0].id}").text
    assert "never in 90 days" in browser.get(f"/reviews/{somebody.id}/used/{somebody.items[0].id}").text
    assert "console review" in (kept / "looks.jsonl").read_text(encoding="utf-8")


def test_use_is_told_to_whom_it_is_asked(served: Served, browser: Browser) -> None:
    """Others, and unknown permissions, are told nothing."""
    campaign = opened(served)
    path = f"/reviews/{campaign.id}/used/{campaign.items[0].id}"
    assert browser.get(path).status_code == 403
    browser.sign_in("lead-one")
    assert browser.get(path).status_code == 404
    assert browser.get(f"/reviews/{campaign.id}/used/rev-{'0' * 40}").status_code == 404
