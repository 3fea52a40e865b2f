"""All routes of the console, each with whom it lets in: a route that nobody wrote down here does not pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.routing import Mount, Route
from tests.console.pages.test_reviews import opened
from tests.console.recorded import record
from tests.console.serving import Browser, Served, console

from interlock.console.app import create_app
from interlock.console.guard import HEADERS
from interlock.model import ApprovalState

PEOPLE = {"approver": "dba-one", "auditor": "auditor-one", "administrator": "admin-one"}
ALL, AUDITOR, NOBODY = frozenset(PEOPLE), frozenset({"auditor"}), frozenset[str]()
READ = {
    "/": (303, ALL), "/queue": (403, ALL), "/live": (403, ALL), "/approvals/{id}": (303, ALL), "/grants": (303, ALL),
    "/sessions": (303, AUDITOR), "/sessions/{id}": (303, AUDITOR), "/sessions/{id}/graph": (303, AUDITOR),
    "/sessions/{id}/verified": (303, AUDITOR), "/sessions/{id}/{part}": (303, AUDITOR), "/reviews": (303, ALL),
    "/reviews/{id}": (303, ALL), "/reviews/{id}/used/{permission}": (403, ALL), "/health": (303, ALL),
    "/ready": (200, ALL), "/sign-in": (303, NOBODY), "/signed-in": (400, NOBODY),
}  # fmt: skip
"""By route: what a stranger gets, and which roles see it."""
CHANGE = {
    "/approvals/{id}": {"verb": "approve"}, "/approvals/{id} ": {"verb": "deny", "reason": "no"},
    "/grants/{id}/revoke": {"reason": "no"}, "/reviews/{id}": {"word": "revoke", "reason": "no"}, "/sign-out": {},
    "/door": {"code": "00000000", "subject": "dba-one", "groups": "dba"},
}  # fmt: skip
"""By route: a form that would change something, were its token right."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console with one of each thing, and everybody signed in."""
    with console(tmp_path_factory.mktemp("console")) as started:
        yield started


@pytest.fixture(scope="module")
def things(served: Served) -> dict[str, str]:
    """Something that each route is about, by what its path begins with."""
    campaign, asked = opened(served), served.ask()
    return {
        "approvals": asked.id, "grants": "grt-0000000000000000", "reviews": campaign.id, "part": "evidence",
        "sessions": record(served.folder / "kept"), "permission": campaign.items[0].id, "seen": asked.fingerprint,
    }  # fmt: skip


@pytest.fixture(scope="module")
def people(served: Served) -> dict[str, Browser]:
    """A browser for each role."""
    found = {role: Browser(served) for role in PEOPLE}
    for role, browser in found.items():
        browser.sign_in(PEOPLE[role])
    return found


def test_every_route_is_written_down(served: Served) -> None:
    """With the methods that it has; what is static is the only mount."""
    routes = create_app(served.room).routes
    assert [route.path for route in routes if isinstance(route, Mount)] == ["/static"]
    found = {(method, route.path) for route in routes if isinstance(route, Route) for method in route.methods or ()}
    read = {(method, path) for path in READ for method in ("GET", "HEAD")}
    assert found == read | {("POST", path.strip()) for path in CHANGE}


@pytest.mark.parametrize("path", READ)
def test_a_page_is_for_its_roles(served: Served, things: dict[str, str], people: dict[str, Browser], path: str) -> None:
    """Strangers are led to the sign-in and learn nothing; whoever may not see a page is told so; nothing is kept."""
    address = _filled(path, things)
    stranger, roles = READ[path]
    for role, browser in {"": Browser(served), **people}.items():
        with browser.client.stream("GET", address) as answered:
            assert {name: answered.headers[name] for name in HEADERS} == HEADERS
            if not role:
                assert answered.status_code == stranger
            elif roles:
                assert answered.status_code == (200 if role in roles else 403), role


@pytest.mark.parametrize("path", CHANGE)
@pytest.mark.parametrize("token", ["none", "wrong", "another visit's"])
def test_nothing_is_changed_without_the_pages_token(
    served: Served, things: dict[str, str], people: dict[str, Browser], path: str, token: str
) -> None:
    """Whatever role somebody has: everything stays as it was, and everybody stays signed in."""
    for role in ("", *people):
        cookies = dict(people[role].client.cookies) if role else {}
        form = {"permission": things["permission"], "seen": things["seen"], **CHANGE[path]}
        if token != "none":
            other = people["auditor" if role == "approver" else "approver"]
            form["csrf"] = "a" * 43 if token == "wrong" else _token(other)
        headers = {"origin": served.url, "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        answered = httpx.post(served.url + _filled(path.strip(), things), data=form, headers=headers)
        assert answered.status_code == (200 if path == "/sign-out" else 403), role
    assert [browser.get("/").status_code for browser in people.values()] == [200] * len(people)
    approval = served.run(served.room.desk.get(things["approvals"]))
    assert approval is not None
    assert approval.state is ApprovalState.PENDING
    campaign = served.run(served.room.reviews.get(things["reviews"]))
    assert all(item.said is None for item in served.run(served.room.reviews.items(served.room.keeper.rules, campaign)))


def _filled(path: str, things: dict[str, str]) -> str:
    kind = path.split("/")[1]
    return path.format(id=things.get(kind, ""), part=things["part"], permission=things["permission"])


def _token(browser: Browser) -> str:
    """What stands in the forms of somebody's pages."""
    return re.findall(r'name="csrf" value="([^"]+)"', browser.get("/grants").text)[0]
