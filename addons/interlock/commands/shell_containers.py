"""Commands that steer containers, clusters and clouds."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_files import touch
from interlock.commands.shell_secrets import secret
from interlock.commands.shell_tables import DOCKER, KUBECTL, SYSTEM
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS"]

_OUTSIDE = re.compile(
    r"(/|~\w*/?|\$HOME/?|/(home|root|Users|var|opt|srv|mnt|media|data|run)(/[^/]*)?|.*docker\.sock)\Z"
)
_POWERS = re.compile(
    r"--(privileged|cap-add|device|userns|security-opt|volumes-from|cgroup-parent|sysctl)\b|--(pid|ipc|uts)=host"
)


def _docker(call: Call, verdict: Verdict, judge: Judge) -> None:
    words = call.args
    at = 0
    while at < len(words) and words[at].text in ("container", "image", "compose", "buildx"):
        at += 1
    composed = "compose" in (call.name.rpartition("-")[2], *(word.text for word in words[:at]))
    if composed:
        at += _compose_options(words[at:])
    if at >= len(words) or words[at].dynamic or words[at].text.startswith("-"):
        verdict.at_least("read" if call.texts() == ["--version"] else "unknown")
        return
    verb = words[at].text
    if verb in ("run", "exec"):
        _container(call, at + 1, verdict, judge)
        return
    following = words[at + 1].text if at + 1 < len(words) else ""
    action = "read" if composed and verb == "config" else DOCKER.get(verb, "unknown")
    if verb in _MANAGED and following in ("ls", "list", "inspect", "df", "ps", "show"):
        action = "read"
    if verb == "cp" and re.match(r"[\w.-]+:", following):
        action = "write"  # out of a container
        for word in words[at + 2 :]:
            touch(word, verdict, judge)
    if (
        following in ("prune", "rm", "reset")
        or (verb == "down" and call.has("-v", "--volumes", "--rmi"))
        or verb == "ls"
    ):
        action = "read" if verb == "ls" else "destroy"
    verdict.at_least(action)


_MANAGED = frozenset(("network", "volume", "system", "swarm", "service", "context", "plugin", "stack", "node", "config",
                      "builder", "machine", "manifest", "trust"))  # fmt: skip
"""Words of docker behind which the verb stands."""


def _compose_options(words: list[Word]) -> int:
    """How many words stand before compose's verb."""
    at = 0
    while at < len(words) and words[at].text.startswith("-"):
        text = words[at].text
        if words[at].dynamic or not re.match(r"(-f|-p|--(file|project-name|profile|env-file|ansi|progress))\b", text):
            break
        at += 1 if "=" in text else 2
    return at


def _container(call: Call, at: int, verdict: Verdict, judge: Judge) -> None:
    """`docker run IMAGE COMMAND`, `docker exec NAME COMMAND`."""
    verdict.at_least("write", "container")
    flags = _option_flags(call.args[at:])
    if flags is None:
        verdict.unknown()
        return
    _options(call.args[at : at + flags], verdict)
    rest = call.args[at + flags + 1 :]
    if rest and rest[0].text.startswith("-") and not rest[0].dynamic:
        verdict.flags["opaque"] = None  # words for the program that the image starts
    elif rest:
        verdict.nested += judge.judge(call.after(at + flags + 1))
    elif call.args[at + flags :]:
        verdict.flags["opaque"] = None


def _options(words: list[Word], verdict: Verdict) -> None:
    """Powers over the machine, and its folders mounted into the container."""
    for at, word in enumerate(words):
        before = words[at - 1].text if at else ""
        if _POWERS.match(word.text) or (word.text == "host" and re.match(r"--(pid|ipc|uts)\Z", before)):
            verdict.at_least("admin", "host-access")
        if word.text.startswith("--entrypoint") or (word.dynamic and not re.match(r"\$(PWD|HOME)|[\w/.]", word.text)):
            verdict.unknown("dynamic")
        for source in _sources(word.text, before):
            path = posixpath.normpath(source).replace("//", "/")
            if ".." in source.split("/") or _OUTSIDE.match(path) or SYSTEM.match(path):
                verdict.at_least("admin", "host-access")
            if secret(path):
                verdict.flags["secret-read"] = None


def _sources(text: str, before: str) -> list[str]:
    """The folders of the machine that a word mounts."""
    if before == "--mount" or text.startswith("--mount="):
        members = text.removeprefix("--mount=").split(",")
        return [part.partition("=")[2] for part in members if part.startswith(("source=", "src="))]
    glued = re.match(r"(?:--volume=|-\w*v)(.+)", text)
    if before == "--volume" or re.match(r"-\w*v\Z", before):
        return [text.partition(":")[0]]
    return [glued[1].partition(":")[0]] if glued else []


