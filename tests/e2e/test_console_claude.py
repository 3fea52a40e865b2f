"""Real Claude Code waits inside the gateway while a person decides in a real browser.

`scripts/test claude` runs this.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.e2e.browser import launched
from tests.e2e.harness import World, prepare
from tests.e2e.test_claude_code import Claude

from interlock.demo.model_api import Turn, text, tool
from interlock.demo.processes import Process, free_port, listening, program

pytestmark = pytest.mark.claude

TEMPLATE = Path(__file__).with_name("approvals.yaml.template")
CONSOLE = """\
version: 1
console:
  listen: 127.0.0.1:{port}
  sign_in: {{from: demo, client_id: interlock-console}}
  roles: {{approver: {{groups: [reviewer]}}}}
"""


def test_a_held_call_goes_on_when_it_is_approved_in_the_console(world: World, tmp_path: Path) -> None:
    """The client notices nothing but the time it took."""
    if not os.environ.get("INTERLOCK_CLAUDE"):
        pytest.fail("INTERLOCK_CLAUDE names no client; scripts/test claude installs one and sets it")
    port, rules = free_port(), tmp_path / "rules"
    prepared = prepare(world, tmp_path, "interlock", template=TEMPLATE)
    (rules / "console.yaml").write_text(CONSOLE.format(port=port), encoding="utf-8")
    command = [program("interlock"), "console", "--rules", str(rules)]
    world.forget()
    with (
        prepared as gateway,
        Process(command, env={**os.environ, **world.services.environment}) as console,
        launched() as browser,
    ):
        listening(port, console)
        claude = Claude(gateway, "reverse", tmp_path)
        call = tool("mcp__db__list_customers")
        claude.api.script(Turn((call,)), Turn((text("Done."),)))
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_role("button", name="reviewer-1", exact=True).click()
        outcomes = []
        run = threading.Thread(
            target=lambda: outcomes.append(
                claude.run(
                    "List them", "engineer", "held", tools="mcp__db__list_customers", mcp="db", subject="agent-1"
                )
            )
        )
        run.start()
        card = page.locator(".card", has_text="agent-1 ")
        card.wait_for(timeout=60_000)
        assert world.services.mcp.calls == []
        card.get_by_role("link").click()
        page.get_by_role("button", name="Approve once").click()
        expect(page.locator(".state").first).not_to_have_text("pending")
        run.join(90)

    assert outcomes[0].code == 0, outcomes[0].result
    assert len(world.services.mcp.calls) == 1
    assert "Interlock" not in str(claude.api.requests[-1]["messages"])
