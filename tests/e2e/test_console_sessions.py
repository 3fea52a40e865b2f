"""An auditor reads recordings in a real browser: a golden day, and one of somebody who plays tricks on readers.

Pictures of the pages go to the folder that INTERLOCK_SCREENSHOTS names, where it does.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.console.recorded import HOSTILE, record
from tests.console.serving import Served, console

SAMPLES = Path(__file__).parents[2] / "recordings" / "samples" / "demo"
LOOKS = {
    "wide-light": {"viewport": {"width": 1200, "height": 800}, "color_scheme": "light"},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
_WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

type SignIn = Callable[..., Page]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console over the golden day, and one session more."""
    with console(tmp_path_factory.mktemp("sessions")) as started:
        shutil.copytree(SAMPLES, started.folder / "kept", dirs_exist_ok=True)
        record(started.folder / "kept", HOSTILE, run="hostile")
        yield started


@pytest.fixture
def sign_in(served: Served, chromium: Browser) -> Iterator[SignIn]:
    """A browser of its own, on the sessions; whatever it complained about, and any dialogue, fails the test."""
    complaints: list[str] = []
    with contextlib.ExitStack() as stack:

        def opened(person: str = "auditor-one", **look: Any) -> Page:
            context = chromium.new_context(**look)
            stack.callback(context.close)
            context.set_default_timeout(60_000)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console", lambda said: complaints.append(said.text) if served.url in said.location["url"] else None
            )
            page.on("dialog", lambda dialog: complaints.append(dialog.message))
            page.goto(f"{served.url}/sessions")
            page.get_by_role("button", name=person, exact=True).click()
            page.wait_for_url("**/sessions")
            return page

        yield opened
    assert complaints == []


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where they go."""
    found = Path(os.environ.get("INTERLOCK_SCREENSHOTS") or tmp_path_factory.mktemp("pictures"))
    found.mkdir(exist_ok=True, parents=True)
    return found


def busiest() -> str:
    """The golden session in which a model proposes something."""
    found = [folder for folder in SAMPLES.iterdir() if not folder.name.startswith(".") and folder.is_dir()]
    return max(found, key=lambda folder: (folder / "evidence.jsonl").read_text().count('"kind":"reply"')).name


@pytest.mark.parametrize("name", LOOKS)
def test_an_auditor_finds_and_reads_a_session(served: Served, sign_in: SignIn, pictures: Path, name: str) -> None:
    """Search, timeline, badge, graph: at both widths, nothing sticks out, and each look was noted."""
    page = sign_in(**LOOKS[name])
    page.screenshot(path=pictures / f"{name}-sessions.png", full_page=True)
    assert page.evaluate(_WIDER) <= 0
    page.get_by_label("Decision").select_option("forbid")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=busiest()).click()
    expect(page.locator(".verified")).to_contain_text("intact")
    page.get_by_text("all of it").nth(1).click()
    page.screenshot(path=pictures / f"{name}-session.png", full_page=True)
    assert page.evaluate(_WIDER) <= 0
    page.get_by_role("link", name="What led to what").click()
    expect(page.locator(".graph .box").first).to_be_visible()
    page.screenshot(path=pictures / f"{name}-graph.png", full_page=True)
    assert page.evaluate(_WIDER) <= 0
    page.locator(".graph a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#e*")
    log = (served.folder / "kept" / "looks.jsonl").read_text(encoding="utf-8").splitlines()
    noted = [event["data"]["how"] for event in map(json.loads, log) if event["kind"] == "look"]
    for how in ("console sessions", "console session", "console verify", "console graph"):
        assert how in noted


def test_what_was_checked_and_what_not(sign_in: SignIn, pictures: Path) -> None:
    """A page of its own says what could have been done unseen."""
    page = sign_in()
    page.get_by_role("link", name=busiest()).click()
    page.get_by_role("link", name="what was checked").click()
    expect(page.locator("h1")).to_contain_text("Intact, as far as that was checked")
    expect(page.locator("main")).to_contain_text("Checked: the chain")
    expect(page.locator("main")).to_contain_text("interlock verify")
    page.screenshot(path=pictures / "verified.png", full_page=True)


def test_files_are_downloads(served: Served, sign_in: SignIn) -> None:
    """The browser keeps them and shows nothing of them."""
    page, id = sign_in(), busiest()
    page.get_by_role("link", name=id).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="evidence").click()
    assert download.value.suggested_filename == f"{id}-evidence.jsonl"
    assert download.value.path().read_bytes() == (served.folder / "kept" / id / "evidence.jsonl").read_bytes()


def test_tricks_are_words(sign_in: SignIn, pictures: Path) -> None:
    """Nothing that a recording holds becomes markup, in any page of it."""
    page = sign_in(**LOOKS["phone-dark"])
    page.get_by_role("row", name="hostile").get_by_role("link").click()
    expect(page.locator(".verified")).to_contain_text("intact")
    page.screenshot(path=pictures / "hostile-session.png", full_page=True)
    assert page.evaluate(_WIDER) <= 0
    for _ in range(2):
        assert page.locator("main img, main script").count() == 0
        assert "\u202e" not in page.content()
        if page.get_by_role("link", name="What led to what").count():
            page.get_by_role("link", name="What led to what").click()
    page.screenshot(path=pictures / "hostile-graph.png", full_page=True)


def test_others_do_not_come_here(served: Served, chromium: Browser) -> None:
    """Who decides has no link to it, and no page."""
    context = chromium.new_context()
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{served.url}/")
    page.get_by_role("button", name="dba-one", exact=True).click()
    page.wait_for_selector("#queue")
    assert page.get_by_role("link", name="Sessions").count() == 0
    page.goto(f"{served.url}/sessions")
    expect(page.locator("h1")).to_have_text("Recordings are for auditors.")
    context.close()
