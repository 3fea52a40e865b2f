"""PowerShell: recognised, not fully read. One operation of protocol `shell` a statement, with the flag `powershell`.

Cmdlets that read, write, delete or reach the network are known by name and alias; `Remove-Item -Recurse` carries
recursive-delete, `Invoke-Expression` and calls of what a text computes are not understood (with download-and-run where
the text also downloads), `-EncodedCommand` is decoded. Programs that are no cmdlets are judged as in a shell. All else
is unknown.
"""

from __future__ import annotations

import re
from dataclasses import replace

from interlock.commands.language import Language
from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_http import http_operation
from interlock.commands.shell_secrets import secret
from interlock.commands.shell_windows import Statement, Syntax, gone_to, judged, of_system, statements
from interlock.model import Operation
from interlock.ports import Analyse

__all__ = ["PART"]

_SYNTAX = Syntax("`", "'\"", ";|&{}()\n", "$", "#")
_ALIASES_TEXT = """
rm=remove-item ri=remove-item del=remove-item erase=remove-item rd=remove-item rmdir=remove-item
iex=invoke-expression iwr=invoke-webrequest irm=invoke-restmethod curl=invoke-webrequest wget=invoke-webrequest
gc=get-content cat=get-content type=get-content ls=get-childitem dir=get-childitem gci=get-childitem cp=copy-item
copy=copy-item cpi=copy-item mv=move-item move=move-item mi=move-item ren=rename-item rni=rename-item
echo=write-output write=write-output sc=set-content ac=add-content ni=new-item mkdir=new-item md=new-item
saps=start-process start=start-process kill=stop-process spps=stop-process gps=get-process ps=get-process
icm=invoke-command sal=set-alias nal=new-alias cd=set-location sl=set-location chdir=set-location pwd=get-location
gl=get-location select=select-object where=where-object ?=where-object foreach=foreach-object %=foreach-object
sort=sort-object measure=measure-object ft=format-table fl=format-list gm=get-member tee=tee-object
sls=select-string clc=clear-content ipmo=import-module sleep=start-sleep clear=clear-host diff=compare-object
group=group-object gcm=get-command gsv=get-service h=get-history history=get-history man=get-help
"""
_ALIASES = dict(pair.split("=") for pair in _ALIASES_TEXT.split())
_READS = re.compile(
    r"(get-(?!credential|secret)\w+|test-path|test-json|select-\w+|where-object|foreach-object|sort-object|measure-\w+|format-(?!volume)\w+"
    r"|out-(string|host|null|default)|write-(host|output|verbose|warning|error|information|progress|debug)|convertto-\w+|convertfrom-\w+"
    r"|compare-object|group-object|resolve-path|split-path|join-path|set-location|push-location|pop-location|start-sleep|clear-host"
    r"|if|else|elseif|foreach|for|while|try|catch|finally|return|switch|param|function|in|exit|break|continue|\$?true|\$?false|\d+)\Z"
)
_WRITES = re.compile(r"(new-item|set-content|add-content|out-file|copy-item|move-item|rename-item|tee-object|export-\w+"
                     r"|new-itemproperty"
                     r"|compress-archive|expand-archive|set-variable|new-variable|new-guid|new-temporaryfile"
                     r"|stop-process)\Z")  # fmt: skip
_ADMINS = re.compile(
    r"(set-executionpolicy|(start|stop|restart|set|new|remove|suspend|resume)-service|(new|set|remove|enable|disable)-local\w+|set-acl"
    r"|register-\w+|unregister-\w+|(set|add|remove)-mppreference|(enable|disable|install|uninstall)-\w+|(stop|restart)-computer|set-itemproperty"
    r"|netsh|reg|schtasks|bcdedit|vssadmin|wevtutil|takeown|icacls|net|sc|set-netfirewall\w+|new-netfirewall\w+|add-windows\w+)\Z"
)
_DESTROYS = re.compile(
    r"(format-volume|clear-disk|initialize-disk|remove-partition|clear-content|clear-recyclebin|remove-(?!item\Z|variable\Z|module\Z)\w+)\Z"
)
_NETWORK = re.compile(r"(test-netconnection|test-connection|resolve-dnsname|start-bitstransfer|send-mailmessage)\Z")
_DOWNLOADS = re.compile(
    r"download(string|file|data)|invoke-webrequest|invoke-restmethod|\b(iwr|irm|curl|wget)\b|bitstransfer|webclient",
    re.IGNORECASE,
)
_DELETIONS = re.compile(
    r"Directory\]?::Delete|\.Delete\(\s*\$true|RemoveDirectory|"
    r"(?:\brem?[\w*?]{0,40}-?i?[\w*?]{0,40}tem|\b(?:rm|ri|rd|del|rmdir|erase))['\"]?\b.{0,200}\s-r|\b(?:rd|rmdir|del|erase)\b[^\n|;]{0,80}/s\b",
    re.IGNORECASE | re.DOTALL,
)
"""What speaks of a deletion of folders where a command is put together."""
_TYPED_INTO = re.compile(
    r"Sockets\.(?:TcpClient|Socket|UdpClient)\b.{0,400}?\.(?:GetStream|Receive)\s*\(", re.IGNORECASE | re.DOTALL
)
"""A connection that something is read from; one that is only opened is how people see whether a port answers."""
_SENDS = re.compile(
    r"\.Upload(?:File|String|Data)\w*\s*\([^)\n]{0,300}(?:\.ssh|\.aws|id_rsa|id_ed25519|credentials|\.env\b|\.kdbx|\.pem)",
    re.IGNORECASE,
)
_SPOKEN = {"recursive-delete": _DELETIONS, "network-socket": _TYPED_INTO, "exfiltration": _SENDS}
_LOGIN = re.compile(r"\$profile\b|\\Start Menu\\Programs\\Startup|\\\.ssh\\authorized_keys", re.IGNORECASE)
"""What runs, or lets somebody in, at every login."""
_HOME = re.compile(r"//(?:localhost|127\.[\d.]+|\[::1\])(?:[:/]|\Z)", re.IGNORECASE)
_MAX_SPOKEN = 1 << 13
_OPERATORS = re.compile(
    r"-[ci]?(eq|ne|gt|lt|ge|le|like|notlike|match|notmatch|contains|notcontains|in|notin|and|or|not|xor|replace|split"
    r"|join|is|isnot|as|f|band|bor|bxor|bnot|shl|shr)\Z"
)
_CHANGERS = frozenset("remove-item rm ri del erase rd rmdir move-item mv mi move rename-item ren rni".split())  # noqa: SIM905
_CMDLET = re.compile(r"[a-z]+-[a-z]++\w*+\Z")
_ASSIGNS = re.compile(r"\$[\w:]+\s*=(?!=)")


