"""What stands in the repository beside the code: no machine's paths, a lock with hashes, rules with cases."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from tests.house.project import ROOT, nothing, shown, tracked

from interlock.source import Node, read_yaml

_REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "artifact" + "ory")
_CHECKOUT = re.compile(r"(?<![\w.$~*)}/-])/(?:work|opt|mnt|builds?|workspaces?)/(?:main|shared|interlock)\b")
_PERSON = re.compile(r"(?<![\w.])/(?:home|Users)/(?!(?:erika|max|user|me|agent|dev)/|\[|\*|<)[\w.-]+/")
_LOCKS = ("requirements.lock", "requirements-claude.lock")


def _texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        raw = path.read_bytes()
        if b"\0" not in raw:
            found.append((path, raw.decode("utf-8", "replace")))
    return found


def test_no_file_knows_a_machine() -> None:
    """No tracked file holds a path of the machine on which it was written."""
    here = str(ROOT)
    found = [
        f"{shown(path)}: {match[0] if match else here}"
        for path, text in _texts()
        for match in [_CHECKOUT.search(text) or _PERSON.search(text)]
        if match or (here != "/" and len(here) > len("/interlock") and here + "/" in text)
    ]
    nothing(found)


def test_no_file_names_a_registry() -> None:
    """Where packages come from is the machine's own setting: no tracked file holds a registry's address."""
    found = [
        f"{shown(path)}: {registry}" for path, text in _texts() for registry in _REGISTRIES if registry in text.lower()
    ]
    nothing(found)


@pytest.mark.parametrize("name", _LOCKS)
def test_lock_is_hashes_only(name: str) -> None:
    """Every locked package has a version and at least one SHA-256, and no line an address or an option of pip."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    logical = text.replace("\\\n", " ").splitlines()
    packages = [line for line in logical if line.strip() and not line.lstrip().startswith("#")]
    assert packages
    wrong = [line[:60] for line in packages if not re.match(r"[a-z0-9][a-z0-9._-]*(\[[a-z0-9,-]+\])?==\S+", line)]
    wrong += [line[:60] for line in packages if "--hash=sha256:" not in line]
    nothing(wrong)


def test_no_second_lock() -> None:
    """One lock says what is installed: no other tool's lock stands beside it."""
    names = {path.name for path in tracked()}
    assert not names & {"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "package-lock.json"}


def test_every_dependency_says_why() -> None:
    """A line of pyproject.toml that adds a dependency says in a comment what it is for."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)
    extras = [name for names in project["project"]["optional-dependencies"].values() for name in names]
    wanted = [*project["project"]["dependencies"], *extras, *project["dependency-groups"]["dev"]]
    lines = text.splitlines()
    wrong = []
    for requirement in wanted:
        said = [line for line in lines if f'"{requirement}"' in line]
        if not any(re.search(r'",\s*# \w.{10,}', line) for line in said):
            wrong.append(requirement)
    nothing(wrong)


def _rule_files() -> list[Path]:
    return sorted((ROOT / "rules").rglob("*.yaml"))


def _members(path: Path) -> dict[str, Node]:
    value = read_yaml(path).value
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("path", _rule_files(), ids=shown)
def test_rule_file_proves_itself(path: Path) -> None:
    """A file with rules holds cases, one that permits and one that forbids; a pack's every rule catches and passes."""
    members = _members(path)
    if "pack" in members:
        rules, stops = ("masking", "masked") if "masking" in members else ("rules", "caught")
        for rule in members[rules].plain() or []:
            assert isinstance(rule, dict)
            assert rule.get(stops), rule
            assert rule.get("passes"), rule
        return
    if not members.keys() & {"policy", "blocklist", "masking"}:
        return  # listeners and identities alone decide nothing
    expected = {str(case["expect"]) for case in members["cases"].plain() or [] if isinstance(case, dict)}
    assert {"permit", "forbid"} <= expected


@pytest.mark.parametrize("path", _rule_files(), ids=shown)
def test_rule_file_has_completion(path: Path) -> None:
    """The first line of a rule file tells editors where its schema is, and it is there."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match, first
    assert (path.parent / match[1]).resolve() == ROOT / "rules" / "schema.json"


def test_scripts_can_be_started() -> None:
    """The commands that the README names are executable."""
    for name in ("demo", "test", "check", "bench"):
        assert (ROOT / "scripts" / name).stat().st_mode & 0o111, name
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
