"""Where packages come from."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


def _said(text: str) -> tuple[str, set[str]]:
    found = [inner for one in analyse(text, "shell") for inner in one.walk()]
    flags = {flag for one in found for flag in one.arguments.get("flags", ())}
    return max(found, key=lambda one: one.access).action, flags


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("pip install git+https://203.0.113.9/x.git", "unknown"),
        ("pip install http://example.com/x.tar.gz", "unknown"),
        ("pip install --index-url http://203.0.113.9/simple requests", "unknown"),
        ("pip install --extra-index-url=https://example.com/simple x", "unknown"),
        ("npm i https://example.com/x.tgz", "unknown"), ("npx --registry http://203.0.113.9 x", "unknown"),
        ("pip install --trusted-host example.com x", "unknown"), ("go run 203.0.113.9/x@latest", "unknown"),
        ("pip install git+http://github.com/example/x", "unknown"),
        ("cargo install --git https://example.com/x", "unknown"),
        ("pip install git+https://github.com/example/x@v1", "admin"), ("npm i example/x", "admin"),
        ("npm install github:example/x", "admin"), ("cargo install --git=https://github.com/example/x", "admin"),
        ("pip install 'x @ git+ssh://git@github.com/example/x'", "admin"),
    ],
)  # fmt: skip
def test_code_from_elsewhere(text: str, action: str) -> None:
    """From a forge a person says yes; from anywhere else it is code that nobody has seen."""
    worst, flags = _said(text)

    assert worst == action
    assert ("download-and-run" if action == "unknown" else "foreign-package") in flags


@pytest.mark.parametrize(
    "text",
    [
        "pip install requests==2.32.0", "pip install -e .",
        "pip install torch --index-url https://download.pytorch.org/whl/cpu",
        "npm install @types/node", "npm i ./packages/core", "pip install -r requirements.txt",
        "pip install ./dist/x.whl",
        "npx jest src/a.test.ts", "npm install src/a.tgz", "go install golang.org/x/tools/gopls@latest", "uv add httpx",
        "pip install -i https://pypi.internal/simple shop", "npm run build", "pip download -f ./wheels x",
    ],
)  # fmt: skip
def test_registries_and_the_project_are_plain_work(text: str) -> None:
    """What every build uses is no finding."""
    assert _said(text)[0] in ("write", "network")


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("apt-get update && apt-get install -y libpq-dev", "write"), ("sudo apt-get install -y jq", "write"),
        ("apk add --no-cache git", "write"), ("pacman -S --noconfirm jq", "write"),
        ("sudo apt-get install -y ./x.deb", "admin"), ("apt-get install -o DPkg::Pre-Invoke::=id jq", "admin"),
        ("sudo apt-get install -y openssh-server", "admin"), ("apt-get install $X", "admin"),
        ("apt-get upgrade -y", "admin"),
        ("apk add -X http://example.com x", "admin"), ("pacman -R jq", "admin"),
        ("sudo -E apt-get install jq", "admin"),
    ],
)  # fmt: skip
def test_packages_of_the_system(text: str, action: str) -> None:
    """By name, from its own sources; with other sources, files or scripts it is administration."""
    assert _said(text)[0] == action
