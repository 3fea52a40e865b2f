"""Commands that steer containers."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_files import touch
from interlock.commands.shell_secrets import secret
from interlock.commands.shell_tables import DOCKER, SYSTEM
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
    if composed and verb in ("up", "run", "start", "create"):
        _recipe(call, verdict, judge)
    if verb in ("run", "exec"):
        _container(call, at + 1, verdict, judge)
        return
    following = words[at + 1].text if at + 1 < len(words) else ""
    action = "read" if composed and verb == "config" else DOCKER.get(verb, "unknown")
    if verb in _MANAGED and following in ("ls", "list", "inspect", "df", "ps", "show"):
        action = "read"
    if _is_own(verb, following, composed, call):
        action = "write"
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
    verdict.at_least(action, *(["wide-delete"] if _is_listed(verb, call, judge) else []))


def _is_listed(verb: str, call: Call, judge: Judge) -> bool:
    """Whether one container or image after another is removed that a list names."""
    return verb in ("rm", "rmi", "kill") and call.operands()[-1].dynamic and judge.repeats(call.simple)


def _is_own(verb: str, following: str, composed: bool, call: Call) -> bool:
    """Whether single containers or images go by name, or something is added: images, networks, folders for data."""
    if verb in ("network", "volume"):
        return following in ("create", "connect")
    if verb in ("save", "load", "import", "export"):
        return not any(SYSTEM.match(posixpath.normpath(word.text)) for word in call.operands())
    if verb == "cp":
        return bool(re.match(r"[\w.-]+:", call.args[-1].text)) and not any(secret(text) for text in call.texts())
    if verb not in ("rm", "rmi", "kill"):
        return False
    named = [word for word in call.operands() if word.text not in ("container", "image", "compose", verb)]
    known = [word.named or (re.fullmatch(r"[\w./:@-]+", word.text) and not word.dynamic) for word in named]
    plain = all(known) and not any(word.loose for word in named)
    return plain and (composed or 0 < len(named) <= _MAX_NAMED) and not call.has("-v", "--volumes")


_MAX_NAMED = 8
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


_RECIPES = ("docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml", "docker-compose.override.yml")
_GIVES_MACHINE = re.compile(
    r"privileged:\s*true|[\"'\s]/:/|source:\s*[\"']?/[\"']?\s|(?:pid|network_mode|ipc):\s*[\"']?host|docker\.sock|/etc:/|/root:|SYS_ADMIN"
)
"""What a recipe says that gives a container the machine."""


def _recipe(call: Call, verdict: Verdict, judge: Judge) -> None:
    """A recipe that this very text has written, and that gives away the machine."""
    named = [b.text for a, b in pairwise(call.args) if a.text in ("-f", "--file")]
    for name in (*named, *_RECIPES):
        if _GIVES_MACHINE.search(judge.written.content(name) or ""):
            verdict.at_least("admin", "host-access")


def _container(call: Call, at: int, verdict: Verdict, judge: Judge) -> None:
    """`docker run IMAGE COMMAND`, `docker exec NAME COMMAND`."""
    verdict.at_least("write", "container")
    flags = _option_flags(call.args[at:])
    if flags is None:
        verdict.unknown()
        return
    _options(call.args[at : at + flags], verdict)
    rest = call.args[at + flags + 1 :]
    entry = _entry(call.args[at : at + flags])
    if entry:
        simple = call.after(at + flags)
        simple.words = [Word(entry), *rest]
        verdict.nested += judge.judge(simple)
    elif rest and rest[0].text.startswith("-") and not rest[0].dynamic:
        verdict.flags["opaque"] = None  # words for the program that the image starts
    elif _shows_own(call, at, flags):
        return  # what this new container starts with is what the image and these words say
    elif rest:
        verdict.nested += judge.judge(call.after(at + flags + 1))
    elif call.args[at + flags :]:
        verdict.flags["opaque"] = None


def _shows_own(call: Call, at: int, flags: int) -> bool:
    """Whether `docker run IMAGE env` shows nothing of this machine: no file, recipe or bare name hands any value in."""
    texts = call.texts()
    plain = texts[:at] in (["run"], ["container", "run"]) and texts[at + flags + 1 :] in (["env"], ["printenv"])
    before = ""
    for word in call.args[at : at + flags]:
        own = re.match(r"\w+=", word.text) if before else _OWN.fullmatch(word.text)
        plain = plain and own is not None
        before = word.text if not before and word.text in ("-e", "--env") else ""
    return plain and call.name != "docker-compose" and not any(word.dynamic or word.loose for word in call.args)


_OWN = re.compile(r"-[it]+|-e|--rm|--init|--interactive|--tty|--env(?:=\w+=.*)?|--platform=[\w/]+", re.ASCII)
"""Options of `docker run` that hand no value of this machine in."""


def _options(words: list[Word], verdict: Verdict) -> None:
    """Powers over the machine, and its folders mounted into the container."""
    for at, word in enumerate(words):
        before = words[at - 1].text if at else ""
        if _POWERS.match(word.text) or (word.text == "host" and re.match(r"--(pid|ipc|uts)\Z", before)):
            verdict.at_least("admin", "host-access")
        if word.text.startswith("--entrypoint") and not _entry(words):
            verdict.unknown("dynamic")
        if word.dynamic and not re.match(r"\$(PWD|HOME)|[\w/.]", word.text):
            verdict.unknown("dynamic")
        for source in _sources(word.text, before):
            path = posixpath.normpath(source).replace("//", "/")
            if ".." in source.split("/") or _OUTSIDE.match(path) or SYSTEM.match(path):
                verdict.at_least("admin", "host-access")
            if secret(path):
                verdict.flags["secret-read"] = None


def _entry(words: list[Word]) -> str:
    """The program that `--entrypoint` names, where it is a plain one."""
    texts = [word.text for word in words]
    named = [b for a, b in pairwise(texts) if a == "--entrypoint"]
    named += [text.partition("=")[2] for text in texts if text.startswith("--entrypoint=")]
    plain = len(named) == 1 and re.fullmatch(r"(/usr/local|/usr)?(/bin/)?[\w.-]+", named[0])
    return named[0] if plain and not any(word.dynamic for word in words) else ""


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
                        r"|add-host|pull|restart|security-opt|cap-drop|shm-size|ulimit|tmpfs|group-add|dns|link|ip|pid|ipc|uts"
                        r"|log-driver|log-opt|userns|cgroup-parent|sysctl|expose|stop-signal|pids-limit"
                        r"|volumes-from)\Z")  # fmt: skip
    at = 0
    while at < len(words) and words[at].text.startswith("-"):
        if plain.match(words[at].text):
            at += 1
        elif valued.match(words[at].text):
            at += 2
        else:
            return None
    return at


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    "docker": _docker, "podman": _docker, "nerdctl": _docker, "docker-compose": _docker,
}  # fmt: skip
"""Command name -> judge of its calls."""
