"""Gateway, console and PostgreSQL die in the middle of approvals: nothing runs unapproved, nothing runs twice."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator

import httpx
import pytest
from tests.console.serving import until
from tests.e2e.town import Gate, Town, open_town

from interlock.model import Approval, ApprovalState

PENDING, APPROVED, USED = ApprovalState.PENDING, ApprovalState.APPROVED, ApprovalState.USED
STEPS = {
    "opening": ("pending", False), "opened": ("pending", True), "held": None, "deciding": ("approved", False),
    "decided": ("approved", True), "claiming": ("used", False), "claimed": ("used", True), "forwarded": None,
    "answered": ("finished", False),
}  # fmt: skip
"""The steps of a request that is held, with the change of the store that is under way: `-ing` within its transaction,
`-ed` when it is kept, and who made it has not heard so.
"""
LEFT = {
    "opening": None, "opened": PENDING, "held": PENDING, "deciding": PENDING, "decided": APPROVED,
    "claiming": APPROVED, "claimed": USED, "forwarded": USED, "answered": USED,
}  # fmt: skip
"""How the approval stands afterwards."""
BY_CONSOLE = ("deciding", "decided")
CRASHES = [
    *(("gateway", step) for step in STEPS if step not in BY_CONSOLE),
    *(("console", step) for step in BY_CONSOLE),
    *(("postgres", step) for step in STEPS),
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One of each."""
    with open_town(tmp_path_factory.mktemp("town")) as opened:
        yield opened


class Crash:
    """A request that is brought to a step, where something is killed and started again."""

    def __init__(self, town: Town, victim: str, step: str) -> None:
        self.town, self.victim, self.step = town, victim, step
        self.body, self.who = f"{victim} {step}", f"agent-{victim}-{step}"
        self.path = "/ask/slow" if step == "forwarded" else "/ask/it"
        self.said: list[int] = []

    @contextlib.contextmanager
    def sent(self) -> Iterator[list[httpx.Response | None]]:
        """Once more, meanwhile; its answers are in the list when it has them."""
        with self.town.sending(self.path, self.body, self.who) as answers:
            yield answers

    @contextlib.contextmanager
    def happened(self) -> Iterator[list[httpx.Response | None]]:
        """The request's answers, after the crash."""
        change, town = STEPS[self.step], self.town
        town.upstream.arrived.clear()
        town.upstream.go_on.clear()
        with contextlib.ExitStack() as stack:
            gate = Gate(town.env["APPROVALS"], change[0], at_commit=change[1]) if change else None
            if gate is not None:
                stack.callback(gate.close)
            answers = stack.enter_context(self.sent())
            self._bring(stack)
            if gate is not None:
                gate.reached()
            self._kill(gate, at_commit=bool(change and change[1]))
            town.upstream.go_on.set()
            town.start(self.victim)
            yield answers

    def passes(self) -> bool:
        """Whether it goes through at once, sent again."""
        answer = self.town.send(self.path, self.body, who=self.who)
        return answer is not None and answer.status_code == 200

    def found(self) -> Approval | None:
        """The newest approval of this request."""
        return next(iter(self.town.found(who=self.who)), None)

    def _bring(self, stack: contextlib.ExitStack) -> None:
        if self.step in ("opening", "opened"):
            return
        asked = self.town.one(PENDING, who=self.who)
        if self.step in BY_CONSOLE:
            deciding = threading.Thread(target=self._decide, args=(asked.id,), daemon=True)
            deciding.start()
            stack.callback(deciding.join, 20)
        elif self.step != "held":
            self.town.approve(asked)
        if self.step == "forwarded":
            assert self.town.upstream.arrived.wait(20)

    def _decide(self, id: str) -> None:
        with contextlib.suppress(httpx.TransportError):
            self.said.append(self.town.reviewer().send(f"/approvals/{id}", verb="approve").status_code)

    def _kill(self, gate: Gate | None, *, at_commit: bool) -> None:
        frozen = self.town.pid("console" if self.step in BY_CONSOLE else "gateway") if at_commit else 0
        if frozen and gate is not None:
            os.kill(frozen, signal.SIGSTOP)
            gate.open()
            gate.passed()
        self.town.kill(self.victim)
        if frozen and self.victim == "postgres":
            os.kill(frozen, signal.SIGCONT)
        if gate is not None:
            gate.open()


