"""`scripts/demo`: starts the embedded services and a gateway, lets agents try things, and shows what came of it."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from interlock.demo.model_api import Turn, text, tool
from interlock.demo.processes import Gateway, Ports, StartError, program
from interlock.demo.rules import write_rules
from interlock.demo.services import Services
from interlock.demo.stage import ANALYST_RUN, Seen, Stage, Step
from interlock.demo.steps import STEPS
from interlock.demo.steps_people import WRITE

__all__ = ["main", "stage"]

_LASTS = 3600.0
_SHOWN = 160
_TAIL = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Play all steps; 0 if every one came out as expected."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave everything running, and say how to use it")
    parser.add_argument("--folder", type=Path, help="where rules and recordings go (default: a temporary folder)")
    options = parser.parse_args(arguments)
    console = Console()
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="interlock-demo-")))
        try:
            scene = stack.enter_context(stage(folder))
        except StartError as error:
            console.print(Text(str(error)))
            return 1
        right = _play(console, scene)
        right &= _show_recording(console, folder / "recordings")
        right &= _leaks_nothing(console, scene, folder)
        console.print(
            Text(f"\n{'all as expected' if right else 'NOT as expected'}, {time.monotonic() - started:.0f} s")
        )
        if not right:
            log = scene.gateway.process.output().splitlines()[-_TAIL:]
            console.print(Text("\n".join(["the gateway's last words:", *log])))
        if options.keep:
            _keep(console, scene, folder)
    return 0 if right else 1


@contextlib.contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Services and a gateway that run, with tokens for an analyst and an engineer."""
    with Services() as services:
        ports = Ports()
        rules = write_rules(folder / "rules", services, ports, folder / "recordings")
        env = services.environment
        with Gateway(rules, ports, confdir=folder / "conf", env=env) as gateway:
            analyst = services.issuer.token("erika", ["analyst"], lasts=_LASTS)
            engineer = services.issuer.token("max", ["engineer"], lasts=_LASTS, algorithm="RS256")
            bookkeeper = services.issuer.token("bookkeeper-1", ["bookkeeper"], lasts=_LASTS)
            yield Stage(services, gateway, analyst, engineer, bookkeeper, rules)


def _play(console: Console, scene: Stage) -> bool:
    table = Table(title="What agents try, and what comes of it", show_lines=True)
    for heading in ("step", "expected", "", "seen"):
        table.add_column(heading, overflow="fold")
    right = True
    for step in STEPS:
        seen = _try(step, scene)
        right &= seen.right
        mark = Text("ok", "green") if seen.right else Text("WRONG", "bold red")
        table.add_row(Text(step.title), Text(step.expects), mark, Text(_short(seen.outcome)))
    console.print(table)
    return right


def _try(step: Step, scene: Stage) -> Seen:
    try:
        return step.play(scene)
    except Exception as error:  # whatever a client raises belongs in the table
        return Seen(False, f"{type(error).__name__}: {error}")


def _short(text: str) -> str:
    plain = "".join(char if char.isprintable() else " " for char in text)
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"


def _show_recording(console: Console, recordings: Path) -> bool:
    """The analyst's timeline, and whether the chains verify."""
    right = True
    for words in (("sessions", "show", ANALYST_RUN, "--recordings", str(recordings)), ("verify", str(recordings))):
        console.print(Text(f"\ninterlock {' '.join(words)}", "bold"))
        done = _interlock(*words)
        console.print(Text(done.stdout + done.stderr))
        right &= done.returncode == 0
    return right


def _leaks_nothing(console: Console, scene: Stage, folder: Path) -> bool:
    secrets = [*scene.services.secrets, scene.analyst, scene.engineer, scene.bookkeeper]
    files = [path for path in (folder / "recordings").rglob("*") if path.is_file()]
    texts = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    texts["the gateway's log"] = scene.gateway.process.output().encode()
    found = sorted({name for name, content in texts.items() for secret in secrets if secret.encode() in content})
    where = f"{len(files)} recorded files and the gateway's log"
    words = f"SECRETS in {', '.join(found)}" if found else f"no credential and no token in {where}"
    console.print(Text(words, "bold red" if found else ""))
    return not found


def _keep(console: Console, scene: Stage, folder: Path) -> None:
    scene.services.model.script(
        Turn((text("I look first."), tool("Bash", command="ls -1", description="List the files")), split=0, wire=7),
        Turn((text("Now I tidy up."), tool("Bash", command="rm -rf ~/", description="Tidy up")), split=0, wire=7),
    )
    query = '{"query": "SELECT * FROM customers"}'
    token = folder / "engineer.token"
    token.touch(mode=0o600)
    token.write_text(scene.engineer, encoding="utf-8")
    lines = [
        "", "Everything keeps running; Ctrl-C ends it. In another shell:", "",
        f"  export TOKEN={scene.analyst}",
        "  curl -s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\",
        f"    -d '{query}' {scene.at('warehouse')}/v1/query",
        "  curl -s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\",
        f"    -d '{query.replace('SELECT *', 'DELETE')}' {scene.at('warehouse')}/v1/query",
        "", "A change that waits for a person; then, in a third shell, its approval (or in a browser):", "",
        f"  curl -s -H 'Authorization: Bearer {scene.bookkeeper}' -H 'Content-Type: application/json' \\",
        f"    -d {shlex.quote(json.dumps({'query': WRITE}))} {scene.at('warehouse')}/v1/query",
        f"  .venv/bin/interlock approvals watch --rules {scene.rules}",
        f"  .venv/bin/interlock approvals approve ID --rules {scene.rules}",
        f"  .venv/bin/interlock console --rules {scene.rules}",
        "", "Through the proxy:", "",
        f"  curl -s -x http://shell:$TOKEN@127.0.0.1:{scene.gateway.ports.forward} \\",
        f"    -H 'Content-Type: application/json' -d '{query}' {scene.services.warehouse.url}/v1/query",
        "", "Claude Code behind the gateway:", "",
        f"  ANTHROPIC_BASE_URL={scene.services.model.url} \\",
        f"    .venv/bin/interlock exec --gateway {scene.gateway.forward} \\",
        f"    --ca {scene.gateway.ca} --token-file {token} -- claude",
        "", "What was recorded, and the tools that were pinned:", "",
        f"  .venv/bin/interlock sessions --recordings {folder / 'recordings'}",
        f"  .venv/bin/interlock verify {folder / 'recordings'}",
        f"  .venv/bin/interlock pins --rules {folder / 'rules'}",
    ]  # fmt: skip
    for line in lines:
        console.print(Text(line), soft_wrap=True)
    with contextlib.suppress(KeyboardInterrupt):
        while scene.gateway.process.running:
            time.sleep(0.5)


def _interlock(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [program("interlock"), *arguments]
    env = {**os.environ, "COLUMNS": str(Console().width)}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env)  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
