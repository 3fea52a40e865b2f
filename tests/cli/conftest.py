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

from interlock.cli import main
from interlock.identity import create_demo_key

RULES = """\
version: 1
identities:
  - name: corp
    issuer: https://idp.example.com
    audience: interlock
    demo: true
    key: demo.pem
    algorithms: [ES256]
    claims: {subject: sub, groups: realm.groups}
    max_age: 1h
connections:
  - name: warehouse
    protocol: http
    hosts: ["https://warehouse.example.com"]
    commands:
      - {at: "POST /v1/query", path: $.query, language: sql, dialect: postgres}
    credential: {scheme: bearer, from: env:WAREHOUSE_KEY}
  - name: claude
    protocol: anthropic
    hosts: ["https://api.anthropic.com"]
    credential: {scheme: header, header: x-api-key, from: env:ANTHROPIC_API_KEY}
policy:
  - id: analysts-read
    permit: [sql.read]
    on: [warehouse]
    to: {groups: [analyst]}
  - id: coding-tools
    permit: ["tool.use:*", shell.read]
    on: agent
    to: {groups: [engineer]}
  - id: engineers-talk
    permit: [model.message]
    on: [claude]
    to: {groups: [engineer]}
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
    """A rules folder whose issuer is a demo one."""
    folder = tmp_path / "rules"
    folder.mkdir()
    create_demo_key(folder / "demo.pem")
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
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
