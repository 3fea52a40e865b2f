"""An access review from the first report to a permission that is taken away: two gateways, PostgreSQL, a browser."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect
from tests.console.serving import until
from tests.e2e.browser import launched
from tests.e2e.pair import Pair, SignIn, pair, signing_in

from interlock.demo.processes import program

RULE = "analysts-read"
ATTEST = "    mask: [pii]\n    attest: {every: 90d, by: {from: demo, groups: [reviewer]}, overdue: forbid}\n"
SURVEY = """\
  - id: surveyors-change
    permit: [sql.read, sql.write]
    on: [warehouse]
    to: {from: demo, groups: [surveyor]}
    attest: {every: 90d, by: {from: demo, groups: [reviewer]}, overdue: review}
  - id: mappers-change
    permit: [sql.read, sql.write]
    on: [warehouse]
    to: {from: demo, groups: [mapper]}
    attest: {every: 90d, by: {from: demo, groups: [reviewer]}}
"""
"""While nobody stands by it, surveyors are asked about each time, and mappers are refused."""

WRITE = "UPDATE customers SET city = 'Bonn' WHERE id = 7"
MAPPED = "UPDATE customers SET city = 'Köln' WHERE id = 8"
ROLES = "  roles: {approver: {groups: [reviewer]}, auditor: {groups: [auditor]}, administrator: {groups: [platform]}}\n"
_ADDRESS = re.compile(r"http://\S+/authorize\?\S+")


@dataclass
class Company(Pair):
    """Everything that runs."""

    browser: Browser
    client: httpx.Client

    def reads(self, gateway: int, subject: str = "erika") -> str:
        """Whether an analyst's agent may read at a gateway: `read`, or why not; `cut` in the middle of it."""
        try:
            answer = self.send(gateway, "SELECT city FROM customers", subject, "analyst")
        except httpx.RemoteProtocolError:  # it ran when nobody stood by it any more
            return "cut"
        return "read" if answer.status_code == 200 else str(answer.json()["reason"])

    def send(self, gateway: int, sql: str, subject: str, group: str) -> httpx.Response:
        """A statement, as an agent sends it to a gateway."""
        token = self.services.issuer.token(subject, [group])
        return self.client.post(
            f"{self.gateways[gateway].reverse}/connections/warehouse/v1/query",
            json={"query": sql}, headers={"authorization": f"Bearer {token}"},
        )  # fmt: skip

    def maps(self, sql: str) -> set[str]:
        """What mappers' agents hear of it at both gateways: `ran`, or why not."""
        found = set()
        for gateway in (0, 1):
            with contextlib.suppress(httpx.RemoteProtocolError):  # it ran when nobody stood by it any more
                answer = self.send(gateway, sql, "mapper-1", "mapper")
                found.add("ran" if answer.status_code == 200 else str(answer.json()["reason"]))
        return found

    def both(self) -> set[str]:
        """The same at both gateways."""
        return {self.reads(0), self.reads(1)}

    def become(self, word: str, seconds: float = 60.0) -> None:
        """Wait until both say this, and nothing else any more."""
        until(lambda: self.both() == {word}, seconds)

    def terminal(self, *words: str, person: str = "") -> Any:
        """What a command prints as JSON; `person` signs in where it says."""
        command = [program("interlock"), "access", *words, "--rules", str(self.rules), "--json"]
        env = {**os.environ, **self.env, "BROWSER": "true", "COLUMNS": "300"}
        with subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as terminal:
            said = ""
            for line in terminal.stderr or () if person else ():
                said += line
                if address := _ADDRESS.search(line):
                    self._agree(address.group(), person)
                    break
            printed, errors = terminal.communicate(timeout=60)
        assert terminal.returncode == 0, said + errors
        return [json.loads(line) for line in printed.splitlines()]

    def _agree(self, address: str, person: str) -> None:
        page = self.browser.new_page()
        page.goto(address)
        page.get_by_role("button", name=person, exact=True).click()
        expect(page.locator("body")).to_contain_text("Go back to the terminal")
        page.close()

    def used(self) -> dict[str, Any]:
        """What the report says of the rule and this agent."""
        rows = self.terminal("report", "--recordings", str(self.recordings))
        found = [row for row in _rows(rows) if row.get("rule") == RULE and row.get("subject") == "erika"]
        return found[0] if found else {}


