"""Rules written in a test, loaded as an operator's are."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from interlock.engine.rules import Rules, load_rules
from interlock.identity import create_demo_key

BASE = """\
version: 1
identities:
  - name: corp
    issuer: https://idp.example.com
    audience: interlock
    demo: true
    key: demo.pem
    algorithms: [ES256]
    claims: {subject: sub, groups: realm.groups, acting_for: act.sub}
    max_age: 1h
connections:
  - name: warehouse
    protocol: http
    hosts: ["https://warehouse.example.com"]
    commands:
      - {at: "POST /v1/query", path: $.query, language: sql, dialect: postgres}
  - name: claude
    protocol: anthropic
    hosts: ["https://api.anthropic.com"]
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
"""

type Load = Callable[..., Rules]


@pytest.fixture(scope="session")
def demo_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One key for all rules."""
    path = tmp_path_factory.mktemp("key") / "demo.pem"
    create_demo_key(path)
    return path


@pytest.fixture
def load(tmp_path: Path, demo_key: Path) -> Load:
    """`load(text)`: the base with further sections, or `load(base=text)` in its place; `packs` by file name."""

    def loaded(more: str = "", *, base: str = BASE, packs: dict[str, str] | None = None, name: str = "rules") -> Rules:
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(demo_key, folder)
        (folder / "base.yaml").write_text(base, encoding="utf-8")
        if more:
            (folder / "more.yaml").write_text("version: 1\n" + more, encoding="utf-8")
        for file, text in (packs or {}).items():
            (folder / "packs").mkdir(exist_ok=True)
            (folder / "packs" / file).write_text(text, encoding="utf-8")
        return load_rules(folder)

    return loaded
