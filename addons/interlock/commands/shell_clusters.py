"""kubectl: what each of its verbs does to a cluster, and what runs inside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_packages import is_careless
from interlock.commands.shell_tables import KUBECTL
from interlock.model import JSON, Operation

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge
    from interlock.commands.shell_words import Word

__all__ = ["HANDLERS"]


def _powers(call: Call, operands: list[Word], verdict: Verdict, judge: Judge) -> None:
    """Rights over a node, and what `kubectl debug -- COMMAND` runs beside a pod."""
    debugs = operands[0].text == "debug"
    if any(map(_POWERS.search, call.texts())) or (debugs and any(w.text.startswith("node/") for w in operands)):
        verdict.at_least("admin", "host-access")
    at = next((place for place, word in enumerate(call.args) if word.text == "--"), len(call.args))
    if debugs and at + 1 < len(call.args):
        verdict.nested += judge.judge(call.after(at + 1))


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
    _powers(call, operands, verdict, judge)
    if verb in ("exec", "run"):
        verdict.at_least("admin", "container")
        split = next((at for at, word in enumerate(call.args) if word.text == "--"), None)
        if split is None or split + 1 >= len(call.args):
            verdict.unknown()
        else:
            verdict.nested += judge.judge(call.after(split + 1))
            if verb == "exec" and _only_looks(verdict) and call.args[split + 1].text not in ("env", "printenv", "set"):
                verdict.action = "network"
        return
    if verb in ("apply", "create", "replace"):
        _brought(call, verdict, judge)
    if verb == "create" and operands[1:2] and operands[1].text == "token":
        verdict.flags["secret-read"] = None
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


def _brought(call: Call, verdict: Verdict, judge: Judge) -> None:
    """What is brought into a cluster from elsewhere, or from a file that this very text has written."""
    for name in [b.text for a, b in pairwise(call.args) if a.text in ("-f", "--filename")]:
        if is_careless(name):
            verdict.unknown("download-and-run")
        if _POWERS.search(judge.written.content(name) or ""):
            verdict.at_least("admin", "host-access")


def _only_looks(verdict: Verdict) -> bool:
    """Whether everything inside only reads, and no secret."""
    inner = [one for operation in verdict.nested for one in operation.walk()]
    return bool(inner) and all(
        one.action == "read" and not {"dynamic", "secret-read"} & set(map(str, _flags(one))) for one in inner
    )


def _flags(one: Operation) -> list[JSON]:
    found = one.arguments.get("flags")
    return list(found) if isinstance(found, list | tuple) else []


_POWERS = re.compile(
    r"privileged\W{1,4}true|--privileged|host(?:PID|Network|IPC)\W{1,4}true|hostPath|--profile=sysadmin"
)
"""What gives a pod the machine that it runs on."""
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


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {"kubectl": _kubectl, "oc": _kubectl, "k": _kubectl}
"""Command name -> judge of its calls."""
