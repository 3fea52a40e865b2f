"""Clients of stores that are not asked in SQL: redis-cli, mongosh and their like."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_foreign import says_destruction
from interlock.commands.shell_static import static_input

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS"]

_ASKS_DOCUMENTS = re.compile(
    r"\s*(?:print(?:json)?\()?db\.(?:getCollectionNames\(\)|stats\(\)|version\(\)"
    r"|[\w.]{1,80}\.(?:find|findOne|countDocuments|estimatedDocumentCount|count|distinct|getIndexes|stats)"
    r"\((?![^;]*(?:\$where|\$function|\$accumulator|function|=>))[^;()]*\)"
    r"|[\w.]{1,80}\.aggregate\((?![^;]*(?:\$where|\$function|\$accumulator|\$out|\$merge|function|=>))[^;()]*\))"
    r"(?:\.(?:limit|sort|skip|toArray|pretty|count|size|explain|projection)\([^;()]*\))*\)?\s*+;?\s*+\Z"
)
"""Questions to MongoDB, one in a text."""
_MAX_INPUT = 1 << 14
_REDIS_WRITES_TEXT = """
set setex setnx mset incr incrby decr append hset hmset hincrby lpush rpush lset sadd zadd expire persist publish
rename xadd getset lpop rpop spop
"""
_REDIS_WRITES = frozenset(_REDIS_WRITES_TEXT.split())


def _redis(call: Call, verdict: Verdict, judge: Judge) -> None:
    operands = [word.text.lower() for word in call.operands(("-h", "-p", "-a", "-n", "-u"))]
    verdict.at_least("network")
    given = (static_input(call, judge) or "")[:_MAX_INPUT]
    if re.search(r"\bflush(?:all|db)\b", given, re.IGNORECASE) and (not operands or call.has("--eval", "-x", "--pipe")):
        verdict.unknown("destroys")
    elif operands and operands[0] in ("flushall", "flushdb", "del", "unlink"):
        verdict.at_least("destroy")
    elif call.has("--scan", "--bigkeys", "--stat", "--latency", "--version"):
        return
    elif operands and operands[0] in _REDIS_WRITES:
        verdict.at_least("write")
    elif not operands or operands[0] not in ("get", "mget", "keys", "scan", "exists", "ttl", "type", "info", "ping",
                                             "hget", "hgetall", "llen", "lrange", "smembers", "dbsize"):  # fmt: skip
        verdict.unknown()


_DROPS_DOCUMENTS = re.compile(
    r"\.dropDatabase\(|_dropDatabase\(|\.drop\(|\.(?:deleteMany|remove)\(\s*\{\s*\}"
    r"|\bshutdown\b|\bDETACH DELETE\b|\bdrop database\b",
    re.IGNORECASE,
)
"""What empties or drops something whole, in a program that comes in."""


def _documents(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Databases whose words are a program: mongosh, cypher-shell, influx."""
    fed = static_input(call, judge) or ""
    verdict.at_least("network")
    verdict.paths = []
    given = [b.text for a, b in pairwise(call.args) if a.text in ("--eval", "-e") and not b.dynamic]
    scripts = [word for word in call.args if re.search(r"\.m?js\Z", word.text) or word.text in ("-f", "--file")]
    if len(given) == 1 and _ASKS_DOCUMENTS.match(given[0]) and not scripts and call.texts().count("--eval") < 2:
        return
    if call.texts() not in (["--version"], ["--help"]):
        operands = [word.text for word in call.operands()]
        said = call.name in ("influx", "nodetool", "arangosh") and says_destruction(operands)
        said = said or _DROPS_DOCUMENTS.search(fed[:_MAX_INPUT]) is not None
        verdict.unknown("client-command", *(["destroys"] if said else []))


def _keys(call: Call, verdict: Verdict, judge: Judge) -> None:
    """etcdctl: keys of a prefix go together."""
    del judge
    verdict.at_least("network")
    verb = next((word.text for word in call.operands(("--endpoints", "--user", "--cert", "--key", "--cacert"))), "")
    if verb == "del":
        verdict.at_least("destroy", *(["destroys"] if call.has("--prefix", "--from-key", "--range") else []))
    elif verb not in ("get", "watch", "version", "endpoint", "member"):
        verdict.at_least("admin")


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    "etcdctl": _keys,
    **dict.fromkeys(("redis-cli", "valkey-cli", "keydb-cli"), _redis),
    **dict.fromkeys(("mongosh", "mongo", "cypher-shell", "influx", "arangosh", "nodetool"), _documents),
}  # fmt: skip
"""Command name -> judge of its calls."""
