"""Places and variables that hold secrets: well-known ones, whatever a word around them looks like."""

from __future__ import annotations

import fnmatch
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call
from interlock.commands.shell_places import holds, secret
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["is_counted", "logs_in", "reads_secret", "secret", "shows", "shows_environment"]

_SHOWERS = frozenset(
    "cat head tail less more bat tac nl jq yq base64 xxd od hexdump strings cut sort curl wget scp nc gzip http".split()  # noqa: SIM905
)
"""Commands that show or send a file whose name alone says that it holds secrets."""
_NAMES = (
    "id_rsa",
    "id_ed25519",
    "id_ecdsa",
    ".env",
    "credentials",
    ".netrc",
    "shadow",
    ".pgpass",
    "private.pem",
    "server.key",
)
_SHOWING = ("printenv", "export", "declare", "typeset")
_VARIABLE = re.compile(r"\$\{?[A-Za-z_]*(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL)[A-Za-z_]*(?!\w|:\+)")

_NAMES_ONLY_TEXT = """
echo printf test [ touch rm unlink mkdir rmdir chmod chown stat source . which basename dirname realpath readlink cd
pushd true false alias dotenv shellcheck type hash command man help mktemp git-crypt sops
"""
_NAMES_ONLY = frozenset(_NAMES_ONLY_TEXT.split())
"""Commands that take a path without showing what is in it, or a word that is no path."""
_OF_PROJECT = re.compile(r"(^|/)\.env[^/]*\Z")
"""Settings of a project, which are there to be sourced."""
_ASKED = re.compile(
    r"(?:os\.path\.(?:exists|isfile|isdir|islink|basename|dirname)|existsSync|statSync|Path)\((?:os\.path\.expanduser\()?"
    r"['\"][^'\"]{1,200}['\"]\)?\)(?!\.(?:read|open|write|rglob|glob|iterdir)|\s*/|\.joinpath)"
)
"""Code that asks whether something is there."""
_GIT_NAMES_TEXT = """
add rm mv check-ignore ls-files status reset restore checkout commit stash update-index clone
"""
_GIT_NAMES = frozenset(_GIT_NAMES_TEXT.split())
_USES = {
    **dict.fromkeys(("ssh", "scp", "sftp", "ssh-copy-id", "ssh-add", "ansible-playbook"), frozenset(("-i",
    "--private-key"))),
    **dict.fromkeys(("curl", "wget"), frozenset(("--cert", "--key", "--cacert", "-E", "--ca-certificate",
    "--certificate",
                                                 "--private-key", "-o", "-O", "--output"))),
}  # fmt: skip
"""Options behind which a key is used, not shown."""
_SETTINGS = re.compile(r"--env-file(=|\Z)|--(ssl)?(cert|key|cafile|certfile|keyfile)(=|\Z)")
_OF_CERTIFICATES = frozenset(("x509", "verify", "crl", "s_client", "version", "ciphers", "dgst"))
"""Commands of openssl that show a certificate or use a key."""
_MAKING = frozenset(("req", "genrsa", "genpkey", "ecparam", "pkcs12", "x509", "rand"))
"""Commands of openssl that write keys and certificates."""
_PATTERNED = frozenset("grep egrep fgrep rg ag ack zgrep".split())  # noqa: SIM905
_CONSUMERS = frozenset("xargs parallel read sh bash tar cpio rsync zip while cat".split())  # noqa: SIM905


def reads_secret(call: Call, judge: Judge) -> bool:
    """Whether a call shows what a secret place holds, or hands it on; naming the place alone is not reading it."""
    name, args = call.name, call.args
    if name in ("source", "."):
        return any(secret(word.text, word.glob) and not _OF_PROJECT.search(word.text) for word in args[:1])
    if name in _NAMES_ONLY or (name == "git" and args and args[0].text in _GIT_NAMES):
        return False
    if re.match(r"python|pypy|node|bun|deno", name):
        args = [Word(_ASKED.sub(" ", word.text), word.dynamic, word.glob) for word in args]
    if name in ("find", "fd", "fdfind", "locate"):
        runs = any(re.match(r"-[xX]\Z|--exec|-exec|-ok", word.text) for word in args)
        return (runs or _is_consumed(call, judge)) and any(
            secret(word.text, True) or _names_secret(word.text) for word in args
        )
    if name in ("ls", "tree", "du", "dir") or (name == "openssl" and args and args[0].text in _OF_CERTIFICATES):
        return False
    kept = args
    if name in _PATTERNED and not call.has("-e", "--regexp", "-f", "--file"):
        operands = call.operands(("-A", "-B", "-C", "-m", "-g", "--include", "--exclude", "--glob", "-t", "--type"))
        kept = [word for word in args if not operands or word is not operands[0]]
        chosen = [word.text.partition("=")[2] for word in kept if word.text.startswith(("--include=", "--glob="))]
        if any(secret(pattern, True) for pattern in chosen if not pattern.startswith("!")):
            return True
        kept = [word for word in kept if not word.text.startswith(("--include", "--exclude", "--glob"))]
    elif name in ("cp", "mv", "ln", "install") and len(call.operands()) > 1:
        kept = [word for word in args if word is not call.operands()[-1]]
    elif name == "openssl" and args and args[0].text in _MAKING:
        kept = [word for before, word in pairwise([Word(""), *args]) if before.text not in ("-out", "-keyout")]
    if name == "sed" and call.has("-i", "--in-place"):
        kept = [word for word in kept if not _OF_PROJECT.search(word.text)]  # it changes them, and shows nothing
    uses = _USES.get(name, frozenset())
    for at, word in enumerate(kept):
        before = kept[at - 1].text if at else ""
        used = before in uses or _SETTINGS.match(word.text) or _SETTINGS.fullmatch(before)
        if not used and (secret(word.text, word.glob) or (name in _SHOWERS and holds(word.text))):
            return True
    return False


