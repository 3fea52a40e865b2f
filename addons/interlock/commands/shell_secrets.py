"""Places and variables that hold secrets: well-known ones, whatever a word around them looks like."""

from __future__ import annotations

import fnmatch
import re

from interlock.commands.shell_words import Word

__all__ = ["secret", "shows_environment"]

_SECRETS = re.compile(
    r"(^|/)(\.ssh/(?!known_hosts|config$).+|\.ssh/?|\.aws/credentials|\.gnupg(/.*)?|\.kube/config|\.docker/config\.json"
    r"|\.netrc|\.pgpass|\.my\.cnf|\.npmrc|\.pypirc|\.git-credentials|id_(rsa|dsa|ecdsa|ed25519)|\.vault-token"
    r"|\.config/(gh/hosts\.yml|gcloud/[^/]*(credentials|tokens)[^/]*)|\.azure/[^/]*(token|msal|profile)[^/]*|\.password-store(/.*)?"
    r"|\.claude/\.credentials\.json|\.claude\.json|Keychains/.+|\.cargo/credentials(\.toml)?|\.terraform\.d/credentials.*"
    r"|\.(bash|zsh|psql|mysql|python)_history"
    r"|\.env(\.(?!example|sample|template|dist)[\w-]+)*|credentials(\.json)?|[^/]+\.(pem|p12|pfx|kdbx|keytab|key))$"
    r"|^/etc/(g?shadow-?|sudoers.*)$|^/proc/[^/]+/environ$|^/(var/)?run/secrets(/|$)"
)
_PLACES_TEXT = """
~/.ssh/id_rsa ~/.ssh/id_ed25519 ~/.aws/credentials .env /etc/shadow /etc/gshadow ~/.netrc ~/.ssh /proc/self/environ
/home/user/.ssh/id_rsa /root/.ssh/id_rsa ~/.git-credentials
"""
_PLACES = tuple(_PLACES_TEXT.split())
_SHOWING = ("printenv", "export", "declare", "typeset")
_VARIABLE = re.compile(r"\$\{?[A-Za-z_]*(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL)[A-Za-z_]*(?!\w|:\+)")
_WILD = re.compile(r"\[[^\]]*\]|[*?.]")


def secret(path: str, glob: bool = False) -> bool:
    """Whether a path names a well-known place of secrets, or a pattern could mean one.

    Paths stand behind `=`, `@`, `<` and `:` too: `--file=.env`, `@.env`, `HEAD:.env`.
    """
    for part in {path, *re.split(r"[=@<:]", path)[-1:]}:
        if _SECRETS.search(part) or (glob and _could_be(part.replace("$HOME", "~"))):
            return True
    return False


def _could_be(pattern: str) -> bool:
    steps = pattern.removeprefix("./").split("/")
    if not _WILD.sub("", steps[-1]):
        return False
    for place in _PLACES:
        parts = place.split("/")
        if len(parts) == len(steps) and all(map(fnmatch.fnmatchcase, parts, steps)):
            return True
    return False


def shows_environment(name: str, args: list[Word]) -> bool:
    """Whether a command prints the environment, or a variable of it that is called like a secret."""
    texts = [word.text for word in args]
    if (name == "set" and not texts) or (name in _SHOWING and all(re.match(r"-[px]+\Z", text) for text in texts)):
        return True
    if name == "printenv":
        return any(_VARIABLE.match("$" + text) for text in texts)
    return name in ("echo", "printf") and any(word.dynamic and _VARIABLE.search(word.text) for word in args)
