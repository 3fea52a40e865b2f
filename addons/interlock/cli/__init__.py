"""`interlock`: one file a command, a Typer function `command` or a `group` of them; heavy imports happen inside it."""

from __future__ import annotations

import functools
import importlib
import pkgutil
import sys

import typer

from interlock import __version__
from interlock.cli._keys import reach_by_rules
from interlock.errors import InterlockError, RulesInvalid
from interlock.finders import find_with

__all__ = ["app", "main"]

app = typer.Typer(
    name="interlock",
    help="The enforcement point between AI agents and everything they reach over HTTP.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"interlock {__version__}")
        raise typer.Exit


@app.callback()
def _interlock(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """The enforcement point between AI agents and everything they reach over HTTP."""


@functools.cache
def _collect() -> None:
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda entry: entry.name):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{__name__}.{info.name}")
        name = info.name.rstrip("_").replace("_", "-")
        if hasattr(module, "group"):
            app.add_typer(module.group, name=name)
        else:
            app.command(name, **getattr(module, "SETTINGS", {}))(module.command)


def main() -> None:
    """The console script: our own errors are for people and end with status 1, without a traceback."""
    _collect()
    find_with(reach_by_rules)
    try:
        app()
    except RulesInvalid as error:
        _complain(str(error), "")
    except InterlockError as error:
        _complain(str(error), error.hint)


def _complain(message: str, hint: str) -> None:
    sys.stderr.write(f"interlock: {message}\n")
    if hint:
        sys.stderr.write(f"    {hint}\n")
    sys.exit(1)