def _option_flags(words: list[Word]) -> int | None:
    """How many words the options take; None where that is not certain."""
    plain = re.compile(
        r"-[ditPqT]+\Z|--(rm|detach|interactive|tty|init|privileged|read-only|no-healthcheck|no-TTY|no-deps|build"
        r"|service-ports|quiet-pull|remove-orphans)\Z|--[\w-]+=.*"
    )
    valued = re.compile(r"-[vewupnlhcm]\Z|--(volume|env|workdir|user|publish|name|network|net|mount|memory|cpus"
                        r"|env-file|entrypoint|platform|label|hostname|cap-add|device|gpus"
                        r"|add-host|pull|restart)\Z")  # fmt: skip
    at = 0
    while at < len(words) and words[at].text.startswith("-"):
        if plain.match(words[at].text):
            at += 1
        elif valued.match(words[at].text):
            at += 2
        else:
            return None
    return at


def _kubectl(call: Call, verdict: Verdict, judge: Judge) -> None:
    operands = call.operands(
        ("-n", "--namespace", "--context", "--kubeconfig", "-l", "-o", "-f", "-c", "--cluster", "--as", "--user", "-s",
         "--request-timeout", "--selector", "--output", "--filename", "--container", "-k", "--kustomize", "--tail",
         "--since", "--server", "--token", "-v")
    )  # fmt: skip
    if not operands or operands[0].dynamic:
        verdict.unknown("dynamic")
        return
    verb = operands[0].text
    if verb in ("exec", "run"):
        verdict.at_least("admin", "container")
        split = next((at for at, word in enumerate(call.args) if word.text == "--"), None)
        if split is None or split + 1 >= len(call.args):
            verdict.unknown()
        else:
            verdict.nested += judge.judge(call.after(split + 1))
        return
    following = operands[1].text if len(operands) > 1 else ""
    action = KUBECTL.get(verb, "unknown")
    if following in _KUBECTL_READS.get(verb, ()) or (action in ("admin", "destroy") and _is_dry(call)):
        action = "network"
    elif _DISRUPTS.match(verb) and _takes_down(verb, following, call):
        action = "destroy"
    verdict.at_least(action)
    if verb == "config" and following == "view" and call.has("--raw"):
        verdict.flags["secret-read"] = None
    secrets = any(re.search(r"(^|[,/])secrets?\b", word.text) for word in operands[1:])
    if verb == "get" and secrets and _shows_values(call):
        verdict.flags["secret-read"] = None


_NAMES_ONLY = re.compile(r"(-o=?|--output=)(name|wide)\Z")


def _shows_values(call: Call) -> bool:
    """Whether a listing shows more than names: another output than `name` and `wide`, a template."""
    texts = call.texts()
    glued = [f"{a}={b}" if a in ("-o", "--output") else b for a, b in pairwise(["", *texts])]
    asked = [text for text in glued if re.match(r"-o|--output|--template|--t", text)]
    bare = [text for text in asked if text not in ("-o", "--output")]
    return any(word.dynamic for word in call.args) or any(not _NAMES_ONLY.match(text) for text in bare)


_KUBECTL_READS = {
    "config": ("view", "current-context", "get-contexts", "get-clusters", "get-users"),
    "rollout": ("status", "history"), "auth": ("can-i", "whoami"),
}  # fmt: skip
"""Second words with which a verb that changes only shows."""
_DISRUPTS = re.compile(r"(replace|scale|rollout|apply)\Z")


def _takes_down(verb: str, following: str, call: Call) -> bool:
    """Whether a change is a deletion: `scale --replicas=0`, `apply --prune`, `rollout undo`, `replace --force`."""
    none = any(text == "--replicas=0" or (text == "0" and "--replicas" in call.texts()) for text in call.texts())
    return {
        "replace": call.has("--force"), "scale": none, "rollout": following == "undo", "apply": call.has("--prune"),
    }[verb]  # fmt: skip


def _is_dry(call: Call) -> bool:
    """Whether nothing is sent to be kept. Only the form in one word, which cannot be another option's value."""
    texts = call.texts()
    found = [at for at, text in enumerate(texts) if text.startswith("--dry-run")]
    before = [texts[at - 1] for at in found if at]
    plain = all(texts[at] in ("--dry-run=client", "--dry-run=server") for at in found) and "--" not in texts
    return bool(found) and plain and not any(re.match(r"-[a-z]\Z|--[a-z-]+\Z", text) for text in before)


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    "docker": _docker, "podman": _docker, "nerdctl": _docker, "docker-compose": _docker, "kubectl": _kubectl,
    "oc": _kubectl, "k": _kubectl,
}  # fmt: skip
"""Command name -> judge of its calls."""
