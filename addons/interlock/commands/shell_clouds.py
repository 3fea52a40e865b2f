"""Command lines of clouds: judged by the verb that stands where their grammar puts it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_recipes import run_recipes
from interlock.commands.shell_remote_texts import remote_texts
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["cloud"]

_READING = re.compile(
    r"(get|list|describe|show|ls|head|batch-get|plan|validate|version|status|whoami|history|output|fmt|providers|help"
    r"|tail|read|wait|search|query|scan|lookup|filter|preview|template|lint|graph|diff|synth|synthesize|info|about|logs?"
    r"|cat|env|verify|doctor|context|docs|select-object-content|estimate|images|ps|open|inspect|releases|regions)\b"
)
_BRINGING = re.compile(r"(init|pull|cp|sync|download|upload|update|build|modules|fetch|clone|dev|serve|emulators)\b")
"""Verbs that bring files from there or take copies there; `update` and `build` only below `helm repo|dependency`."""
_DELETING = re.compile(
    r"(delete|remove|rm|rb|destroy|terminate|purge|uninstall|un|del|deregister|drop|empty|stop|reset|rollback|disable"
    r"|cancel|down|deallocate|flush|wipe)\b(?!-protection)"
)
_CHANGING = re.compile(
    r"(create|add|set|update|edit|deploy|run|exec|restart|scale|attach|detach|enable|start|apply|up|import|grant|ssh"
    r"|login|link|promote|patch|put|modify|invoke|send|publish|reboot|resize|move|rename|copy|revoke|use|console)\b"
)
_SECRET = re.compile(r"secret|password|token|credential|list-keys|ssm|keyvault", re.IGNORECASE)
_OPENS = re.compile(r"(get|show|access|describe|print|export|list-keys|decrypt|value)")
_DRY = frozenset(("--dry-run", "--dryrun", "--dry-run=client", "--dry-run=server", "--dry-run=true", "--what-if"))
_GLOBAL = frozenset(("--profile", "--region", "--output", "--endpoint-url", "--query", "--project", "--account",
                     "--configuration", "--format", "--subscription", "--context", "-c", "-o", "--cwd", "--stack",
                     "-n", "--namespace", "--kube-context", "--kubeconfig", "-a", "--app", "-s", "-C",
                     "--resource-group", "-g", "--scope", "--token"))  # fmt: skip
"""Options before the verb that take the next word."""
_SWITCHES = frozenset(("--no-cli-pager", "--no-paginate", "--debug", "--quiet", "-q", "--verbose", "-m", "--no-color",
                       "--non-interactive", "--json"))  # fmt: skip
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
_NESTING = {
    "terraform": ("state", "workspace"), "tofu": ("state", "workspace"),
    "terragrunt": ("state", "workspace", "run-all"),
    "pulumi": ("stack", "config", "plugin", "policy", "state"), "helm": ("repo", "plugin", "dependency", "registry"),
    "gsutil": (), "cdk": (), "cdktf": (),
}  # fmt: skip
"""Words that stand before the verb, of command lines whose verb otherwise stands first."""
_DEEP = frozenset(("doctl", "flyctl", "fly", "heroku", "vercel", "netlify", "railway", "wrangler", "firebase", "eb"))
"""Command lines whose verb may stand at any depth: the first word that is one counts."""
_CLIENTS = {"wrangler": "sqlite", "heroku": "postgres", "flyctl": "postgres", "fly": "postgres"}
"""Command lines that carry SQL in an option."""
_RUN_CODE = frozenset(("cdk", "pulumi", "cdktf"))


def cloud(call: Call, verdict: Verdict, judge: Judge) -> None:
    """A call of aws, gcloud, az, terraform, helm and their like; a verb that is not found is administration."""
    verdict.at_least("network")
    run_recipes(call, verdict, judge)
    remote_texts(call, verdict, judge)
    words, certain = _leading(call)
    operands = [word.text for word in call.operands()]
    if any(word.dynamic for word in call.operands()[:2]) or any(map(_may_be_option, call.args)):
        verdict.unknown("dynamic")
    if call.name in _RUN_CODE:
        verdict.at_least("write", "opaque")
    verb = _verb(call.name, words).rpartition(":")[2]
    _secrets(
        operands,
        call.has("--with-decryption") or call.has("--cli-input-json", "--cli-input-yaml") or call.dynamic(),
        verdict,
    )
    _heroku(call, words, verdict)
    dialect = _CLIENTS.get(call.name)
    for before, word in pairwise(call.args) if dialect else ():
        text = word.text if before.text in ("--command", "-c") else word.text.partition("--command=")[2]
        if " " in text and not word.dynamic:
            verdict.nested += judge.nest(text, "sql", dialect or "")
    if _asks_help(call, operands) or (certain and _is_dry(call)):
        return
    if call.name == "az" and words[:1] == ["deployment"] and words[-1:] in (["what-if"], ["validate"]):
        return
    if certain and (call.name, *words[:2]) in _CHOOSES and words[2:3] != ["auth/impersonate_service_account"]:
        verdict.at_least("write")
        return
    if call.name == "helm" and (words[:1] == ["package"] or words[:2] == ["repo", "add"]):
        verdict.at_least("write")
        return
    if _deletes(call, words if certain and verb else operands[:4], verb):
        verdict.at_least("destroy")
    elif certain and _BRINGING.match(verb) and (not _CHANGING.match(verb) or words[0] in _NESTING["helm"]):
        verdict.at_least("write")
    elif not certain or not _READING.match(verb):
        verdict.at_least("admin")


def _asks_help(call: Call, operands: list[str]) -> bool:
    """Whether a call only asks how it is used; behind an option `--help` could be its value, and `help` a name."""
    texts = call.texts()
    alone = len(operands) == len(call.args) - 1 and not call.dynamic() and "--" not in texts
    words, _ = _leading(call)
    helped = words[-1:] == ["help"] and texts[-len(words) :] == words and len(words) <= (3 if call.name == "aws" else 1)
    asked = helped or set(texts) <= {"--version", "--help", "-h", "-v"}
    return not call.args or asked or (texts[-1:] == ["--help"] and alone)


def _may_be_option(word: Word) -> bool:
    """Whether a word may become several, or one that could be an option of a verb that deletes with it."""
    return word.dynamic and not word.named and (word.loose or re.match(r"\$\{?[@*\d]", word.text) is not None)


_CHOOSES = frozenset(
    (("terraform", "workspace", "select"), ("tofu", "workspace", "select"), ("gcloud", "config", "set"),
     ("az", "account", "set"), ("pulumi", "stack", "select"))
)  # fmt: skip
"""What only says which of several places the next commands are about."""


def _heroku(call: Call, words: list[str], verdict: Verdict) -> None:
    """`heroku config` shows every value; `ps:scale web=0` takes a service down."""
    if call.name == "heroku" and words[:1] in (["config"], ["config:get"]):
        verdict.flags["secret-read"] = None
    if any(re.fullmatch(r"[\w-]+=0", word) for word in words[1:]) and "scale" in words[0]:
        verdict.at_least("destroy", "destroys")


def _is_dry(call: Call) -> bool:
    """Whether a call only says what it would do. Behind another option `--dry-run` may be that option's value."""
    texts = call.texts()
    at = next((at for at, text in enumerate(texts) if text in _DRY), 0)
    behind = texts[at - 1].startswith("-") and texts[at - 1] not in _SWITCHES
    return at > 0 and not behind and not any(word.dynamic or word.text == "--" for word in call.args[:at])


