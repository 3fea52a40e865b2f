"""Text for cmd.exe: recognised, not fully read. One operation of protocol `shell` a statement, with the flag `cmd`.

`del /s`, `rd /s` and `format` carry their flags; words that variables or `for` decide make a statement dynamic or not
understood. Programs that are no commands of cmd are judged as in a shell.
"""

from __future__ import annotations

import re

from interlock.commands.language import Language
from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_secrets import secret
from interlock.commands.shell_windows import Statement, Syntax, gone_to, judged, of_system, statements
from interlock.commands.shell_words import Word
from interlock.model import Operation
from interlock.ports import Analyse

__all__ = ["PART"]

_SYNTAX = Syntax("^", '"', "&|()\n", "%!")
_READS_TEXT = """
dir type echo cd chdir more find findstr where set ver vol tree fc comp sort cls title rem pause exit setlocal
endlocal goto timeout whoami hostname systeminfo tasklist ipconfig path prompt color chcp driverquery help verify
pushd popd
"""
_READS = frozenset(_READS_TEXT.split())
_WRITES_TEXT = """
copy xcopy robocopy move ren rename mkdir md mklink attrib replace expand compact taskkill
"""
_WRITES = frozenset(_WRITES_TEXT.split())
_ADMINS_TEXT = """
reg schtasks net sc icacls takeown cacls bcdedit vssadmin wmic netsh shutdown setx assoc ftype runas at gpupdate
wevtutil diskpart bootcfg fsutil cipher chkdsk sfc dism certutil bitsadmin mshta rundll32 regsvr32 cscript wscript
msiexec start for call
"""
_ADMINS = frozenset(_ADMINS_TEXT.split())
_SETS = re.compile(r"(?:\A\s*|[&|(\n][^\S\n]*)set\s+\"?(\w{1,60})=([^&|\n\"]{0,200})", re.IGNORECASE)
_MAX_VARIABLES, _MAX_FILLED = 20, 1 << 16
_CHANGERS = frozenset("del erase rd rmdir move ren rename copy attrib".split())  # noqa: SIM905
_UNREAD = frozenset("for call start mshta rundll32 regsvr32 cscript wscript certutil bitsadmin wmic forfiles".split())  # noqa: SIM905


def _analyse(text: str, dialect: str, nest: Analyse) -> tuple[Operation, ...]:
    del dialect
    filled = _filled(text)
    found = statements(filled, _SYNTAX)
    if filled != text:
        _settle(found, statements(text, _SYNTAX))
    for statement in found:
        statement.words = _unwrapped(statement.words)
    gone_to(found, _CHANGERS)
    return judged([one for one in found if one.words], text, _judge, nest, "cmd")


def _settle(found: list[Statement], written: list[Statement]) -> None:
    """Offsets in the text as it was written: what variables filled in makes no statements, only longer ones."""
    for number, statement in enumerate(found if written else ()):
        statement.start = written[min(number, len(written) - 1)].start


def _filled(text: str) -> str:
    """The text with the variables that it sets itself in their places."""
    for name, value in _SETS.findall(text)[:_MAX_VARIABLES]:
        parts = re.split(rf"%{re.escape(name)}%", text, flags=re.IGNORECASE)
        text = value.join(parts)
        if len(text) > _MAX_FILLED:
            break
    return text


def _unwrapped(words: list[Word]) -> list[Word]:
    """Without `@`, `if exist x` and `else` before the command."""
    while words:
        first = words[0].text.lower()
        if first == "else" or (first in ("do", "call") and len(words) > 1 and words[1].text[0:1] != ":"):
            words = words[1:]
        elif first == "if":
            at = 2 if len(words) > 1 and words[1].text.lower() == "not" else 1
            step = 2 if len(words) > at and words[at].text.lower() in ("exist", "defined", "errorlevel") else 1
            words = words[at + step :]
        elif first.startswith("@") and len(first) > 1:
            words = [Word(words[0].text[1:], words[0].dynamic), *words[1:]]
        elif _PROMPT.fullmatch(first):
            words = [Word("start"), Word("cmd"), *words[1:]]  # not read as cmd itself: the variable may hold another
        else:
            break
    return words


