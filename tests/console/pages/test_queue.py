"""The queue shows what waits, and by itself what comes."""

from __future__ import annotations

import threading

from tests.console.serving import Browser, Served


def test_what_one_may_decide_comes_first(served: Served, browser: Browser) -> None:
    """Then what waits for others."""
    own = served.ask("dba-writer")
    served.ask("agent-queue")
    browser.sign_in("dba-writer")

    cards = browser.get("/").text.split('<li class="card')[1:]
    mine = [card.startswith(" mine") for card in cards]

    assert mine == sorted(mine, reverse=True)
    assert f"/approvals/{own.id}" in cards[-1]


def test_what_is_over_is_among_the_latest(served: Served, browser: Browser) -> None:
    """With what became of it."""
    asked = served.ask("agent-over")
    served.run(served.room.desk.withdraw(asked.id, "the client left"))
    browser.sign_in("auditor-one")
    page = browser.get("/").text

    assert f'/approvals/{asked.id}">' in page.partition("Lately")[2]
    assert "withdrawn" in page


def test_an_open_page_is_told(served: Served, browser: Browser) -> None:
    """Of every change, without asking; the page then asks for its part."""
    browser.sign_in("dba-one")
    told = threading.Event()

    def follow() -> None:
        with browser.client.stream("GET", "/live") as stream:
            for line in stream.iter_lines():
                if line == ": here":
                    here.set()
                if line == "event: changed":
                    told.set()
                    return

    here = threading.Event()
    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    assert here.wait(10)
    asked = served.ask("agent-live")

    assert told.wait(10)
    assert asked.id in browser.get("/queue").text
    thread.join(10)


def test_the_live_part_sends_strangers_to_the_sign_in(browser: Browser) -> None:
    """The page that asks for it goes there."""
    answered = browser.get("/queue")

    assert (answered.status_code, answered.headers["hx-redirect"]) == (403, "/sign-in")