def _rows(document: Any) -> Iterator[dict[str, Any]]:
    """Every object in a report, however it nests them."""
    if isinstance(document, dict):
        yield document
        document = list(document.values())
    for inner in document if isinstance(document, list) else ():
        yield from _rows(inner)


@pytest.fixture(scope="module")
def company(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Two gateways, a console, a store, one browser; rules that somebody stands by."""

    def change(text: str) -> str:
        text = text.replace("    mask: [pii]\n", ATTEST + SURVEY, 1)
        return re.sub(r"^  roles: .*\n", ROLES, text, count=1, flags=re.MULTILINE)

    folder = tmp_path_factory.mktemp("company")
    with (
        pair(folder, postgres_server, "reviews", change, admin_1=["platform"]) as found,
        launched() as browser,
        httpx.Client(timeout=60, trust_env=False) as client,
    ):
        yield Company(**vars(found), browser=browser, client=client)


@pytest.fixture
def sign_in(company: Company) -> Iterator[SignIn]:
    """A browser of its own, on a page; what it complained about fails the test."""
    with signing_in(company.browser, company.console) as opened:
        yield opened


def test_the_whole_cycle(company: Company, sign_in: SignIn) -> None:
    """Report, campaign, overdue, enforced, attested, revoked: each seen at both gateways, and all of it in evidence."""
    assert company.both() == {"access-overdue"}  # nobody was ever asked
    before = company.used()
    assert (before["uses"], before["refused"] >= 2) == (0, True)

    company.terminal("campaign", "--open", "Second quarter", "--rule", RULE, person="admin-1")
    company.become("read")  # it counts while people are asked
    opened = company.terminal("campaign", "--open", "Third quarter", "--due", "1s", "--rule", RULE, person="admin-1")
    company.become("access-overdue")  # and no longer: nobody said a word in time

    page = sign_in("reviewer-1", "/reviews")
    expect(page.locator(".card", has_text="Third quarter")).to_contain_text("overdue")
    page.screenshot(path=company.pictures / "reviews.png", full_page=True)
    page.get_by_role("link", name="Third quarter").click()
    expect(page.locator("dd", has_text="times by 1 person")).to_contain_text("refused")
    page.screenshot(path=company.pictures / "review-overdue.png", full_page=True)
    page.get_by_label("because").fill("they read it every day")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".permission")).to_contain_text("they read it every day")
    company.become("read")
    page.screenshot(path=company.pictures / "review-kept.png", full_page=True)

    page.get_by_text("Say something else").click()
    page.get_by_label("because").fill("the project has ended")
    page.get_by_role("button", name="Revoke").click()
    expect(page.locator(".state.revoked")).to_be_visible()
    company.become("access-revoked")
    page.screenshot(path=company.pictures / "review-revoked.png", full_page=True)

    after = company.used()
    assert after["uses"] >= 4
    assert after["refused"] > before["refused"]
    shown = company.terminal("campaign", opened[0]["id"])
    assert '"revoke"' in json.dumps(shown)
    verified = subprocess.run(
        [program("interlock"), "verify", str(company.recordings), "--json"], capture_output=True, text=True, check=False
    )
    assert verified.returncode == 0, verified.stdout
    assert "reviews" in {chain["name"] for chain in json.loads(verified.stdout)["chains"]}
    words = [json.loads(line)["data"] for line in (company.recordings / "reviews.jsonl").read_text().splitlines()]
    said = [entry["word"] for entry in words if entry.get("campaign") == opened[0]["id"] and "word" in entry]
    assert said == ["keep", "revoke"]


def test_overdue_asks_each_time(company: Company, sign_in: SignIn) -> None:
    """A permission that falls to review: it is held until a person gives it in the browser, passes once, and the next
    one is asked about again, and denied.
    """
    page = sign_in("reviewer-1", "/")
    for button, state, status in (("Approve once", "approved", 200), ("Deny", "denied", 403)):
        with ThreadPoolExecutor(1) as pool:
            held = pool.submit(company.send, 0, WRITE, "surveyor-1", "surveyor")
            page.locator(".card", has_text="surveyor-1 ").first.get_by_role("link").click()
            expect(page.locator(".shown").first).to_contain_text("UPDATE customers")
            assert not held.done()
            page.screenshot(path=company.pictures / f"review-asks-{state}.png", full_page=True)
            if state == "denied":
                page.get_by_label("because").last.fill("not today")
            page.get_by_role("button", name=button).click()
            expect(page.locator(".state").first).not_to_have_text("pending")
            assert held.result(60).status_code == status
        page.goto(f"{company.console}/")
    assert company.services.warehouse.ran.count(WRITE) == 1


def test_words_from_a_file_and_a_narrowed_permission(company: Company, sign_in: SignIn, tmp_path: Path) -> None:
    """Kept by a file, everything passes without a question; narrowed in the browser, what is beyond is refused at both
    gateways and what is within passes; all of it is in the evidence.
    """
    assert company.maps(MAPPED) == {"access-overdue"}
    opened = company.terminal("campaign", "--open", "Fieldwork", "--rule", "mappers-change", person="admin-1")
    campaign = opened[0]["id"]
    file = tmp_path / "words.yaml"
    words = "[{rule: mappers-change, word: keep, reason: they map the town}]"
    file.write_text(f"campaign: {campaign}\nwords: {words}\n", encoding="utf-8")
    said = company.terminal("attest", "--file", str(file), person="reviewer-1")
    assert [(one["rule"], one["word"]) for one in said] == [("mappers-change", "keep")]
    until(lambda: company.maps(MAPPED) == company.maps("SELECT id FROM customers") == {"ran"}, 60)

    page = sign_in("reviewer-1", f"/reviews/{campaign}")
    page.get_by_text("Say something else").click()
    page.get_by_label("because").fill("the map is drawn")
    page.get_by_label("only these").fill("sql.read")
    page.get_by_role("button", name="Narrow").click()
    expect(page.locator(".permission")).to_contain_text("the map is drawn")
    page.screenshot(path=company.pictures / "review-narrowed.png", full_page=True)
    until(lambda: company.maps(MAPPED) == {"access-revoked"}, 60)
    assert company.maps("SELECT id FROM customers") == {"ran"}
    count = company.services.warehouse.ran.count(MAPPED)
    assert company.maps(MAPPED) == {"access-revoked"}
    assert company.services.warehouse.ran.count(MAPPED) == count
    events = [json.loads(line)["data"] for line in (company.recordings / "reviews.jsonl").read_text().splitlines()]
    assert [event["word"] for event in events if event.get("campaign") == campaign and "word" in event] == [
        "keep",
        "narrow",
    ]


@pytest.mark.parametrize("person", ["admin-1", "auditor-1"])
def test_who_looks_says_nothing(company: Company, sign_in: SignIn, person: str) -> None:
    """Administrators open campaigns, auditors read them; neither stands by anything. On a telephone, in the dark."""
    company.terminal("campaign", "--open", f"For {person}", "--rule", RULE, person="admin-1")
    page = sign_in(person, "/reviews", viewport={"width": 390, "height": 844}, color_scheme="dark")
    page.get_by_role("link", name=f"For {person}").click()
    expect(page.locator(".permission")).to_contain_text("Not yours to attest")
    assert page.get_by_role("button", name="Keep").count() == 0
    page.screenshot(path=company.pictures / f"review-{person}.png", full_page=True)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(f"() => {wide}") <= 0
