"""`scripts/samples`: plays the demo's day against a gateway of its own, and keeps what it recorded as a golden sample.

    recordings/samples/demo/    the sessions, the refusals, the rules in force (`.rules/<digest>/`) and the tree

Times, ids, ports and salts are those of the day it was made; who asked for what, and what came of it, is always the
same. Nothing in a sample is secret: the credentials were made for that day, and are looked for before it is kept.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from interlock.demo.processes import Gateway, Ports
from interlock.demo.rules import write_rules
from interlock.demo.services import Services
from interlock.demo.stage import Stage
from interlock.demo.steps import STEPS
from interlock.recording.kept_rules import KEPT
from interlock.recording.runs import session_folders

__all__ = ["SAMPLES", "keep", "main", "stage"]

SAMPLES: Final = Path(__file__).resolve().parents[3] / "recordings" / "samples"
_PACKS = frozenset(("sql-destructive", "shell-destructive"))
_MOST: Final = 600_000
_LASTS = 3600.0
_RECORDINGS = "recordings"


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the sample anew; 0 if every step came out as expected, and nothing in it is secret."""
    parser = argparse.ArgumentParser(prog="scripts/samples", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--to", type=Path, default=SAMPLES / "demo", help="where it goes (default: recordings/samples)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="interlock-samples-") as name:
        folder = Path(name)
        with stage(folder) as scene:
            wrong = [step.title for step in STEPS if not step.play(scene).right]
            secret = [*scene.services.secrets, scene.analyst, scene.engineer, scene.bookkeeper]
        found = wrong or keep(folder / _RECORDINGS, options.to, (*secret, name))
    sys.stdout.write("\n".join([*(f"WRONG: {one}" for one in found), f"{options.to}\n"]))
    return 1 if found else 0


def keep(recordings: Path, sample: Path, secret: Sequence[str]) -> list[str]:
    """Copies what belongs into a sample, in place of what was there; or says why it cannot be one."""
    fresh = recordings.parent / "sample"
    fresh.mkdir()
    logs = (path.name for path in recordings.glob("refusals*.jsonl"))
    kept = [*session_folders(recordings), KEPT, ".runs", ".tree", *logs]
    for name in kept:
        source = recordings / name
        if source.is_dir():
            shutil.copytree(source, fresh / name, ignore=shutil.ignore_patterns("*.pem", "lock"))  # no key to sign by
        elif source.is_file():
            shutil.copyfile(source, fresh / name)
    files = [path for path in fresh.rglob("*") if path.is_file()]
    contents = {str(path.relative_to(fresh)): path.read_bytes() for path in files}
    wrong = [
        f"{name} holds what no sample may hold"
        for name, content in contents.items()
        if any(word.encode() in content for word in secret)
    ]
    if sum(map(len, contents.values())) > _MOST:
        wrong.append(f"it is larger than {_MOST} bytes")
    if not wrong:
        shutil.rmtree(sample, ignore_errors=True)
        shutil.copytree(fresh, sample)
    return wrong


@contextlib.contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """The demo's stage, with rules that name neither this machine nor a place on it."""
    with Services() as services:
        ports = Ports()
        rules = write_rules(folder / "rules", services, ports, Path(_RECORDINGS))
        text = (rules / "demo.yaml").read_text(encoding="utf-8")
        (rules / "demo.yaml").write_text(text.replace("\ngateway:\n", "\ngateway:\n  name: demo\n"), encoding="utf-8")
        for pack in (rules / "packs").rglob("*.yaml"):
            if pack.stem not in _PACKS:
                pack.unlink()
        with Gateway(rules, ports, confdir=folder / "conf", env=services.environment) as gateway:
            analyst = services.issuer.token("erika", ["analyst"], lasts=_LASTS)
            engineer = services.issuer.token("max", ["engineer"], lasts=_LASTS, algorithm="RS256")
            bookkeeper = services.issuer.token("bookkeeper-1", ["bookkeeper"], lasts=_LASTS)
            yield Stage(services, gateway, analyst, engineer, bookkeeper, rules)


if __name__ == "__main__":
    sys.exit(main())
