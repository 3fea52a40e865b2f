"""Grants in force are seen, and ended at once."""

from __future__ import annotations

from tests.console.serving import Browser, Served


def granted(served: Served, subject: str) -> str:
    """The id of a grant that dba-one gave."""
    asked, giver = served.ask(subject), Browser(served)
    giver.sign_in("dba-one")
    assert giver.send(f"/approvals/{asked.id}", verb="grant", seconds="900", reason="month end").status_code == 303
    grants = served.run(served.room.desk.granted())
    return next(grant.id for grant in grants if grant.holder.subject == subject)


def test_ending_a_grant_ends_it(served: Served, browser: Browser) -> None:
    """Its reason is kept with who did it."""
    grant = granted(served, "agent-end")
    browser.sign_in("admin-one")

    assert "agent-end" in browser.get("/grants").text
    assert browser.send(f"/grants/{grant}/revoke", browser.get("/grants"), reason="done").status_code == 303
    assert "agent-end" not in browser.get("/grants").text
    history = served.run(served.room.desk.history(grant))
    assert (history[-1].state, history[-1].why, history[-1].by.split()[0]) == ("revoked", "done", "admin-one")


def test_an_auditor_only_looks(served: Served, browser: Browser) -> None:
    """The form made by hand is refused with the reason."""
    grant = granted(served, "agent-look")
    browser.sign_in("auditor-one")
    answered = browser.send(f"/grants/{grant}/revoke", browser.get("/grants"))

    assert "for approvers and administrators" in answered.text
    assert grant in {entry.id for entry in served.run(served.room.desk.granted())}


def test_a_form_from_elsewhere_ends_nothing(served: Served, browser: Browser) -> None:
    """It lacks what stands in the page's."""
    grant = granted(served, "agent-elsewhere")
    browser.sign_in("admin-one")

    assert browser.send(f"/grants/{grant}/revoke", browser.get("/grants"), csrf="x").status_code == 403
    assert browser.send("/grants/grt-0000000000000000/revoke", browser.get("/grants")).status_code == 409
    assert grant in {entry.id for entry in served.run(served.room.desk.granted())}


def test_who_is_not_named_sees_no_grant(served: Served, browser: Browser) -> None:
    """An approver for other rules learns nothing of it, and ends nothing."""
    grant = granted(served, "agent-hidden")
    browser.sign_in("lead-one")
    page = browser.get("/grants")

    assert "agent-hidden" not in page.text
    assert "no such grant" in browser.send(f"/grants/{grant}/revoke", browser.get("/")).text
    assert grant in {entry.id for entry in served.run(served.room.desk.granted())}