def _analyse(text: str, dialect: str, nest: Analyse) -> tuple[Operation, ...]:
    del dialect
    found = statements(text, _SYNTAX)
    gone_to(found, _CHANGERS)
    done = judged(found, text, _judge, nest, "powershell")
    unread = any(one.action == "unknown" for one in done)
    said = [flag for flag, spoken in _SPOKEN.items() if unread and spoken.search(text[:_MAX_SPOKEN])]
    return tuple(_spoken(one, said) for one in done) if said else done


def _spoken(operation: Operation, said: list[str]) -> Operation:
    """A command whose name only the run decides does what the text around it speaks of."""
    flags = operation.arguments["flags"]
    if operation.action != "unknown" or not isinstance(flags, list):
        return operation
    return replace(operation, arguments={**operation.arguments, "flags": [*flags, *said]})


def _judge(call: Call, verdict: Verdict, statement: Statement, nest: Analyse) -> bool:
    first = statement.words[0].text
    name = call.name = call.name if first.lower().endswith(".exe") else _ALIASES.get(call.name, call.name)
    if name.startswith("-") and not _OPERATORS.match(name):
        verdict.unknown("dynamic")  # it follows what parentheses have found
    elif (
        "[" in first
        or "::" in first
        or ".." in first
        or name in (".", "invoke-expression", "add-type", "invoke-command", "new-object")
    ):
        _computed(call, verdict)
    elif name == "remove-item":
        _removes(call, verdict, statement)
    elif name in ("invoke-webrequest", "invoke-restmethod"):
        _requests(call, verdict, statement.source)
    elif name == "start-process":
        verdict.unknown("runs-other-program")
    elif _DESTROYS.match(name):
        verdict.at_least("destroy")
    elif _ADMINS.match(name):
        verdict.at_least("admin")
    elif _NETWORK.match(name):
        verdict.at_least("network")
    elif _WRITES.match(name):
        verdict.at_least("write")
        if any(secret(word.text.replace("\\", "/")) for word in call.args):
            verdict.flags["secret-read"] = None
        if any(_LOGIN.search(word.text) for word in call.args):
            verdict.at_least("admin", "system-path")
    elif _READS.match(name):
        if any(secret(word.text.replace("\\", "/")) for word in call.args):
            verdict.flags["secret-read"] = None
    elif _CMDLET.match(name) or not re.match(r"[\w.+-]+\Z", name):
        _computed(call, verdict)
    else:
        return False
    return True


def _computed(call: Call, verdict: Verdict) -> None:
    verdict.unknown("runs-other-program")
    if _DOWNLOADS.search(call.simple.source):
        verdict.flags["download-and-run"] = None


def _removes(call: Call, verdict: Verdict, statement: Statement) -> None:
    if any(re.match(r"-wh?a?t?i?f?\Z|-whatif:\$true\Z", word.text, re.IGNORECASE) for word in call.args):
        return  # it only says what it would do
    verdict.at_least("write", "delete")
    if any(of_system(word.text) for word in call.args):
        verdict.at_least("admin", "system-path")
    if statement.piped and not call.operands():
        deep = re.search(r"\s-r(ec\w*)?\b", call.simple.source[:_MAX_SPOKEN], re.IGNORECASE)
        verdict.at_least("destroy", "wide-delete", *(["recursive-delete"] if deep else []))
    if any(re.match(r"-r", word.text, re.IGNORECASE) or word.text.lower() == "/s" for word in call.args):
        verdict.at_least("destroy", "recursive-delete")
    if any("*" in word.text or word.dynamic for word in call.args) or not call.args:
        verdict.at_least("destroy", "wide-delete")


def _requests(call: Call, verdict: Verdict, source: str) -> None:
    verdict.at_least("network")
    named = {call.args[at].text.lower(): word for at, word in enumerate(call.args[1:])}
    method = named.get("-method")
    url = named.get("-uri") or next((word for word in call.args if "://" in word.text), None)
    if url is not None:
        verb = "get" if method is None else "unknown" if method.dynamic else method.text
        verdict.nested.append(http_operation(verb, url.text, dynamic=url.dynamic, source=source))
        if verb.lower() == "delete" and not _HOME.search(url.text):
            verdict.flags["http-delete"] = None
    if "-body" in named or "-infile" in named:
        verdict.flags["upload"] = None
        sent = [named[option].text.replace("\\", "/") for option in ("-body", "-infile") if option in named]
        if any(map(secret, sent)):
            verdict.flags["exfiltration"] = None
    if re.search(r"\|\s*(iex|invoke-expression|&|\.)", call.simple.source, re.IGNORECASE):
        verdict.flags["download-and-run"] = None


PART = Language("powershell", _analyse, unknown_action="unknown")
