"""Writes the demo's rules folder: the template with the ports and URLs of services that run."""

from __future__ import annotations

import shutil
import string
from pathlib import Path

from interlock.demo.processes import Ports
from interlock.demo.services import Services

__all__ = ["PACKS", "write_rules"]

PACKS = Path(__file__).resolve().parents[3] / "rules" / "packs"
_TEMPLATE = Path(__file__).with_name("rules.yaml.template")


def write_rules(folder: Path, services: Services, ports: Ports, recordings: Path) -> Path:
    """The folder, now holding `demo.yaml` and the ready-made packs."""
    folder.mkdir(parents=True, exist_ok=True)
    text = string.Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        forward=ports.forward, reverse=ports.reverse, recordings=recordings, issuer=services.issuer.url,
        console=ports.console,
        warehouse=services.warehouse.url, model=services.model.url, mcp=services.mcp.url,
    )  # fmt: skip
    (folder / "demo.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(PACKS, folder / "packs", dirs_exist_ok=True)
    return folder
