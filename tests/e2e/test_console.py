"""People decide in a real browser: two gateways, a console and PostgreSQL, each a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.console.serving import until
from tests.e2e.pair import Pair, SignIn, pair, signing_in

from interlock.approval.desk import Desk
from interlock.clocks import SystemClock
from interlock.model import Person, Secret
from interlock.store.opening import open_store

REVIEWER, OTHER = "reviewer-1", "reviewer-2"
HURRIED = """\
  - id: hurried-ask
    review: [sql.write]
    on: [warehouse]
    to: {from: demo, groups: [hurried]}
    by: {from: demo, groups: [reviewer]}
    hold: 0s
    grant: {max: 30m}
  - id: brief-ask
    review: [sql.write]
    on: [warehouse]
    to: {from: demo, groups: [brief]}
    by: {from: demo, groups: [reviewer]}
    hold: 0s
    expires: 10s
"""
"""Who does not wait gets a ticket at once; what is brief stands for ten seconds."""


@dataclass
class House(Pair):
    """Everything that runs."""

    written: int = 0

    def statement(self) -> str:
        """Another write each time."""
        self.written += 1
        return f"UPDATE customers SET city = 'Bonn {self.written}' WHERE id = 2"

    def send(
        self, sql: str, *, gateway: int = 0, subject: str = "bookkeeper-1", group: str = "bookkeeper", **more: Any
    ) -> httpx.Response:
        """A write, as the agent sends it to one of the gateways."""
        token = self.services.issuer.token(subject, [group])
        with httpx.Client(headers={"authorization": f"Bearer {token}"}, timeout=60, trust_env=False) as client:
            url = f"{self.gateways[gateway].reverse}/connections/warehouse/v1/query"
            return client.post(url, json={"query": sql}, **more)

    @contextlib.contextmanager
    def held(self, sql: str, **more: Any) -> Iterator[list[httpx.Response]]:
        """A write that waits meanwhile; its answer is in the list afterwards."""
        answers: list[httpx.Response] = []
        waiting = threading.Thread(target=lambda: answers.append(self.send(sql, **more)), daemon=True)
        waiting.start()
        yield answers
        waiting.join(60)

    def kept(self, id: str) -> list[tuple[str, str]]:
        """What the log of approvals says became of one, and why."""
        path = self.rules.parent / "recordings/approvals.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        said = [json.loads(line)["data"] for line in lines]
        return [(event["what"], event["why"]) for event in said if event.get("approval") == id]

    def ran(self, sql: str) -> int:
        """How often it reached the warehouse."""
        return self.services.warehouse.ran.count(sql)


@pytest.fixture(scope="module")
def house(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two gateways, a console, a store; agents who do not wait for long."""

    def change(text: str) -> str:
        return text.replace("  - id: engineers-talk", HURRIED + "  - id: engineers-talk", 1)

    with pair(tmp_path_factory.mktemp("house"), postgres_server, "console", change) as found:
        yield House(**vars(found))


@pytest.fixture
def sign_in(house: House, chromium: Browser) -> Iterator[SignIn]:
    """`sign_in("reviewer-1")`: a browser of its own, on the queue; what it complained about fails the test."""
    with signing_in(chromium, house.console) as opened:

        def on_the_queue(person: str = REVIEWER, **look: Any) -> Page:
            page = opened(person, **look)
            page.wait_for_selector("#queue")
            return page

        yield on_the_queue


def open_card(page: Page, subject: str = "bookkeeper-1", *, decides: bool = True) -> None:
    """Wait for what this agent asks, and open it."""
    card = page.locator(".card", has_text=f"{subject} ").first
    card.wait_for(timeout=60_000)
    card.get_by_role("link").click()
    page.locator(".shown").wait_for()
    if decides:
        page.get_by_role("button", name="Approve once").wait_for()