@pytest.mark.parametrize(("victim", "step"), CRASHES)
def test_a_crash_at_every_step(town: Town, victim: str, step: str) -> None:
    """Nothing runs unapproved or twice; a decision that was acknowledged is kept; what was approved still runs, once;
    what nobody knows the end of does not run again."""
    crash = Crash(town, victim, step)
    with crash.happened() as answers, contextlib.ExitStack() as more:
        found, ran = crash.found(), town.ran(crash.body)
        assert (found.state if found else None) in (LEFT[step], *([USED] if victim == "console" else []))
        assert 303 not in crash.said or LEFT[step] is APPROVED
        if LEFT[step] is USED:
            assert found is not None
            _is_not_run_again(crash, found, answers)
            return
        assert ran == 0 or LEFT[step] is APPROVED
        senders = [answers]
        if LEFT[step] is not APPROVED:
            if found is None or answers or victim == "gateway":
                senders.append(more.enter_context(crash.sent()))
            asked = town.one(PENDING, who=crash.who)
            assert found is None or asked.id == found.id
            assert town.ran(crash.body) == 0
            town.approve(asked)
        until(lambda: all(senders), 30)
        until(lambda: town.ran(crash.body) or crash.passes(), 20)
    assert town.ran(crash.body) == 1
    assert [one.state for one in town.found(who=crash.who)] == [USED]


def _is_not_run_again(crash: Crash, found: Approval, answers: list[httpx.Response | None]) -> None:
    town, body = crash.town, crash.body
    if crash.victim == "postgres":  # its gateway lives: the agent has its answer, and the store learns of it
        until(lambda: town.now(found.id).outcome == "answered 200", 30)
        until(lambda: answers, 30)
        assert [answer and answer.status_code for answer in answers] == [200]
        assert town.ran(body) == 1
        return
    ran = town.ran(body)
    assert ran == (0 if crash.step == "claimed" else 1)
    town.lost.append(found.id)
    with crash.sent():
        again = town.one(PENDING, who=crash.who)
        assert again.id != found.id
        town.desk(lambda desk: desk.withdraw(again.id, "the test is over"))
    assert town.ran(body) == ran


def test_a_console_that_dies(town: Town) -> None:
    """What waits waits, and nobody is signed in at the next one."""
    with town.sending("/ask/c", "third") as answers:
        asked, browser = town.one(PENDING), town.reviewer()
        page = browser.get(f"/approvals/{asked.id}")
        town.kill("console")
        assert town.now(asked.id).state is PENDING
        town.start("console")
        assert browser.get(f"/approvals/{asked.id}").status_code == 303
        assert browser.send(f"/approvals/{asked.id}", page, verb="approve").status_code == 403
        assert town.ran("third") == 0
        town.approve(asked)
    assert [answer and answer.status_code for answer in answers] == [200]
    assert town.ran("third") == 1


def test_a_store_that_dies_while_something_waits(town: Town) -> None:
    """It is not let through; what needs nobody goes on; when the store is back, so is the question."""
    with town.sending("/ask/d", "fourth") as answers:
        asked = town.one(PENDING)
        town.postgres.kill()
        until(lambda: (said := town.send("/ask/d2", "fifth")) is not None and "approval-unavailable" in said.text, 20)
        free = town.send("/open/x", "", "GET")
        assert free is not None
        assert free.status_code == 200
        assert (town.ran("fourth"), town.ran("fifth")) == (0, 0)
        town.postgres.start()
        town.approve(asked)
    assert town.ran("fifth") == 0
    if answers[0] is None or answers[0].status_code != 200:  # it was answered while the store was away
        assert town.ran("fourth") == 0
        until(lambda: (said := town.send("/ask/d", "fourth")) is not None and said.status_code == 200, 20)
    assert town.ran("fourth") == 1


def test_a_store_that_dies_with_its_gateway(town: Town) -> None:
    """An acknowledged yes is still there after both are back."""
    with town.sending("/ask/e", "sixth"):
        asked = town.one(PENDING)
        town.kill()
    town.approve(asked)
    town.postgres.kill()
    town.postgres.start()
    town.start()

    answer = town.send("/ask/e", "sixth")
    assert answer is not None
    assert (answer.status_code, town.ran("sixth")) == (200, 1)


def test_what_was_lost_is_shown(town: Town) -> None:
    """Used, outcome unknown: to the approver, for good."""
    assert len(town.lost) == 3
    browser = town.reviewer()
    for id in town.lost:
        until(lambda id=id: town.now(id).outcome == "unknown", 60)
        assert town.now(id).state is USED
        assert "nobody knows what became of it" in browser.get(f"/approvals/{id}").text
