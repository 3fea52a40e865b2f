"""What one sees of an approval, who decides it, and what does not."""

from __future__ import annotations

import pytest
from tests.console.serving import Browser, Served

from interlock.model import ApprovalState


def decided(browser: Browser, path: str, **fields: str) -> str:
    """What the page says to a form; empty when it was taken."""
    answered = browser.send(path, **fields)
    return "" if answered.status_code == 303 else answered.text


def test_a_yes_approves(served: Served, browser: Browser) -> None:
    """And the history says who said it."""
    asked = served.ask()
    browser.sign_in("dba-one")

    assert decided(browser, f"/approvals/{asked.id}", verb="approve") == ""
    assert served.now(asked).state is ApprovalState.APPROVED
    assert "approved</strong> by dba-one" in browser.get(f"/approvals/{asked.id}").text


def test_a_no_needs_a_reason(served: Served, browser: Browser) -> None:
    """The agent's model is told it."""
    asked = served.ask("agent-no")
    browser.sign_in("dba-one")

    assert "a no needs a reason" in decided(browser, f"/approvals/{asked.id}", verb="deny", reason=" ")
    assert decided(browser, f"/approvals/{asked.id}", verb="deny", reason="not before the audit") == ""
    assert served.now(asked).state is ApprovalState.DENIED
    assert "not before the audit" in browser.get(f"/approvals/{asked.id}").text


@pytest.mark.parametrize("leased", [False, True])
def test_a_yes_can_be_taken_back(served: Served, browser: Browser, leased: bool) -> None:
    """By who said it too, for as long as it was not used; also while a gateway holds it ready for a reply."""
    asked = served.ask(f"agent-back-{leased}")
    browser.sign_in("dba-one")
    decided(browser, f"/approvals/{asked.id}", verb="approve")
    held = served.run(served.room.desk.lease(asked.requester, "warehouse")) if leased else ()
    page = browser.get(f"/approvals/{asked.id}").text
    assert ("held ready while a reply is read" in page) is leased
    assert 'value="approve"' not in page

    assert decided(browser, f"/approvals/{asked.id}", verb="deny", reason="on second thoughts") == ""
    page = browser.get(f"/approvals/{asked.id}").text
    assert ("Taken back." in page) is leased
    assert 'value="deny"' not in page
    served.run(served.room.desk.give_back(held))
    assert served.now(asked).state is ApprovalState.DENIED


def test_a_yes_may_be_widened_to_a_grant(served: Served, browser: Browser) -> None:
    """No longer than the rule allows."""
    asked = served.ask("agent-grant")
    browser.sign_in("dba-one")
    page = browser.get(f"/approvals/{asked.id}")

    assert 'value="1800"' in page.text
    assert 'value="3600"' not in page.text
    too_long = decided(browser, f"/approvals/{asked.id}", verb="grant", seconds="3600", reason="x")
    assert "grants 1800 seconds at most" in too_long
    assert decided(browser, f"/approvals/{asked.id}", verb="grant", seconds="900", reason="month end") == ""
    held = browser.get("/grants").text
    assert "agent-grant" in held
    assert "month end" in held


@pytest.mark.parametrize(
    ("person", "sees"),
    [("lead-one", False), ("auditor-one", True), ("admin-one", True), ("guest", False), ("dba-one", True)],
)
def test_roles_decide_who_sees(served: Served, browser: Browser, person: str, sees: bool) -> None:
    """An approver sees what the rules name them for, an auditor all of it; nobody is told that there is more."""
    asked = served.ask(f"agent-{person}")
    browser.sign_in(person)
    answered = browser.get(f"/approvals/{asked.id}")

    assert (answered.status_code == 200) is sees
    assert ("UPDATE orders" in answered.text) is sees
    assert (asked.id in browser.get("/").text) is sees


@pytest.mark.parametrize("person", ["lead-one", "auditor-one", "admin-one"])
def test_who_is_not_named_decides_nothing(served: Served, browser: Browser, person: str) -> None:
    """Not an administrator either, with a form made by hand."""
    asked = served.ask(f"agent-by-{person}")
    browser.sign_in(person)
    page = browser.get("/")

    answered = browser.send(f"/approvals/{asked.id}", page, verb="approve", seen=asked.fingerprint)

    assert answered.status_code in (404, 409)
    assert served.now(asked).state is ApprovalState.PENDING
    assert 'value="approve"' not in browser.get(f"/approvals/{asked.id}").text


