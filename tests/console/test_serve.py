"""A console begins only where it may: with people who can sign in, and not in the clear."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from tests.console.serving import RULES
from tests.engine.conftest import BASE

from interlock.console.serve import open_room
from interlock.engine.rules import Rules, load_rules
from interlock.errors import InterlockError
from interlock.identity import create_demo_key
from interlock.settings import Listen


class _Store:
    def changes(self) -> Any:
        """Nothing ever changes here."""
        return iter(())

    def ahead(self) -> Any:
        return self


STORE = cast(Any, _Store())


def rules(folder: Path, text: str = RULES) -> Rules:
    """Rules from a folder."""
    (folder / "rules").mkdir()
    create_demo_key(folder / "rules" / "demo.pem")
    issued = {"issuer": "https://idp.example.com", "port": 1, "client": "console", "people": 1}
    written = text.format(**issued) if text is RULES else text
    (folder / "rules" / "rules.yaml").write_text(written, encoding="utf-8")
    return load_rules(folder / "rules")


def test_others_reach_it_over_tls_alone(tmp_path: Path) -> None:
    """Cookies and forms would go in the clear."""
    found = rules(tmp_path)
    elsewhere = replace(found, console=replace(found.console, listen=Listen("0.0.0.0", 8090)))

    with pytest.raises(InterlockError, match="needs TLS"):
        open_room(tmp_path, elsewhere, STORE, STORE)


def test_a_demo_signs_in_by_the_terminals_code(tmp_path: Path) -> None:
    """On this machine alone, with another code each time."""
    found = rules(tmp_path, BASE)
    codes = {open_room(tmp_path, found, STORE, STORE).door for _ in range(4)}

    assert all(len(code) == 8 and code.isdecimal() for code in codes)
    assert len(codes) == 4
    listening = replace(found, console=replace(found.console, listen=Listen("10.0.0.1", 1)))
    with pytest.raises(InterlockError, match="this machine only"):
        open_room(tmp_path, listening, STORE, STORE)


def test_without_a_sign_in_it_does_not_begin(tmp_path: Path) -> None:
    """Nobody could decide anything."""
    found = rules(tmp_path)

    with pytest.raises(InterlockError, match="where people sign in"):
        open_room(tmp_path, replace(found, console=replace(found.console, identity="")), STORE, STORE)