def _deletes(call: Call, words: list[str], verb: str) -> bool:
    computed = any(word.dynamic and not word.named and not re.match(r"[\w./~]", word.text) for word in call.args)
    if computed and verb in ("sync", "rsync", "apply"):
        return True
    if call.has("-destroy", "--delete", "--delete-unmatched-destination-objects"):
        return True
    if call.name in ("aws", "helm", "gsutil", "cdk", *_NESTING) and verb:
        return bool(_DELETING.match(verb))
    return any(_DELETING.match(text.rpartition(":")[2]) for text in words[:5])


def _secrets(operands: list[str], decrypts: bool, verdict: Verdict) -> None:
    if "get-credentials" in operands[:4] and ("clusters" in operands[:3] or "aks" in operands[:1]):
        return  # it writes the settings of kubectl, and shows nothing
    if any(re.match(r"(get|describe)-parameters?\b", text) for text in operands[:2]) and not decrypts:
        return  # parameters that are secrets stay encrypted
    if operands[:2] == ["kms", "list-keys"]:
        return  # their names
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
            if found or not (name in _GLOBAL or name in _SWITCHES or joined):
                return found, bool(found)
            at += 1 if joined or name in _SWITCHES else 2
            continue
        found.append(text)
        at += 1
    return found, True


def _verb(name: str, words: list[str]) -> str:
    if name == "aws":
        return words[1] if len(words) > 1 else ""
    if name == "az":
        return words[-1] if words else ""
    if name == "gcloud":
        return next((word for word in words if word not in _GROUPS), "")
    if name in _DEEP:
        parts = [word.rpartition(":")[2] for word in words[:4]]
        return next((part for part in parts if _is_verb(part)), "")
    if words[:1] and words[0] in _NESTING.get(name, ()):
        return words[1] if len(words) > 1 else ""
    return words[0] if words else ""


def _is_verb(word: str) -> bool:
    return any(pattern.match(word) for pattern in (_READING, _BRINGING, _DELETING, _CHANGING))
