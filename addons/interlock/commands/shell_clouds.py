"""Command lines of clouds: judged by the verb that stands where their grammar puts it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["cloud"]

_READING = re.compile(
    r"(get|list|describe|show|ls|head|batch-get|plan|validate|version|status|whoami|history|output|fmt|providers)\b"
)
_DELETING = re.compile(r"(delete|remove|rm|rb|destroy|terminate|purge|uninstall|deregister|drop|empty|stop|reset)\b")
_SECRET = re.compile(r"secret|password|token|credential|list-keys|ssm|keyvault", re.IGNORECASE)
_OPENS = re.compile(r"(get|show|access|describe|print|list-keys|decrypt|value)")
_GLOBAL = frozenset(("--profile", "--region", "--output", "--endpoint-url", "--query", "--project", "--account",
                     "--configuration", "--format", "--subscription", "--context", "-c", "-o",
                     "-a", "--app"))  # fmt: skip
"""Options before the verb that take the next word."""
_GROUPS_TEXT = """
projects compute instances sql databases container clusters node-pools run services functions logging logs
storage buckets objects pubsub topics subscriptions config configurations iam service-accounts roles dns
managed-zones record-sets networks subnets disks images regions zones backups users operations secrets versions
auth artifacts repositories docker builds triggers alpha beta app apps jobs revisions domains firewall-rules
addresses organizations folders billing accounts components info monitoring dashboards policies redis spanner
bigtable tables dataproc dataflow composer environments deploy releases scheduler tasks queues kms keyrings keys
"""
_GROUPS = frozenset(_GROUPS_TEXT.split())
"""Words of gcloud that only say what a verb is about."""


def cloud(call: Call, verdict: Verdict, judge: Judge) -> None:
    """A call of aws, gcloud, az, terraform, helm and their like; a verb that is not found is administration."""
    del judge
    verdict.at_least("network")
    words, certain = _leading(call)
    if any(word.dynamic for word in call.operands()[:3]):
        verdict.unknown("dynamic")
    operands = [word.text for word in call.operands()]
    if any(_DELETING.match(text) for text in operands[:4]) or call.has("-destroy", "--delete"):
        verdict.at_least("destroy")
    elif not certain or not _READING.match(_verb(call.name, words).rpartition(":")[2]):
        verdict.at_least("admin")
    if any(_SECRET.search(text) for text in operands[:5]) and any(_OPENS.match(text) for text in operands[:5]):
        verdict.flags["secret-read"] = None


def _leading(call: Call) -> tuple[list[str], bool]:
    """The words before the first option that is not a global one, and whether those are certain."""
    found: list[str] = []
    at = 0
    while at < len(call.args):
        text = call.args[at].text
        if text.startswith("-"):
            name, joined, _ = text.partition("=")
            if found or not (name in _GLOBAL or joined):
                return found, bool(found)
            at += 1 if joined else 2
            continue
        found.append(text)
        at += 1
    return found, True


def _verb(name: str, words: list[str]) -> str:
    if name in ("aws", "doctl", "flyctl"):
        return words[1] if len(words) > 1 else ""
    if name == "az":
        return words[-1] if words else ""
    if name == "gcloud":
        return next((word for word in words if word not in _GROUPS), "")
    if name in ("terraform", "tofu") and words[:1] in (["state"], ["workspace"]):
        return words[1] if len(words) > 1 else ""
    return words[0] if words else ""