def test_a_held_write_goes_on_when_it_is_approved(house: House, sign_in: SignIn) -> None:
    """The queue shows it by itself; the yes lets it run once, at the gateway that held it."""
    page, sql = sign_in(), house.statement()
    with house.held(sql) as answers:
        open_card(page)
        expect(page.locator(".shown")).to_contain_text(sql)
        page.screenshot(path=house.pictures / "approval.png", full_page=True)
        assert house.ran(sql) == 0
        begun = time.monotonic()
        page.get_by_role("button", name="Approve once").click()
    took = time.monotonic() - begun

    assert [answer.status_code for answer in answers] == [200], answers[0].text
    assert house.ran(sql) == 1
    assert took < 15, "it waited for its hold, not for the decision"
    expect(page.locator(".state").first).not_to_have_text("pending")
    until(lambda: page.reload() and "answered 200" in page.locator("main").inner_text())
    expect(page.locator(".state").first).to_have_text("used")


def test_another_gateway_runs_what_was_approved(house: House, sign_in: SignIn) -> None:
    """A ticket of one, approved in the console, passes at the other, once."""
    page, sql = sign_in(), house.statement()
    hurried = {"subject": "hurried-1", "group": "hurried"}
    ticket = house.send(sql, gateway=1, **hurried)
    assert ticket.json()["approval"]["state"] == "pending"
    open_card(page, "hurried-1")
    page.get_by_role("button", name="Approve once").click()
    expect(page.locator(".state").first).to_have_text("approved")

    assert house.send(sql, gateway=0, **hurried).status_code == 200
    assert house.ran(sql) == 1
    again = house.send(sql, gateway=1, **hurried)
    assert again.json()["approval"]["id"] != ticket.json()["approval"]["id"]
    assert house.ran(sql) == 1


def test_a_denial_is_told(house: House, sign_in: SignIn) -> None:
    """With the reviewer's own reason, and nothing ran."""
    page, sql = sign_in(), house.statement()
    with house.held(sql, subject="bookkeeper-no") as answers:
        open_card(page, "bookkeeper-no")
        page.get_by_role("button", name="Deny").click()
        assert house.ran(sql) == 0  # the browser itself asks for a reason
        page.get_by_label("No, because").fill("not before the audit")
        page.get_by_role("button", name="Deny").click()

    assert answers[0].status_code == 403
    assert "not before the audit" in answers[0].text
    assert house.ran(sql) == 0


def test_a_change_of_one_letter_is_another_question(house: House, sign_in: SignIn) -> None:
    """What was approved does not let it pass."""
    page, sql = sign_in(), house.statement()
    hurried = {"subject": "hurried-2", "group": "hurried"}
    house.send(sql, **hurried)
    open_card(page, "hurried-2")
    page.get_by_role("button", name="Approve once").click()
    expect(page.locator(".state").first).to_have_text("approved")

    altered = house.send(sql.replace("id = 2", "id = 3"), **hurried)
    assert altered.json()["approval"]["state"] == "pending"
    assert house.ran(sql.replace("id = 2", "id = 3")) == 0
    assert house.send(sql, **hurried).status_code == 200


def test_nobody_approves_their_own(house: House, sign_in: SignIn) -> None:
    """The agent's subject is the reviewer's: somebody else has to look."""
    page, sql = sign_in(), house.statement()
    with house.held(sql, subject=REVIEWER) as answers:
        open_card(page, REVIEWER, decides=False)
        expect(page.locator("main")).to_contain_text("not yours to decide")
        assert page.get_by_role("button", name="Approve once").count() == 0
        other = sign_in(OTHER)
        open_card(other, REVIEWER)
        other.get_by_role("button", name="Approve once").click()

    assert answers[0].status_code == 200


def test_who_hangs_up_withdraws(house: House, sign_in: SignIn) -> None:
    """What nobody waits for any more cannot be approved, and never runs."""
    page, sql = sign_in(), house.statement()
    with contextlib.suppress(httpx.TimeoutException):
        house.send(sql, subject="bookkeeper-gone", timeout=1.0)
    row = page.locator("tr", has_text="bookkeeper-gone")
    row.wait_for(timeout=60_000)

    expect(row).to_contain_text("withdrawn")
    row.get_by_role("link").click()
    assert page.get_by_role("button", name="Approve once").count() == 0
    assert house.ran(sql) == 0
    until(lambda: house.kept(page.url.rpartition("/")[2]) == [("withdrawn", "its client left")], 60)


