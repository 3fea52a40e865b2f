"""Commands that talk to other machines: what they send, what they bring, and the HTTP request that they are."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_http import http_operation
from interlock.commands.shell_http_sql import carried_sql
from interlock.commands.shell_services import downloads
from interlock.commands.shell_static import static_input
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["network"]

_ODD_SCHEME = re.compile(r"(file|gopher|dict|ldaps?|smbs?|tftp|telnet|scp|sftp|imap|pop3|rtsp)://", re.IGNORECASE)
_CURL_VALUED_TEXT = """
-H --header -d --data --data-raw --data-binary --data-urlencode --data-ascii --json -o --output -X --request -A
--user-agent -u --user -F --form --form-string -T --upload-file -b --cookie -c --cookie-jar -e --referer -w
--write-out -m --max-time --connect-timeout -x --proxy --retry --retry-delay --retry-max-time --cacert --capath
--cert -E --key --resolve -r --range -C --continue-at --limit-rate --interface --url --output-dir -D --dump-header
-P -t -U --proxy-user -y -Y -z --time-cond --oauth2-bearer --aws-sigv4 --ciphers --max-redirs --connect-to --doh-url
--unix-socket --abstract-unix-socket --netrc-file --cert-type --key-type --pass --noproxy --tls-max --trace
--trace-ascii --stderr --variable --expand-url --url-query
"""
_CURL_VALUED = frozenset(_CURL_VALUED_TEXT.split())
_CURL_DATA = ("-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--data-ascii", "--json", "-F",
              "--form", "--form-string")  # fmt: skip
_WGET_VALUED_TEXT = """
-O --output-document -o --output-file -a -P --directory-prefix -U --user-agent --header --post-data --post-file
--method --body-data --body-file -t --tries -T --timeout -w --wait -Q --quota -A -R -D -I -X -l --level -i
--input-file -e --user --password --limit-rate --ca-certificate --certificate --private-key --referer --http-user
--http-password --load-cookies
"""
_WGET_VALUED = frozenset(_WGET_VALUED_TEXT.split())
_VERB = re.compile(r"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\Z", re.IGNORECASE)
_HTTPIE = frozenset(("http", "https", "httpie", "xh", "xhs"))
_HOME_HOST = re.compile(r"(localhost|127\.[\d.]+|::1|0\.0\.0\.0|host\.docker\.internal)?\Z")
_MAX_URLS = 50
_CONFIG_LINE = re.compile(
    r"^[ \t]*(-{0,2}[A-Za-z][\w-]*)[ \t]*[=: \t]?[ \t]*([^ \t\n]*(?:[ \t]+[^ \t\n]+)*+)[ \t]*$", re.MULTILINE
)
_EMPTIES = re.compile(r"\b(?:flush_all|flushall|flushdb)\b", re.IGNORECASE)
"""What tells a cache over a plain connection to forget everything."""


def network(call: Call, verdict: Verdict, judge: Judge) -> None:
    """A call of one of these."""
    verdict.at_least("network")
    if call.has("--unix-socket", "--abstract-unix-socket") or any(_ODD_SCHEME.match(text) for text in call.texts()):
        verdict.unknown()
    if (
        any("docker.sock" in text or "containerd.sock" in text for text in call.texts())
        and _curl_method(call).text.lower() != "get"
    ):
        verdict.at_least("admin", "host-access")
    downloads(call, verdict, judge)
    if call.name in ("nc", "ncat", "netcat", "telnet") and _EMPTIES.search((static_input(call, judge) or "")[:4096]):
        verdict.at_least("destroy", "destroys")
    if call.name == "curl" and (configured := _configured(call)):
        simple = call.after(0)
        simple.words = [Word("curl"), *configured]
        verdict.nested += judge.judge(simple)
    for text in carried_sql(call):
        verdict.nested += judge.nest(text, "sql")
    if call.name == "curl":
        _requests(call, verdict, _curl_method(call), _urls(call, _CURL_VALUED, "--url"))
    elif call.name == "wget":
        _requests(call, verdict, _wget_method(call), _urls(call, _WGET_VALUED, ""))
    elif call.name in _HTTPIE:
        _httpie(call, verdict)


def _configured(call: Call) -> list[Word]:
    """The options that `curl -K -` reads from text that is known: a line each, `name = value` or `-d value`."""
    given = any(b.text in ("-", "/dev/stdin") for a, b in pairwise(call.args) if a.text in ("-K", "--config"))
    stdin = call.simple.stdin
    if not given or stdin.kind not in ("text", "dynamic"):
        return []
    found: list[Word] = []
    for name, value in _CONFIG_LINE.findall(stdin.text)[:_MAX_URLS]:
        if name.lstrip("-") not in ("config", "K"):
            option = name if name.startswith("-") else f"--{name}"
            found += [Word(option), *([Word(value.strip('" ;'), stdin.kind == "dynamic")] if value else [])]
    return found


def _requests(call: Call, verdict: Verdict, method: Word, urls: list[Word]) -> None:
    verb = "unknown" if method.dynamic else method.text
    for url in urls[:_MAX_URLS]:
        verdict.nested.append(http_operation(verb, url.text, dynamic=url.dynamic, source=call.simple.source))
    hosts = [str(one.arguments.get("host", "")) for one in verdict.nested if one.protocol == "http"]
    if verb.lower() == "delete" and not all(map(_HOME_HOST.match, hosts)):
        verdict.flags["http-delete"] = None


def _value(call: Call, short: str, long: str) -> Word | None:
    """The word that an option is given, apart, glued or behind `=`; the last one counts."""
    found: Word | None = None
    for before, word in pairwise([Word(""), *call.args]):
        if before.text == long or (
            short and re.fullmatch(rf"-[a-zA-Z#0-9]*{short[1]}", before.text) and before.text[1] != "-"
        ):
            found = word
        glued = (
            re.match(rf"(?:{re.escape(long)}=|{short}(?=.)|-[fsSkLvgijlnNIRGa#]+{short[1:2]}(?=.))(.+)", word.text)
            if short
            else None
        )
        if glued or word.text.startswith(long + "="):
            found = Word(glued[1] if glued else word.text.partition("=")[2], word.dynamic)
    return found


def _curl_method(call: Call) -> Word:
    named = _value(call, "-X", "--request")
    if named is not None:
        return Word(named.text.removeprefix("="), named.dynamic)
    if call.has("-I", "--head"):
        return Word("head")
    if call.has("-T", "--upload-file"):
        return Word("put")
    names = [word.text.partition("=")[0] for word in call.args]
    sends = any(name in _CURL_DATA or re.match(r"-[a-zA-Z]+(?<=[dF])|-[dF]", name) for name in names)
    return Word("post" if sends and not call.has("-G", "--get") else "get")


def _wget_method(call: Call) -> Word:
    named = _value(call, "", "--method")
    if named is not None:
        return named
    if call.has("--post-data", "--post-file"):
        return Word("post")
    return Word("head" if call.has("--spider") else "get")


def _urls(call: Call, valued: frozenset[str], option: str) -> list[Word]:
    found = call.operands(valued)
    letters = "".join(one[1] for one in valued if len(one) == 2)
    bundled = re.compile(rf"-[fsSkLvgijlnNIRGa#qcO]*[{letters}]\Z")
    skip = {id(after) for before, after in pairwise(call.args) if bundled.match(before.text) and len(before.text) > 2}
    found = [word for word in found if id(word) not in skip]
    if option:
        found += [word for before, word in pairwise(call.args) if before.text == option]
        found += [
            Word(word.text.partition("=")[2], word.dynamic) for word in call.args if word.text.startswith(option + "=")
        ]
    return [word for word in found if word.text]


def _httpie(call: Call, verdict: Verdict) -> None:
    """`http POST host/path name=value`: a method, a URL, items; with items and no method it is a POST."""
    operands = call.operands(
        ("-a", "--auth", "-A", "-o", "--output", "--session", "--timeout", "-p", "--print", "--verify")
    )
    method = operands.pop(0) if operands and _VERB.match(operands[0].text) else None
    if not operands:
        return
    items = [word for word in operands[1:] if "=" in word.text.replace("==", "")]
    sends = items or "@" in "".join(word.text for word in operands[1:])
    url = operands[0]
    url = Word("localhost" + url.text, url.dynamic) if url.text.startswith((":", "/")) else url
    _requests(call, verdict, method or Word("post" if sends else "get"), [url])
