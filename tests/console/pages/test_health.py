"""Health says whether deciding works, to people who are signed in; a load balancer learns only that it does."""

from __future__ import annotations

from tests.console.serving import Browser, Served


def test_people_see_how_it_stands(served: Served, browser: Browser) -> None:
    """The store, what waits, and the rules it goes by."""
    served.ask("agent-health")
    browser.sign_in("auditor-one")
    page = browser.get("/health").text

    assert "answers, " in page
    assert served.room.keeper.rules.digest[:12] in page


def test_strangers_learn_nothing(browser: Browser) -> None:
    """Not even how much waits."""
    assert browser.get("/ready").json() == {"status": "ready"}


def test_where_recordings_lie_is_for_those_who_read_or_keep_them(served: Served, browser: Browser) -> None:
    """Folders of a machine are nothing to somebody who only decides."""
    folder = str(served.room.archive.folder)
    browser.sign_in("auditor-one")
    assert folder in browser.get("/health").text
    other = Browser(served)
    other.sign_in("dba-one")
    page = other.get("/health").text
    assert ("answers, " in page, folder in page) == (True, False)
