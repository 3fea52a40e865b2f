"""Commands that reach a service: database clients, downloads, containers, clusters, clouds."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_files import touch
from interlock.commands.shell_tables import DOCKER, KUBECTL
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS", "cloud", "downloads"]

_CLIENTS = {
    "psql": ("postgres", ("-c", "--command"), ("-h", "-p", "-U", "-d", "-F", "-P", "-R", "--host", "--port",
             "--username", "--dbname", "--pset")),
    "mysql": ("mysql", ("-e", "--execute"), ("-h", "-P", "-u", "-D", "-S", "--host", "--port", "--user", "--database")),
    "mariadb": ("mysql", ("-e", "--execute"), ("-h", "-P", "-u", "-D", "-S", "--host", "--port", "--user")),
    "sqlcmd": ("tsql", ("-Q", "-q"), ("-S", "-U", "-P", "-d", "-h", "-s", "-W", "-y", "-Y")),
    "snowsql": ("snowflake", ("-q", "--query"), ("-a", "-u", "-d", "-s", "-r", "-w", "-c")),
}  # fmt: skip
_BUNDLED = {
    "postgres": re.compile(r"-[tAqXnaebEsSwWx1z0]+c\Z"),
    "mysql": re.compile(r"-[NBsvtCfnrqH]+e\Z"),
    "tsql": re.compile(r"(?!)"),
    "snowflake": re.compile(r"(?!)"),
}
_PSQL_SHOWS = re.compile(r"\\(?:d[a-zA-Z]*[S+]*|l\+?|conninfo)(?:\s+[\w.*\"$]+)?\s*\Z", re.ASCII)
_CLIENT_RUNS = ("-f", "--file", "-v", "--set", "--variable", "-o", "--output", "-L", "--log-file", "--init-command",
                "--tee", "--pager", "-i", "-X!", "--source", "--defaults-file", "--plugin-dir")  # fmt: skip
_DOT_SHOWS = re.compile(r"\.(tables|schema|headers?|mode|databases|indexes|indices|width|nullvalue|timer|quit|exit)\b")
_DOT_LINE = re.compile(r"(?m)^\s*\.")
_READING = re.compile(
    r"(get|list|describe|show|ls|head|batch-get|plan|validate|version|status|whoami|history|output)\b"
)
_DELETING = re.compile(r"(delete|remove|rm|rb|destroy|terminate|purge|uninstall|deregister|drop|empty)\b")
_CURL_VALUED = ("-H", "--header", "-d", "--data", "-o", "--output", "-X", "--request", "-A", "-u", "--user", "-F", "-T",
                "-b", "-c", "-e", "-w", "--data-raw", "--data-binary", "--max-time", "-m", "--connect-timeout", "-x",
                "--retry", "--cacert", "--cert", "--key", "--json", "--data-urlencode", "-P", "-U", "-t")  # fmt: skip


def _client(call: Call, verdict: Verdict, judge: Judge) -> None:
    dialect, own, valued = _CLIENTS[call.name]
    verdict.at_least("network")
    verdict.paths = []
    texts: list[Word] = []
    args, at = call.args, 0
    while at < len(args):
        text = args[at].text
        if (text in own or _BUNDLED[dialect].match(text)) and at + 1 < len(args):
            texts.append(args[at + 1])
            at += 1
        elif glued := next((one for one in own if text.startswith(one + "=" if one[1] == "-" else one)), ""):
            texts.append(Word(text[len(glued) :].lstrip("="), args[at].dynamic))
        elif text in valued:
            at += 1
            if text in ("-h", "--host", "-S") and at < len(args):
                verdict.hosts[args[at].text.lower()] = None
        elif text.partition("=")[0] in _CLIENT_RUNS or re.match(r"-[A-Za-z]*[cefvoq]\Z|-[fvoL].", text):
            verdict.unknown("opaque")
        elif args[at].dynamic and not re.match(r"[\w/.-]", text):
            verdict.unknown("dynamic")
        at += 1
    if call.name == "psql" and any(word.text in ("-l", "--list", "--version") for word in args):
        return
    _sql(texts, dialect, call, verdict, judge)


def _sql(texts: list[Word], dialect: str, call: Call, verdict: Verdict, judge: Judge) -> None:
    """SQL from options, or else from standard input."""
    if not texts:
        texts = _stdin_texts(call, judge)
    if not texts or any(word.dynamic for word in texts):
        verdict.unknown("dynamic" if texts else "opaque")
    for word in texts:
        if word.dynamic or (call.name == "psql" and _PSQL_SHOWS.match(word.text.strip())):
            continue
        verdict.nested += judge.nest(word.text, "sql", dialect)


def _stdin_texts(call: Call, judge: Judge) -> list[Word]:
    stdin = call.simple.stdin
    if stdin.kind == "text":
        return [Word(stdin.text)]
    feeders = judge.feeders(call.simple) if stdin.kind == "pipe" else []
    if len(feeders) == 1 and [word.text for word in feeders[0].words] == ["cat"] and feeders[0].stdin.kind == "text":
        return [Word(feeders[0].stdin.text)]
    if len(feeders) == 1 and feeders[0].words and feeders[0].words[0].text == "echo" and not feeders[0].redirects:
        words = feeders[0].words[1:]
        options = any(word.text.startswith("-") or "\\" in word.text for word in words)
        return [Word(" ".join(word.text for word in words), options or any(word.dynamic for word in words))]
    return []


def _sqlite(call: Call, verdict: Verdict, judge: Judge) -> None:
    valued = (
        "-separator",
        "-newline",
        "-nullvalue",
        "-cmd",
        "-init",
        "-mmap",
        "-lookaside",
        "-pagecache",
        "-vfs",
        "-A",
    )
    operands = call.operands(valued)
    verdict.paths = [posixpath.normpath(word.text) for word in operands[:1]]
    if any(word.text.lstrip("-") in ("cmd", "init", "A", "vfs", "deserialize", "zip") for word in call.args[:-1]):
        verdict.unknown("opaque")
    texts = operands[1:] or _stdin_texts(call, judge)
    kept = [word for word in texts if word.dynamic or not _is_show(word.text)]
    if any(_DOT_LINE.search(word.text) for word in kept):
        verdict.unknown("client-command")
    if kept or not texts:
        _sql(kept, "sqlite", call, verdict, judge)


def _is_show(text: str) -> bool:
    return bool(_DOT_SHOWS.match(text.strip())) and "\n" not in text.strip() and "|" not in text


def _bq(call: Call, verdict: Verdict, judge: Judge) -> None:
    verdict.at_least("network")
    operands = call.operands()
    if operands and operands[0].text == "query" and len(operands) == 2:
        _sql(operands[1:], "bigquery", call, verdict, judge)
    else:
        cloud(call, verdict, judge)


def _redis(call: Call, verdict: Verdict, judge: Judge) -> None:
    operands = [word.text.lower() for word in call.operands(("-h", "-p", "-a", "-n", "-u"))]
    verdict.at_least("network")
    if operands and operands[0] in ("flushall", "flushdb", "del", "unlink"):
        verdict.at_least("destroy")
    elif not operands or operands[0] not in ("get", "mget", "keys", "scan", "exists", "ttl", "type", "info", "ping",
                                             "hget", "hgetall", "llen", "lrange", "smembers", "dbsize"):  # fmt: skip
        verdict.unknown()


def _dump(call: Call, verdict: Verdict, judge: Judge) -> None:
    verdict.at_least("network")
    if call.has("-f", "--file", "--result-file", "-r", "--tab", "-T"):
        verdict.at_least("write")


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


def downloads(call: Call, verdict: Verdict, judge: Judge) -> None:
    """What a download writes, and hosts named without a scheme."""
    targets = [
        call.args[at + 1]
        for at, word in enumerate(call.args[:-1])
        if re.match(
            r"-\w*o\Z|--output\Z|--output-document\Z" if call.name == "curl" else r"-\w*O\Z|--output-d", word.text
        )
    ]
    for word in call.args:
        glued = re.match(r"(?:--output(?:-document)?=|-o(?=.)|-O(?=.))(.+)", word.text)
        if glued and not (call.name == "curl" and word.text.startswith("-O")):
            targets.append(Word(glued[1], word.dynamic))
    for target in targets:
        if target.text not in ("-", "/dev/null"):
            verdict.flags["download"] = None
            inner = Call(">", [target], call.simple)
            wrote = Verdict()
            wrote.at_least("write", "overwrite")
            touch(target, wrote, judge)
            from interlock.commands.shell_call import operation

            verdict.nested.append(operation(inner, wrote))
    if call.name not in ("curl", "wget", "http", "https", "ping", "nc", "ncat", "telnet", "host", "dig"):
        return
    for word in call.operands(_CURL_VALUED):
        if call.name == "wget" or call.has("-O", "--remote-name"):
            judge.written.add(posixpath.basename(word.text.partition("?")[0]))
        host = re.match(r"([\w-]+(?:\.[\w-]+)+)(?:[:/?]|\Z)", word.text)
        if host and not word.dynamic:
            verdict.hosts[host[1].lower()] = None


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
                        r"|env-file|entrypoint|platform|label|hostname|cap-add|device|gpus|add-host|pull|restart)\Z")  # fmt: skip
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
    **dict.fromkeys(_CLIENTS, _client), "sqlite3": _sqlite, "bq": _bq, "redis-cli": _redis, "pg_dump": _dump,
    "mysqldump": _dump, "pg_dumpall": _dump, "docker": _docker, "podman": _docker, "nerdctl": _docker,
    "docker-compose": _docker, "kubectl": _kubectl, "oc": _kubectl, "k": _kubectl,
}  # fmt: skip
"""Command name -> judge of its calls."""
