"""A cookie stands for somebody for a while, and for no longer."""

from __future__ import annotations

import pytest

from interlock.console.visits import Visits
from interlock.engine.console_rules import Role
from interlock.identity import SignedIn
from interlock.model import Principal


class _Clock:
    at = 1000.0

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at


RITA = SignedIn(Principal("corp", "https://idp.example.com", "dba-one"), 1000.0)


@pytest.fixture
def clock() -> _Clock:
    """It stands until a test moves it."""
    return _Clock()


def begun(clock: _Clock, lasts: float = 8000.0) -> tuple[Visits, str]:
    """Visits with one in them."""
    visits = Visits(clock, lasts)
    return visits, visits.begin(RITA, frozenset({Role.APPROVER}))[0]


def test_a_cookie_is_who_signed_in(clock: _Clock) -> None:
    """And no other text is."""
    visits, cookie = begun(clock)

    found = visits.of(cookie)
    assert found is not None
    assert (found.person.subject, found.roles) == ("dba-one", {Role.APPROVER})
    assert [visits.of(text) for text in ("", cookie[:-1], "\ud800", cookie.upper())] == [None] * 4


@pytest.mark.parametrize(("idle", "whole", "left"), [(3601, 0, None), (3500, 8000, None), (3500, 3500, "dba-one")])
def test_a_visit_ends_by_itself(clock: _Clock, idle: float, whole: float, left: str | None) -> None:
    """After an hour that nobody used it, and after its time however much it was used."""
    visits, cookie = begun(clock)

    while clock.at < 1000 + whole - idle:
        clock.at += 3000
        visits.of(cookie)
    clock.at += idle

    found = visits.of(cookie)
    assert (found and found.person.subject) == left


def test_signing_out_ends_it(clock: _Clock) -> None:
    """The same cookie is nobody's then."""
    visits, cookie = begun(clock)
    visits.end(cookie)

    assert visits.of(cookie) is None


@pytest.mark.parametrize(("passed", "fresh"), [(0, True), (300, True), (301, False), (-1, False)])
def test_only_a_young_sign_in_decides(clock: _Clock, passed: float, fresh: bool) -> None:
    """Measured from when the person proved who they are, not from when the visit began."""
    visits, cookie = begun(clock)
    found = visits.of(cookie)
    assert found is not None

    assert found.fresh(1000 + passed, 300) is fresh


def test_a_form_belongs_to_one_visit(clock: _Clock) -> None:
    """What stands in another person's forms is not taken."""
    visits, cookie = begun(clock)
    other = visits.begin(RITA, frozenset())[1]
    found = visits.of(cookie)
    assert found is not None

    assert found.sent(found.csrf)
    assert not found.sent(other.csrf)
    assert not found.sent("")


def test_visits_are_bounded(clock: _Clock) -> None:
    """The one that was used longest ago makes room."""
    visits, cookie = begun(clock)
    second = visits.begin(RITA, frozenset())[0]
    visits.of(cookie)
    for _ in range(999):
        visits.begin(RITA, frozenset())

    assert visits.of(second) is None
    assert visits.of(cookie) is not None


def test_a_visit_shows_no_secret(clock: _Clock) -> None:
    """Neither its cookie nor what its forms carry."""
    visits, cookie = begun(clock)
    found = visits.of(cookie)
    assert found is not None

    assert found.csrf not in repr(found)
    assert cookie not in repr(vars(visits))