def test_what_expired_is_over(house: House, sign_in: SignIn) -> None:
    """The queue says so by itself; a page that still shows the button decides nothing, and the ticket lets nothing
    pass: sent again, it is a new question."""
    page, sql = sign_in(), house.statement()
    brief = {"subject": "brief-1", "group": "brief"}
    ticket = house.send(sql, **brief).json()["approval"]
    open_card(page, "brief-1")
    queue = page.context.new_page()
    queue.goto(f"{house.console}/")
    row = queue.locator("tr", has_text="brief-1")
    row.wait_for(timeout=60_000)
    expect(row).to_contain_text("expired")

    page.get_by_role("button", name="Approve once").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".state").first).to_have_text("expired")
    assert page.get_by_role("button", name="Approve once").count() == 0
    page.screenshot(path=house.pictures / "expired.png", full_page=True)
    again = house.send(sql, gateway=1, **brief).json()["approval"]
    assert (again["state"], again["id"] != ticket["id"]) == ("pending", True)
    assert house.ran(sql) == 0
    until(lambda: house.kept(ticket["id"]) == [("expired", "")], 60)  # nobody stood by, and two gateways sweep


def test_what_is_decided_elsewhere_is_in_the_evidence(house: House) -> None:
    """Somebody decides at a console on another machine, without recordings, and nobody waits: a gateway writes it."""
    asked = house.send(house.statement(), subject="hurried-2", group="hurried").json()["approval"]

    async def deny() -> None:
        store = await open_store(Secret(house.store))
        try:
            desk = Desk(store, SystemClock(), gateway="console")
            person = Person("demo", house.services.issuer.url, REVIEWER, groups=("reviewer",))
            await desk.vote(asked["id"], person, approves=False, reason="not today", rules=("hurried-ask",))
        finally:
            await store.close()

    with ThreadPoolExecutor(1) as pool:  # the browser's loop is this thread's
        pool.submit(asyncio.run, deny()).result(60)
    until(lambda: house.kept(asked["id"]) == [("denied", "not today")], 60)


def test_a_grant_lets_more_of_the_same_pass_until_it_ends(house: House, sign_in: SignIn) -> None:
    """At both gateways, and at neither from the moment it is ended."""
    page = sign_in()
    hurried = {"subject": "hurried-3", "group": "hurried"}
    house.send(house.statement(), **hurried)
    open_card(page, "hurried-3")
    page.get_by_label("because", exact=True).fill("month end")
    page.get_by_role("button", name="Grant").click()
    expect(page.locator(".state").first).to_have_text("approved")
    for gateway in (0, 1):
        until(lambda at=gateway: house.send(house.statement(), gateway=at, **hurried).status_code == 200, 2.0)

    page.goto(f"{house.console}/grants")
    page.screenshot(path=house.pictures / "grants.png", full_page=True)
    page.get_by_role("button", name="End it now").click()
    expect(page.locator("h1")).to_have_text("No grant is in force")
    for gateway in (0, 1):
        until(lambda at=gateway: house.send(house.statement(), gateway=at, **hurried).status_code == 403, 2.0)


@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("wide-light", {"viewport": {"width": 1200, "height": 800}, "color_scheme": "light"}),
        ("phone-dark", {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}),
    ],
)
def test_pages_fit_and_work_by_keyboard(house: House, sign_in: SignIn, name: str, look: dict[str, Any]) -> None:
    """At both widths nothing sticks out; tab and enter reach a decision."""
    page, sql = sign_in(**look), house.statement()
    with house.held(sql, subject=f"bookkeeper-{name}") as answers:
        card = page.locator(".card", has_text=f"bookkeeper-{name} ").get_by_role("link")
        card.wait_for(timeout=60_000)
        page.screenshot(path=house.pictures / f"{name}-queue.png", full_page=True)
        card.focus()
        page.keyboard.press("Enter")
        button = page.get_by_role("button", name="Approve once")
        button.wait_for()
        page.screenshot(path=house.pictures / f"{name}-approval.png", full_page=True)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(f"() => {wide}") <= 0
        for _ in range(60):
            if page.evaluate("() => document.activeElement.textContent") == "Approve once":
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")

    assert answers[0].status_code == 200
    expect(page.locator(".state").first).not_to_have_text("pending")
    page.goto(f"{house.console}/health")
    page.screenshot(path=house.pictures / f"{name}-health.png", full_page=True)
