"""Commands that steer containers, clusters and clouds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_tables import DOCKER, KUBECTL
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS", "cloud"]

_READING = re.compile(
    r"(get|list|describe|show|ls|head|batch-get|plan|validate|version|status|whoami|history|output)\b"
)
_DELETING = re.compile(r"(delete|remove|rm|rb|destroy|terminate|purge|uninstall|deregister|drop|empty)\b")


def cloud(call: Call, verdict: Verdict, judge: Judge) -> None:
    """aws, gcloud, terraform and their like: judged by their verbs."""
    del judge
    verdict.at_least("network")
    operands = [word.text for word in call.operands()]
    if any(word.dynamic for word in call.operands()[:3]):
        verdict.unknown("dynamic")
    if any(_DELETING.match(text) for text in operands[:4]) or call.has("-destroy", "--delete"):
        verdict.at_least("destroy")
    elif not any(_READING.match(text) for text in operands[:4]):
        verdict.at_least("admin")


def _docker(call: Call, verdict: Verdict, judge: Judge) -> None:
    words = call.args
    at = 0
    while at < len(words) and words[at].text in ("container", "image", "compose"):
        at += 1
    if at >= len(words) or words[at].dynamic or words[at].text.startswith("-"):
        verdict.at_least("read" if call.texts() == ["--version"] else "unknown")
        return
    verb = words[at].text
    if verb in ("run", "exec"):
        _container(call, at + 1, verdict, judge)
        return
    following = words[at + 1].text if at + 1 < len(words) else ""
    action = DOCKER.get(verb, "unknown")
    if verb in ("network", "volume", "system", "swarm", "service") and following in ("ls", "inspect", "df", "ps"):
        action = "read"
    if following in ("prune", "rm") or (verb == "down" and call.has("-v", "--volumes", "--rmi")) or verb == "ls":
        action = "read" if verb == "ls" else "destroy"
    verdict.at_least(action)


def _container(call: Call, at: int, verdict: Verdict, judge: Judge) -> None:
    """`docker run IMAGE COMMAND`, `docker exec NAME COMMAND`."""
    verdict.at_least("write", "container")
    flags = _option_flags(call.args[at:])
    if flags is None:
        verdict.unknown()
        return
    powers = r"--privileged|--cap-add|--pid|--net(work)?=host|--device|--userns|--security-opt|--ipc"
    outside = r"(/|~|\$HOME|/etc.*|/var/run/docker\.sock|/home|/root|/usr)(:|,|\Z)"
    mounts = r"(-v|--volume|--mount)?=?(type=bind,)?(source=|src=)?" + outside
    for word in call.args[at : at + flags]:
        if re.match(powers, word.text) or re.match(mounts, word.text):
            verdict.at_least("admin", "host-access")
        if word.text.startswith("--entrypoint") or (word.dynamic and not re.match(r"\$(PWD|HOME)|[\w/.]", word.text)):
            verdict.unknown("dynamic")
    rest = call.args[at + flags + 1 :]
    if rest:
        verdict.nested += judge.judge(call.after(at + flags + 1))
    elif call.args[at + flags :]:
        verdict.flags["opaque"] = None


def _option_flags(words: list[Word]) -> int | None:
    """How many words the options take; None where that is not certain."""
    plain = re.compile(
        r"-[ditPq]+\Z|--(rm|detach|interactive|tty|init|privileged|read-only|no-healthcheck)\Z|--[\w-]+=.*"
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
    operands = call.operands(("-n", "--namespace", "--context", "--kubeconfig", "-l", "-o", "-f", "-c", "--cluster"))
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
    verdict.at_least(KUBECTL.get(verb, "unknown"))
    if verb == "get" and any(re.match(r"secrets?\b", word.text) for word in operands[1:]):
        verdict.flags["secret-read"] = None


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    "docker": _docker, "podman": _docker, "nerdctl": _docker, "docker-compose": _docker, "kubectl": _kubectl,
    "oc": _kubectl, "k": _kubectl,
}  # fmt: skip
"""Command name -> judge of its calls."""