@pytest.mark.parametrize("asks", [{"subject": "dba-writer"}, {"subject": "agent-for", "acting_for": "dba-writer"}])
def test_nobody_decides_for_themself(served: Served, browser: Browser, asks: dict[str, str]) -> None:
    """Neither what they asked for nor what an agent asks for them."""
    asked = served.ask(**asks)
    browser.sign_in("dba-writer")
    page = browser.get(f"/approvals/{asked.id}")

    assert "not yours to decide" in page.text
    assert "not yours to decide" in decided(browser, f"/approvals/{asked.id}", verb="approve", seen=asked.fingerprint)
    assert served.now(asked).state is ApprovalState.PENDING


def test_an_old_sign_in_decides_nothing(served: Served, browser: Browser) -> None:
    """The page leads to the issuer; a form kept from before is refused."""
    asked = served.ask("agent-old")
    served.issuer.auth_age = 301.0
    try:
        browser.sign_in("dba-one")
    finally:
        served.issuer.auth_age = 0.0
    page = browser.get(f"/approvals/{asked.id}")

    assert "Sign in again to decide" in page.text
    said = decided(browser, f"/approvals/{asked.id}", verb="approve", seen=asked.fingerprint, csrf=_csrf(page.text))
    assert "too old to decide" in said
    assert served.now(asked).state is ApprovalState.PENDING
    browser.sign_in("dba-one", again=True)
    assert decided(browser, f"/approvals/{asked.id}", verb="approve") == ""


def test_what_was_read_is_what_is_decided(served: Served, browser: Browser) -> None:
    """A form of another approval's page decides nothing here."""
    asked, other = served.ask("agent-seen"), served.ask("agent-seen")
    browser.sign_in("dba-one")
    page = browser.get(f"/approvals/{other.id}")

    answered = browser.send(f"/approvals/{asked.id}", page, verb="approve")

    assert "something else than what is asked" in answered.text
    assert served.now(asked).state is ApprovalState.PENDING


def test_a_form_without_its_page_is_refused(served: Served, browser: Browser) -> None:
    """The token in it is the visit's own."""
    asked = served.ask("agent-csrf")
    browser.sign_in("dba-one")

    answered = browser.send(f"/approvals/{asked.id}", verb="approve", csrf="0" * 43)

    assert answered.status_code == 403
    assert served.now(asked).state is ApprovalState.PENDING


def test_other_rules_cannot_be_approved(served: Served, browser: Browser) -> None:
    """Who would be asked, and about what, may have changed with them."""
    asked = served.ask("agent-rules", rules_digest="0" * 64)
    browser.sign_in("dba-one")
    page = browser.get(f"/approvals/{asked.id}")

    assert "The rules changed" in page.text
    assert "not yours" in decided(browser, f"/approvals/{asked.id}", verb="approve", seen=asked.fingerprint)


def test_what_comes_from_traffic_is_only_text(served: Served, browser: Browser) -> None:
    """Markup, directions of writing, controls and formulas are shown, and do nothing."""
    hostile = "<script>alert(1)</script> \u202e\u2066 \x1b[2J [link=x]a[/link] =cmd|'/c calc'!A1 {{ 7*7 }}"
    asked = served.ask(
        "agent-<b>", because="<img src=x onerror=alert(1)> \u202e", shown={"<i>": hostile, "x": [hostile]}
    )
    browser.sign_in("dba-one")

    for path in ("/", f"/approvals/{asked.id}"):
        text = browser.get(path).text
        assert not any(
            part in text for part in ("<script>alert", "<img src=x", "<b>", "<i>", "\u202e", "\u2066", "\x1b")
        )
    text = browser.get(f"/approvals/{asked.id}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "\\u{202e}" in text
    assert "{{ 7*7 }}" in text


def test_running_unseen_content_is_said(served: Served, browser: Browser) -> None:
    """Before somebody decides."""
    asked = served.ask("agent-unseen", unseen=True)
    browser.sign_in("dba-one")

    assert "Content not seen." in browser.get(f"/approvals/{asked.id}").text
    assert "content not seen" in browser.get("/").text


@pytest.mark.parametrize("path", ["/approvals/apr-0000000000000000", "/approvals/..%2f..", "/approvals/x' OR '1'='1"])
def test_unknown_ids_are_unknown(browser: Browser, path: str) -> None:
    """In the words that foreign ones get."""
    browser.sign_in("dba-one")

    assert browser.get(path).status_code == 404


def _csrf(text: str) -> str:
    return text.partition('name="csrf" value="')[2].partition('"')[0]
