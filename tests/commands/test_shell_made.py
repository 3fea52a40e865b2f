"""What tools make again: deleting it is a write, and nothing that only looks like it is."""

from __future__ import annotations

import pytest

from interlock.commands import analyse

_MADE = r"""
rm -rf node_modules
rm -rf ./packages/a/dist
rm -rf packages/*/node_modules
rm -rf build/*
rm -rf *.egg-info .coverage
rm -rf "$PWD/build"
rm -rf /home/erika/shop/dist
rm -rf /tmp/shop-*
find . -name __pycache__ -type d -prune -exec rm -rf {} +
find . -name '*.pyc' -delete
find . -type d \( -name dist -o -name build \) -exec rm -rf {} \;
find . -path ./keep -prune -o -name '*.pyc' -delete
"""
_OTHERS = r"""
rm -rf src
rm -rf node_*
rm -rf build/.*
rm -rf build/.*/src
rm -rf build/../src
rm -rf /build
rm -rf /srv/shop/dist
rm -rf ~/build
rm -rf $x/build
rm -rf /home/dist
rm -rf /tmp/*
rm -rf /tmp/*/x
find . -delete -name '*.pyc'
find . -name '*.pyc' -o -type f -delete
find . \( -name '*.pyc' -o -type f \) -delete
find . -name '*.pyc' -o \( -type f -delete \)
find . -not -name '*.pyc' -delete
find . ! -name build -delete
find . -name build , -delete
find . -fprintf -name build -delete
find . -exec echo -name build \; -delete
find . -path -name -o -delete
find . -name 'b*' -delete
find . -name '*' -delete
find -L . -name build -delete
find / -name build -delete
find "$x" -name build -delete
find ../.. -name build -exec rm -rf {} +
find . -name build -exec rm -rf {}/../src \;
find . -name build -exec rm -rf src \;
"""


def _actions(text: str) -> set[str]:
    return {inner.action for operation in analyse(text, "shell") for inner in operation.walk()}


@pytest.mark.parametrize("text", _MADE.strip().splitlines())
def test_what_can_be_made_again_is_a_write(text: str) -> None:
    """Its flag tells that a folder goes, its action that nothing is lost."""
    flags = [flag for one in analyse(text, "shell") for inner in one.walk() for flag in inner.arguments["flags"]]

    assert "recursive-delete" in flags
    assert _actions(text) <= {"read", "write"}


@pytest.mark.parametrize("text", _OTHERS.strip().splitlines())
def test_what_looks_like_it_is_destruction(text: str) -> None:
    """Another folder, a pattern that climbs, or a search that finds more than its name."""
    assert _actions(text) & {"destroy", "admin", "unknown"}