def _names_secret(pattern: str) -> bool:
    """Whether a pattern of names could mean that of a key."""
    return len(pattern.strip("*?.")) > 1 and any(fnmatch.fnmatchcase(name, pattern) for name in _NAMES)


def _is_consumed(call: Call, judge: Judge) -> bool:
    """Whether the names that a command lists go on to one that opens them."""
    for other in judge.script.commands:
        start, end = other.stdin.span
        if start <= call.simple.start < end and other.words and other.words[0].text in _CONSUMERS:
            return True
    return any(
        other.start < call.simple.start < other.start + len(other.source.encode()) for other in judge.script.commands
    )


def shows(text: str) -> bool:
    """Whether a text with variables holds one that is called like a secret."""
    return bool(_VARIABLE.search(text))


def is_counted(call: Call, judge: Judge) -> bool:
    """Whether what a command prints only reaches one that counts it, or looks for a name that is no secret's."""
    for other in judge.script.commands:
        start, end = other.stdin.span
        if other.stdin.kind == "pipe" and start <= call.simple.start < end and other.words:
            name, texts = other.words[0].text, [word.text for word in other.words[1:]]
            found = [text for text in texts if not text.startswith("-")]
            plain = bool(found) and re.fullmatch(r"\^?\(?[A-Za-z][\w=^|\\()-]*", found[0]) is not None
            harmless = plain and not re.search(
                r"key|token|secret|pass|cred|auth|pwd|api|aws(?!_(?:region|default|profile))|azure|openai|stripe|slack",
                found[0],
                re.IGNORECASE,
            )
            names = name == "wc" or (name == "cut" and sorted(texts) == ["-d=", "-f1"])
            names = names or (name == "sort" and other.start > call.simple.start
                              and is_counted(Call(name, other.words[1:], other), judge))  # fmt: skip
            return names or (
                name in _PATTERNED and ("-c" in texts or "-q" in texts or (harmless and "-v" not in texts))
            )
    return False


def logs_in(call: Call, judge: Judge) -> bool:
    """Whether a token only goes to the registry that it is for: `aws ecr get-login-password | docker login ...`."""
    texts = call.texts()
    issued = texts[:2] in (["ecr", "get-login-password"], ["auth", "print-access-token"], ["auth", "token"])
    given = call.name in ("echo", "printf") and len(texts) <= 2 and bool(_ONE_VARIABLE.fullmatch(texts[-1]))
    for other in judge.script.commands if issued or given else ():
        start, end = other.stdin.span
        words = [word.text for word in other.words]
        if (
            other.stdin.kind == "pipe"
            and start <= call.simple.start < end
            and words[:1]
            and words[0] in _REGISTRY_CLIENTS
        ):
            hosts = [text for text in words if "." in text and not text.startswith("-")]
            known = all(_REGISTRY.fullmatch(host.rpartition("//")[2].partition("/")[0]) for host in hosts)
            return "login" in words[:3] and "--password-stdin" in words and known and (given or bool(hosts))
    return False


_REGISTRY_CLIENTS = frozenset(("docker", "podman", "nerdctl", "helm", "buildah", "skopeo", "crane", "oras"))
_ONE_VARIABLE = re.compile(r"\$\{?\w+\}?")
_REGISTRY = re.compile(
    r"(?:[\w${}-]+\.dkr\.ecr\.[\w${}-]+\.amazonaws\.com(?:\.cn)?|public\.ecr\.aws|[\w${}-]+-docker\.pkg\.dev"
    r"|(?:[\w-]+\.)?gcr\.io|ghcr\.io"
    r"|[\w${}-]+\.azurecr\.io|registry\.gitlab\.com|quay\.io|docker\.io|index\.docker\.io|docker\.pkg\.github\.com)",
    re.ASCII,
)
"""Registries of containers that everybody uses."""


def shows_environment(name: str, args: list[Word]) -> bool:
    """Whether a command prints the environment, or a variable of it that is called like a secret."""
    texts = [word.text for word in args]
    if (name == "set" and not texts) or (name in _SHOWING and all(re.match(r"-[px]+\Z", text) for text in texts)):
        return True
    if name in ("declare", "typeset", "export", "printenv") and any(_VARIABLE.match("$" + text) for text in texts):
        return name == "printenv" or "-p" in texts
    if name == "jq":
        return any(re.search(r"(?<![.\w$])(\$ENV|env)\b(?!\s*[.\[])", text) for text in texts[:4])
    if name == "ps":
        return bool(texts) and re.fullmatch(r"[a-zA-Z]*e[a-zA-Z]*", texts[0]) is not None
    if name == "printenv":
        return any(_VARIABLE.match("$" + text) for text in texts)
    return name in ("echo", "printf") and any(word.dynamic and _VARIABLE.search(word.text) for word in args)
