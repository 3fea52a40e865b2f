"""Commands that reach a service: database clients and downloads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict, operation
from interlock.commands.shell_clouds import cloud
from interlock.commands.shell_files import touch
from interlock.commands.shell_foreign import foreign
from interlock.commands.shell_sql_clients import BUNDLED, CLIENTS, POSITIONS, SUBCOMMANDS
from interlock.commands.shell_sql_text import as_sql, drops
from interlock.commands.shell_static import static_input
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS", "downloads"]

_NEVER = re.compile(r"(?!)")
_QUIET = {
    "psql": re.compile(r"-[tAqXnaebEsSwWx1]+\Z"),
    **dict.fromkeys(("mysql", "mariadb"), re.compile(r"-[NBsvtCrqHE]+\Z")),
}
"""Options without a value that only say how much is shown."""
_PSQL_SHOWS = re.compile(r"\\(?:d[a-zA-Z]*+[S+]*+|l\+?|conninfo)(?:\s+[\w.*\"$]+)?\s*\Z", re.ASCII)
_CLIENT_RUNS = ("-f", "--file", "-v", "--set", "--variable", "-o", "--output", "-L", "--log-file", "--init-command",
                "--tee", "--pager", "-i", "-X!", "--source", "--defaults-file", "--plugin-dir")  # fmt: skip
_DOT_SHOWS = re.compile(r"\.(tables|schema|headers?|mode|databases|indexes|indices|width|nullvalue|timer|quit|exit)\b")
_COPIES_OUT = re.compile(
    r"\s*\\copy[ \t]+(?:\((?P<query>[^\n]*)\)|(?P<table>[\w.]+)(?:[ \t]*\([\w, ]*\))?)[ \t]+to[ \t]+"
    r"(?:stdout|(?!program\b)(?P<file>'?[\w./-]+\.(?:csv|tsv|txt|jsonl?)'?))(?:[ \t\w,()]|'[^'\n]?')*;?\s*\Z",
    re.IGNORECASE,
)
"""psql writes what a query gives into a file of data of its user; `TO PROGRAM` is another thing."""
_DOT_LINE = re.compile(r"(?m)^\s*\.")
_CURL_VALUED = ("-H", "--header", "-d", "--data", "-o", "--output", "-X", "--request", "-A", "-u", "--user", "-F", "-T",
                "-b", "-c", "-e", "-w", "--data-raw", "--data-binary", "--max-time", "-m", "--connect-timeout", "-x",
                "--retry", "--cacert", "--cert", "--key", "--json", "--data-urlencode", "-P", "-U", "-t")  # fmt: skip


def _client(call: Call, verdict: Verdict, judge: Judge) -> None:
    dialect, own, valued = CLIENTS[call.name]
    verdict.at_least("network")
    verdict.paths = []
    texts: list[Word] = []
    args, at = call.args, 0
    while at < len(args):
        text = args[at].text
        if (text in own or BUNDLED.get(dialect, _NEVER).match(text)) and at + 1 < len(args):
            texts.append(args[at + 1])
            at += 1
        elif glued := next((one for one in own if text.startswith(one + "=" if one[1] == "-" else one)), ""):
            texts.append(Word(text[len(glued) :].lstrip("="), args[at].dynamic))
        elif text in valued:
            at += 1
            if text in ("-h", "--host", "-S") and at < len(args):
                verdict.hosts[args[at].text.lower()] = None
        elif _QUIET.get(call.name, _NEVER).match(text):
            pass
        elif (content := _written_file(args, at, judge)) is not None:
            texts.append(Word(content))
            at += 1
        elif text.partition("=")[0] in _CLIENT_RUNS or re.match(r"-[A-Za-z]*[cefvoq]\Z|-[fvoL].", text):
            verdict.unknown("opaque")
        elif args[at].dynamic and not re.match(r"[\w/.-]", text) and not _is_address(args[at], judge):
            verdict.unknown("dynamic")
        at += 1
    if not texts and (place := POSITIONS.get(call.name)) is not None:
        texts = call.operands((*own, *valued))[place : place + 1]  # `duckdb FILE SQL`
    if call.name == "psql" and any(word.text in ("-l", "--list", "--version") for word in args):
        return
    _sql(texts, dialect, call, verdict, judge)


def _below(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`snow sql -q TEXT`, `clickhouse client -q TEXT`: a client below the first word."""
    first = call.args[0].text if call.args else ""
    name = SUBCOMMANDS[call.name].get(first)
    if name is None:
        foreign(call, verdict, judge)
    else:
        _client(Call(name, call.args[1:], call.simple), verdict, judge)


def _written_file(args: list[Word], at: int, judge: Judge) -> str | None:
    """What a file holds that `-f` names, where this text has written it."""
    given = args[at].text in ("-f", "--file", "-i") and at + 1 < len(args) and not args[at + 1].dynamic
    return judge.written.content(args[at + 1].text) if given else None


