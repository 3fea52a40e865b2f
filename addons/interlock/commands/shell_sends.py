"""What leaves the machine: uploads, secrets in a pipe to the network, names asked of a resolver."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict, hosts
from interlock.commands.shell_dumps import carries, dumps, whole
from interlock.commands.shell_places import holds, private
from interlock.commands.shell_secrets import reads_secret, secret, shows, shows_environment
from interlock.commands.shell_tables import SHELLS
from interlock.commands.shell_tree import Simple
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["SENDERS", "sends"]

_SENDERS_TEXT = """
curl wget scp sftp ftp nc ncat netcat socat telnet ssh rsync rclone http https httpie xh xhs aws gsutil gcloud az
mail mailx s-nail mutt msmtp swaks sendmail dig nslookup host ping drill kdig whois openssl croc magic-wormhole
transfer git gh glab smbclient lftp traceroute tracepath mtr ping6 s3cmd mc mcli b2 azcopy oci
"""
SENDERS = frozenset(_SENDERS_TEXT.split())
"""Commands by which something can be sent."""
_RESOLVERS = frozenset(("traceroute", "tracepath", "mtr", "ping6", "dig", "nslookup", "host", "ping", "drill", "kdig"))
_SOCKETS = frozenset(("nc", "ncat", "netcat", "socat", "telnet"))
_STREAMS = _SOCKETS | {"openssl"}
_DROPS = re.compile(
    r"(transfer\.sh|0x0\.st|file\.io|termbin\.com|pastebin\.com|paste\.rs|ix\.io|webhook\.site|requestbin\.\w+|pipedream\.net"
    r"|[\w-]+\.ngrok(-free)?\.(io|app)|[\w.-]*\.oastify\.com|[\w.-]*burpcollaborator\.net|[\w.-]*\.interact\.sh|hastebin\.com"
    r"|bashupload\.com|temp\.sh|gofile\.io|anonfiles\.com|catbox\.moe|litterbox\.catbox\.moe|oshi\.at|keep\.sh)\Z"
)
_UPLOADS = ("-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "-F", "--form", "-T", "--upload-file",
            "--json", "--post-data", "--post-file", "--body-data", "--body-file", "--form-string")  # fmt: skip
_LOCAL = re.compile(r"(?:-[dFT])?(?:[\w.-]+=|\w+(?=@/))?[@<](?!-\Z)(.+)|--(?:post|body|upload)-file=(.+)")
_HOME_HOST = re.compile(r"(localhost|127\.[\d.]+|::1|0\.0\.0\.0|host\.docker\.internal)\Z")
_SUBSTITUTED = re.compile(r"\$\(|`|<\(")
_MAX_STAGES = 12
_CARRIERS = frozenset("scp sftp rsync rclone aws gsutil croc transfer gcloud s3cmd mc az".split())  # noqa: SIM905
_MAILERS = frozenset(("mail", "mailx", "s-nail", "mutt", "msmtp", "swaks", "sendmail"))


def sends(call: Call, verdict: Verdict, judge: Judge) -> None:
    """Flags a call that sends: `upload` for any local data, `exfiltration` for secrets and for what is dropped."""
    if call.name not in SENDERS:
        return
    texts = call.texts()
    sources = _sources(call.simple, judge)
    inner = _inside(call.simple, judge)
    uploads = call.name in ("curl", "wget") and (call.has(*_UPLOADS) or any(map(_LOCAL.match, texts)))
    piped = call.simple.stdin.kind in ("pipe", "file") and call.name in _SOCKETS | {"ssh"}
    if uploads or piped:
        verdict.flags["upload"] = None
    if (
        any(_is_secret_source(one, judge) for one in sources + inner)
        or _gives_secret(call)
        or any(
            redirect.operator == "<" and secret(redirect.target.text, redirect.target.glob)
            for one in [call.simple, *sources]
            for redirect in one.redirects
        )
    ):
        verdict.flags["exfiltration"] = None
    if _mails_secret(call):
        verdict.flags["exfiltration"] = None
    remote = [host for host in verdict.hosts if not _HOME_HOST.match(host)]
    if uploads and any(map(_DROPS.match, remote)):
        verdict.flags["exfiltration"] = None
    if remote and call.name in ("curl", "wget", "http", "https", "xh") and any(map(_shown_secret, *_with_before(call))):
        verdict.flags["exfiltration"] = None
    if call.name in _RESOLVERS and any(_SUBSTITUTED.search(word.text) and "." in word.text for word in call.args):
        verdict.flags["exfiltration"] = None
    if (uploads or piped) and remote and any(dumps(one, call.name == "ssh") for one in sources):
        verdict.flags["exfiltration"] = None
    if _is_whole(call):
        verdict.flags["exfiltration"] = None
    if call.name in _STREAMS and any(map(_is_typed_into, sources)):
        verdict.flags["remote-shell"] = None
    fed = (call.name in _SOCKETS or (call.name == "openssl" and "s_client" in texts)) and not _is_local(call)
    if fed and ((call.simple.stdin.kind == "file" and call.name != "openssl") or any(map(_reads_files, sources))):
        verdict.flags["exfiltration"] = None


def _mails_secret(call: Call) -> bool:
    """A secret among what a mail or a session of a file client carries: its words, its text, the file it reads."""
    if call.name not in _MAILERS and call.name not in ("sftp", "ftp", "lftp", "smbclient"):
        return False
    said = [call.simple.stdin.text, *(() if call.name in ("sftp", "ftp") else call.texts())]
    said += [one.target.text for one in call.simple.redirects if one.operator == "<"] if call.name in _MAILERS else []
    return any(secret(word) or holds(word) or private(word) for text in said for word in text.split())


def _with_before(call: Call) -> tuple[list[Word], list[str]]:
    return call.args, ["", *call.texts()]


def _shown_secret(word: Word, before: str) -> bool:
    """Whether a secret of the environment stands in a URL or in data; a header is where it belongs."""
    kept = before in (
        "-H",
        "--header",
        "-u",
        "--user",
        "--oauth2-bearer",
        "-A",
        "-a",
        "--auth",
    ) or word.text.startswith(("-H", "--header"))
    return not kept and word.dynamic and shows(word.text) and "uthorization:" not in word.text


def _sources(simple: Simple, judge: Judge) -> list[Simple]:
    """All commands whose output reaches this one through pipes."""
    found: list[Simple] = []
    todo, seen = judge.feeders(simple) if simple.stdin.kind == "pipe" else [], set[int]()
    while todo and len(seen) < _MAX_STAGES:
        one = todo.pop()
        if one.start not in seen:
            seen.add(one.start)
            found.append(one)
            todo.extend(judge.feeders(one) if one.stdin.kind == "pipe" else [])
    return found


def _inside(simple: Simple, judge: Judge) -> list[Simple]:
    """Commands in substitutions among a command's words."""
    if not any(word.dynamic and _SUBSTITUTED.search(word.text) for word in simple.words):
        return []
    end = simple.start + len(simple.source.encode())
    return [other for other in judge.script.commands if simple.start < other.start < end]


