"""What tests of commands need: rules with a demo issuer, and the commands as a person starts them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.engine.conftest import BASE

from interlock.cli import main
from interlock.identity import create_demo_key

CREDENTIALS = {
    "language: sql, dialect: postgres}\n": "    credential: {scheme: bearer, from: env:WAREHOUSE_KEY}\n",
    'https://api.anthropic.com"]\n': (
        "    credential: {scheme: header, header: x-api-key, from: env:ANTHROPIC_API_KEY}\n"
    ),
}
"""After which lines of the base each connection's credential stands."""
CASES = """\
cases:
  - as: {groups: [analyst]}
    on: warehouse
    send: {at: "POST /v1/query", body: {query: "SELECT * FROM customers"}}
    expect: permit
    rule: analysts-read
  - as: {groups: [analyst]}
    on: warehouse
    send: {at: "POST /v1/query", body: {query: "dele/**/te from customers"}}
    expect: forbid
  - as: {groups: [engineer]}
    on: agent
    propose: {tool: Bash, input: {command: "ls -1"}}
    expect: permit
    rule: coding-tools
  - as: {groups: [engineer]}
    on: agent
    propose: {tool: Bash, input: {command: "rm -rf /"}}
    expect: forbid
    reason: no-rule
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rules folder whose issuer is a demo one, with cases."""
    folder = tmp_path / "rules"
    folder.mkdir()
    create_demo_key(folder / "demo.pem")
    text = BASE
    for line, credential in CREDENTIALS.items():
        text = text.replace(line, line + credential)
    (folder / "rules.yaml").write_text(text + CASES, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str


type Interlock = Callable[..., Done]


@pytest.fixture
def interlock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Interlock:
    """`interlock("check", ..., input=..., env=...)` in this process."""
    for name in [name for name in os.environ if name.startswith("INTERLOCK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, input: str | bytes = "", env: Mapping[str, str] | None = None) -> Done:
        for name, value in (env or {}).items():
            monkeypatch.setenv(name, value)
        raw = input.encode() if isinstance(input, str) else input
        monkeypatch.setattr("sys.argv", ["interlock", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Done(ended.value.code if isinstance(ended.value.code, int) else 0, out, err)

    return run


@pytest.fixture
def process(tmp_path: Path) -> Interlock:
    """The same, as a process of its own."""

    def run(*arguments: object, input: str | bytes = "", env: Mapping[str, str] | None = None) -> Done:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERLOCK_")}
        raw = input.encode() if isinstance(input, str) else input
        done = subprocess.run(
            [str(Path(sys.executable).with_name("interlock")), *map(str, arguments)],
            input=raw, capture_output=True, timeout=60, check=False, cwd=tmp_path,
            env={**clean, "COLUMNS": "160", **(env or {})},
        )  # fmt: skip
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