def _is_address(word: Word, judge: Judge) -> bool:
    """Whether a word is a variable of the environment that holds where a database is, such as "$DATABASE_URL"."""
    found = re.fullmatch(r"\$\{?(\w*(?:URL|URI|DSN))\}?", word.text)
    assigned = {name for simple in judge.script.commands for name, _ in simple.assigns}
    return found is not None and not word.loose and found[1] not in assigned


def _sql(texts: list[Word], dialect: str, call: Call, verdict: Verdict, judge: Judge) -> None:
    """SQL from options, or else from standard input."""
    if not texts:
        texts = _stdin_texts(call, judge)
    if not texts or any(word.dynamic for word in texts):
        verdict.unknown("dynamic" if texts else "opaque")
    for word in texts:
        if word.dynamic:
            verdict.nested += drops(word.text, dialect, judge)
        if word.dynamic or (call.name == "psql" and _PSQL_SHOWS.match(word.text.strip())):
            continue
        text = word.text
        if call.name == "psql" and (copied := _COPIES_OUT.match(text)):
            text = copied["query"] or f"TABLE {copied['table']}"
            if copied["file"]:
                verdict.at_least("write", "overwrite")
                touch(Word(copied["file"].strip("'")), verdict, judge)
        verdict.nested += judge.nest(as_sql(text, call.name, verdict), "sql", dialect)


def _stdin_texts(call: Call, judge: Judge) -> list[Word]:
    stdin = call.simple.stdin
    known = static_input(call, judge)
    if known is not None or stdin.kind == "dynamic":
        return [Word(stdin.text if known is None else known, dynamic=known is None)]
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
    texts = [
        Word("\n".join(line for line in word.text.split("\n") if not _is_show(line)), word.dynamic) for word in texts
    ]
    kept = [word for word in texts if word.dynamic or word.text.strip()]
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


def _dump(call: Call, verdict: Verdict, judge: Judge) -> None:
    verdict.at_least("network")
    if call.has("-f", "--file", "--result-file", "-r", "--tab", "-T"):
        verdict.at_least("write")


def downloads(call: Call, verdict: Verdict, judge: Judge) -> None:
    """What a download writes, and hosts named without a scheme."""
    targets = [
        call.args[at + 1]
        for at, word in enumerate(call.args[:-1])
        if re.match(r"-\w*o\Z|--output\Z" if call.name == "curl" else r"-\w*O\Z|--output-d", word.text)
    ]
    for word in call.args:
        glued = re.match(r"(?:--output(?:-document)?=|-[fsSLkvgijlnNIRaO]*o(?=.)|-O(?=.))(.+)", word.text)
        if glued and not (call.name == "curl" and word.text.startswith("-O")):
            targets.append(Word(glued[1], word.dynamic))
    for target in targets:
        if target.text not in ("-", "/dev/null"):
            verdict.flags["download"] = None
            inner = Call(">", [target], call.simple)
            wrote = Verdict()
            wrote.at_least("write", "overwrite")
            touch(target, wrote, judge)
            judge.written.update([target.text])
            verdict.nested.append(operation(inner, wrote))
    judge.written.update(posixpath.normpath(name) for name in _brought(call))
    if call.name not in ("curl", "wget", "http", "https", "ping", "nc", "ncat", "telnet", "host", "dig"):
        return
    for word in call.operands(_CURL_VALUED):
        host = re.match(r"([\w-]+(?:\.[\w-]+)+)(?:[:/?]|\Z)", word.text)
        if host and not word.dynamic:
            verdict.hosts[host[1].lower()] = None


def _brought(call: Call) -> list[str]:
    """Files and folders that appear under a name the command does not spell out."""
    found: list[str] = []
    if call.name == "wget" or (call.name == "curl" and call.has("-O", "--remote-name", "--remote-name-all", "-J")):
        found += [posixpath.basename(word.text.partition("?")[0]) for word in call.operands(_CURL_VALUED)]
    if call.name in ("scp", "sftp", "gh", "aria2c"):
        operands = [word.text for word in call.operands()]
        found += [posixpath.basename(text.rpartition(":")[2]) for text in operands] + operands[-1:]
    texts = call.texts()
    found += [after for word, after in pairwise(texts) if word in ("--output-dir", "-P", "-d")]
    return [name for name in found if name and name not in (".", "..", "/")]


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    **dict.fromkeys(CLIENTS, _client), **dict.fromkeys(SUBCOMMANDS, _below),
    **dict.fromkeys(("sqlite3", "sqlite", "sqlcipher"), _sqlite), "bq": _bq, "pg_dump": _dump,
    "mysqldump": _dump, "pg_dumpall": _dump,
}  # fmt: skip
"""Command name -> judge of its calls."""