def _is_secret_source(simple: Simple, judge: Judge) -> bool:
    if not simple.words:
        return any(redirect.operator == "<" and secret(redirect.target.text) for redirect in simple.redirects)
    name = simple.words[0].text.rpartition("/")[2]
    call = Call(name, simple.words[1:], simple)
    if name in ("env", "history") and not simple.words[1:]:
        return True
    if name in ("tar", "zip", "gpg", "7z", "cp", "cat", "sudo") and any(
        secret(w.text, w.glob) for w in simple.words[1:]
    ):
        return True
    if name in ("cat", "head", "tail", "base64", "tar", "gzip", "xxd", "zip") and any(
        private(w.text) for w in simple.words
    ):
        return True
    return reads_secret(call, judge) or shows_environment(name, call.args)


def _gives_secret(call: Call) -> bool:
    """A secret file among what is sent: `curl -d @.env`, `scp .env host:`, `rsync ~/.ssh host:`."""
    if call.name in ("curl", "wget", "http", "https", "xh", "httpie"):
        found = [_LOCAL.match(text) for text in call.texts()]
        named = [next(part for part in match.groups() if part) for match in found if match]
        after = [
            b
            for a, b in zip(call.texts(), call.texts()[1:], strict=False)
            if a in ("-T", "--upload-file", "--post-file")
        ]
        said = [text.partition(";")[0] for text in named + after]
        return any(
            secret(text) or ((private(text) or holds(text) or carries(text)) and not _is_local(call)) for text in said
        )
    if call.name in _CARRIERS:
        operands = call.operands(
            ("-i", "-e", "-P", "-o", "-F", "-J", "--profile", "--exclude", "--include", "--region")
        )
        local = operands[:-1] if len(operands) > 1 and call.name != "az" else operands
        return any(secret(word.text, word.glob) or holds(word.text) for word in local if ":" not in word.text)
    return False


_STORES = re.compile(r"(?:s3|gs|b2|az|https?|[\w-]+)::?(?://)?", re.ASCII)
_SENDING = {
    "aws": ("sync", "cp", "mv"), "gsutil": ("rsync", "cp", "mv"), "gcloud": ("cp", "rsync"),
    "rclone": ("copy", "sync", "move"),
    "s3cmd": ("sync", "put"), "mc": ("mirror", "cp"), "mcli": ("mirror", "cp"), "azcopy": ("copy", "sync"),
    "az": ("upload-batch",),
}  # fmt: skip


def _is_whole(call: Call) -> bool:
    """Whether a folder with everything in it goes to a store elsewhere: `aws s3 sync . s3://x`, `rclone copy ~ x:`."""
    texts = call.texts()
    chosen = any(text.startswith(("--exclude", "--include", "-x", "--filter")) for text in texts)
    operands = [word.text for word in call.operands(("--profile", "--region", "-s", "-d"))]
    told = _SENDING.get(call.name, ())
    if chosen or not told or not any(text in told for text in operands):
        return False
    paths = operands[next(at for at, text in enumerate(operands) if text in told) + 1 :]
    return len(paths) > 1 and whole(paths[0]) and _STORES.match(paths[-1]) is not None


def _is_typed_into(simple: Simple) -> bool:
    """Whether it is a shell whose program comes from its input, of which the other side may be the source."""
    words = [word.text for word in simple.words]
    reads = simple.stdin.kind in ("pipe", "file", "dynamic") or any(one.operator == "<" for one in simple.redirects)
    return bool(words) and words[0].rpartition("/")[2] in SHELLS and reads and all(w.startswith("-") for w in words[1:])


def _is_local(call: Call) -> bool:
    named = [host for host in hosts(call.texts()) if "." in host or host == "localhost" or ":" in host]
    if named and all(map(_HOME_HOST.match, named)):
        return True
    return any(_HOME_HOST.match(text.lower()) for text in call.texts())


def _reads_files(simple: Simple) -> bool:
    name = simple.words[0].text if simple.words else ""
    return name in (
        "cat",
        "tar",
        "zip",
        "gzip",
        "dd",
        "base64",
        "xxd",
        "pg_dump",
        "mysqldump",
        "find",
        "head",
        "tail",
        "openssl",
        "git",
    )
