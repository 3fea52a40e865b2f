"""The README tells the truth: its tables are the code's, its examples load, its commands exist, no part is left out."""

from __future__ import annotations

import datetime
import importlib
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer.main
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from tests.house.generate import TABLES, made
from tests.house.project import ADDONS, LIBRARY, ROOT, blocks, code, nothing, readme

from interlock import cli
from interlock.engine.cases import run_cases
from interlock.engine.rules import Rules, load_rules
from interlock.engine.rules_schema import rules_schema
from interlock.mitm.entry import ORDER
from interlock.reasons import Reason

_FOLDERS = {
    "masking/detectors": "PART",
    "commands/languages": "PART",
    "protocols/adapters": "PART",
    "policy/conditions": "PART",
    "policy/arguments": "PART",
    "credentials/sources": "PART",
    "credentials/schemes": "PART",
    "identity/authenticators": "PART",
    "approval/notifiers": "PART",
}


def _authority() -> bytes:
    """The certificate of an authority, for the example that names a file of one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Example authority")])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start.replace(year=2090))
    builder = builder.add_extension(x509.BasicConstraints(True, None), True).add_extension(usage, True)
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    """The README's examples, all of them together, as a rules folder."""
    folder = tmp_path_factory.mktemp("readme") / "rules"
    folder.mkdir()
    shutil.copytree(ROOT / "rules" / "packs", folder / "packs")
    (folder / "clients-ca.pem").write_bytes(_authority())
    for number, text in enumerate(blocks(readme(), "yaml")):
        (folder / f"{number}.yaml").write_text(text)
    return load_rules(folder)


def test_examples_are_rules(rules: Rules) -> None:
    """The examples of the rule language load together, without an error, and show every section."""
    assert rules.identities
    assert rules.connections
    assert rules.policy.rules
    assert rules.masking
    assert rules.cases
    assert rules.policy.blocklist is not None


def test_example_cases_hold(rules: Rules) -> None:
    """The cases in the README come out as it says."""
    results = run_cases(rules)
    assert results.run
    nothing(f"{failure.place}: {failure.message}" for failure in results.failures)


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_current(name: str) -> None:
    """Tables made from code are as the code is now: run `python -m tests.house.generate`."""
    assert f"<!-- made: {name} -->" in readme()
    assert made(readme(), [name]) == readme()


def test_every_reason_is_in_the_table() -> None:
    """A person who meets a reason finds it in the README."""
    nothing(reason for reason in Reason if f"| `{reason}` | {reason.says} |" not in readme())


@pytest.mark.parametrize("folder", _FOLDERS)
def test_every_part_is_named(folder: str) -> None:
    """Every part stands in the README by its name."""
    known = code(readme())
    package = "interlock." + folder.replace("/", ".")
    found = [path.stem for path in (LIBRARY / folder).glob("*.py") if not path.name.startswith("_")]
    assert found
    nothing(name for stem in found if (name := importlib.import_module(f"{package}.{stem}").PART.name) not in known)


def test_every_stage_and_entry_is_named() -> None:
    """Every stage stands in the README, and every script, pack and entry file."""
    known = code(readme())
    wanted = [
        *ORDER,
        "contain",
        "addons/bundle.py",
        *(f"scripts/{name}" for name in ("demo", "test", "check", "bench")),
    ]
    wanted += [path.stem for path in (ROOT / "rules" / "packs").glob("*.yaml")]
    nothing(name for name in wanted if name not in known and name not in readme())
    nothing(f"addons/{path.name}" for path in ADDONS.glob("*.py") if path.stem != "bundle" and path.stem not in known)


def test_every_setting_is_documented() -> None:
    """Every member that may stand in a rules file is in the README as code."""
    known = code(readme())

    def members(schema: Any) -> set[str]:
        if isinstance(schema, dict):
            own = set(schema["properties"]) if "properties" in schema else set()
            return own.union(*(members(inner) for inner in schema.values()))
        return set().union(*(members(inner) for inner in schema)) if isinstance(schema, list) else set()

    sections = {"version", "gateway", "console", "identities", "connections", "policy", "blocklist", "masking"}
    sections |= {"notify", "recording", "cases"}
    nothing(sorted(members(rules_schema()) - known - sections))
    nothing(name for name in sorted(sections) if f"{name}:" not in readme())


def _commands() -> dict[str, Any]:
    """Every command with its options, as Typer makes them from the files."""
    found = {}
    for path in (LIBRARY / "cli").glob("*.py"):
        if not path.name.startswith("_"):
            module, app = importlib.import_module(f"{cli.__name__}.{path.stem}"), typer.Typer()
            if not hasattr(module, "group"):
                app.command()(module.command)
            made = typer.main.get_command(getattr(module, "group", app))
            found[path.stem.rstrip("_").replace("_", "-")] = made
    return found


def test_every_command_is_named() -> None:
    """Every command stands in the README."""
    nothing(name for name in _commands() if name not in code(readme()))


def test_command_lines_exist() -> None:
    """Every `interlock` line in the README names a command that is there, with options that it has."""
    known = _commands()
    lines = [line for block in blocks(readme(), "sh") for line in block.splitlines()]
    spoken = re.findall(rf"interlock ((?:{'|'.join(known)})\b[^`)\n|&]*)", "\n".join([*lines, readme()]))
    assert len(spoken) > 10
    wrong = []
    for text in spoken:
        words = shlex.split(text.partition("#")[0].replace('"..."', "x"), posix=False)
        words = words[: words.index("--")] if "--" in words else words
        inner = getattr(known[words[0]], "commands", {})
        params = (inner.get(words[1], known[words[0]]) if len(words) > 1 else known[words[0]]).params
        options = {option for parameter in params for option in parameter.opts}
        wrong += [
            f"{words[0]} {word}" for word in words[1:] if word.startswith("--") and word.strip(",.") not in options
        ]
    nothing(wrong)


def test_named_files_exist() -> None:
    """Paths that the README sets as code are there."""
    places = (ROOT, LIBRARY)
    paths = [
        word
        for word in code(readme())
        if re.fullmatch(r"[a-z_.]+(/[a-zA-Z_.-]+)+/?|[A-Z]+\.md|[a-z_]+\.(py|lock)", word)
    ]
    made_later = ("recordings/", "packs/", ".venv/")
    nothing(
        word
        for word in sorted(paths)
        if not word.startswith(made_later)
        and "NAME" not in word
        and "SESSION" not in word
        and not any((place / word).exists() for place in places)
    )


def test_changelog_keeps_its_form() -> None:
    """The changelog begins with what is not released yet, in sections that Keep a Changelog knows."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.startswith("# Changelog\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE)[0] == "[Unreleased]"
    sections = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Known limits"}
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= sections


def test_readme_is_not_a_log_of_its_making() -> None:
    """The README speaks of the project alone, in lines that can be read side by side."""
    text = readme()
    assert not re.search(r"\b(helper|issue \d|sub-?agent)\b", text, re.IGNORECASE)
    long = [line[:60] for line in text.splitlines() if len(line) > 130 and not line.startswith(("|", "- `req", "`"))]
    nothing(long)


def test_readme_is_found_by_packaging() -> None:
    """The package's description is this README."""
    assert 'readme = "README.md"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert Path(ROOT / "LICENSE").is_file()