def _judge(call: Call, verdict: Verdict, statement: Statement, nest: Analyse) -> bool:
    glued = re.match(r"(del|erase|rd|rmdir|echo|cd|type|dir)([/.\\].*)\Z", statement.words[0].text, re.IGNORECASE)
    if glued:
        call.name, call.args = glued[1].lower(), [Word(glued[2]), *call.args]
    name = call.name
    switches = {switch.lower() for word in call.args for switch in re.findall(r"/[a-zA-Z]+", word.text)}
    if name in ("del", "erase", "rd", "rmdir"):
        _deletes(call, switches, verdict)
    elif name in ("format", "diskpart"):
        verdict.at_least("destroy", "system-path")
    elif name == "forfiles" and (said := _said_after(call, "/c")):
        verdict.unknown("runs-other-program")
        verdict.nested += nest(said, "cmd")
        if re.search(r"\b(?:del|erase|rd|rmdir)\b", said, re.IGNORECASE):
            verdict.at_least("destroy", "recursive-delete" if "/s" in switches else "wide-delete")
    elif name == "start" and _PAGE.fullmatch(_started(call, statement)):
        verdict.at_least("network")  # a browser shows it
    elif name in _UNREAD:
        fetched = any("://" in word.text for word in call.args)
        verdict.unknown("runs-other-program", *(["download-and-run"] if fetched else []))
        if name == "start" and (said := _started(call, statement)):
            verdict.nested += nest(said, "cmd")
    elif name in _ADMINS:
        verdict.at_least("admin")
    elif name in _WRITES:
        verdict.at_least("write")
        if any(_LOGIN.search(word.text) for word in call.args):
            verdict.at_least("admin", "system-path")
        if name == "robocopy" and switches & {"/mir", "/purge", "/move"}:
            verdict.at_least("destroy", "recursive-delete")
    elif name in _READS:
        if any(secret(word.text.replace("\\", "/")) for word in call.args):
            verdict.flags["secret-read"] = None
        if any(">" in word.text for word in call.args):
            verdict.at_least("write", "overwrite")
    elif not re.match(r"[\w.+-]+\Z", name) or name.endswith((".bat", ".cmd", ".vbs", ".js", ".ps1")):
        verdict.unknown("runs-other-program")
    else:
        return False
    return True


def _deletes(call: Call, switches: set[str], verdict: Verdict) -> None:
    verdict.at_least("write", "delete")
    if "/s" in switches:
        verdict.at_least("destroy", "recursive-delete")
    if any("*" in word.text or word.dynamic for word in call.args):
        verdict.at_least("destroy", "wide-delete")
    if any(of_system(word.text) for word in call.args):
        verdict.at_least("admin", "system-path")


_LOGIN = re.compile(r"\\Start Menu\\Programs\\Startup|\\\.ssh\\authorized_keys", re.IGNORECASE)
"""What runs, or lets somebody in, at every login."""


_PROMPT = re.compile(
    r"[%!]comspec[%!]|(?:%(?:systemroot|windir)%|[a-z]:\\windows)\\sys\w+\\cmd(?:\.exe)?", re.IGNORECASE
)
_PAGE = re.compile(r"https?://[\w.:@-]+(?:/[\w./?=&#+~-]*)?", re.IGNORECASE | re.ASCII)
_TAKES_WORD = frozenset(("/d", "/node", "/affinity", "/machine"))


def _started(call: Call, statement: Statement) -> str:
    """The command behind `start`, its title in quotes and its options; "" where there is none."""
    texts = call.texts()
    if re.match(r"\S{0,300}start(?:\.exe)?\s+\"", statement.source, re.IGNORECASE):
        texts = texts[1:]
    while texts and texts[0].startswith("/"):
        texts = texts[2 if texts[0].lower() in _TAKES_WORD else 1 :]
    return " ".join(texts)


def _said_after(call: Call, switch: str) -> str:
    """The text behind a switch; "" where there is none."""
    texts = call.texts()
    at = next((place for place, text in enumerate(texts) if text.lower() == switch), len(texts))
    return texts[at + 1] if at + 1 < len(texts) else ""


PART = Language("cmd", _analyse, unknown_action="unknown")
