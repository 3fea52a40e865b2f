"""Interpreters of other languages: a script file is opaque, text is unknown unless it only computes."""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_files import touch
from interlock.commands.shell_foreign import says_destruction
from interlock.commands.shell_one_liners import one_liner, split_text
from interlock.commands.shell_python import python_text
from interlock.commands.shell_static import static_input
from interlock.commands.shell_suspect import program_suspicions, suspicions
from interlock.commands.shell_tables import ADMIN, BUILDERS, NETWORK, READERS, WRITERS
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["interpreter", "program_text", "read_from", "run_file", "run_script"]

_NEVER = re.compile(r"(?!)")
_TEXT_ANYWHERE = {
    "deno": re.compile(r"\A\0(eval|repl)\b|\0[a-z]+://"),
    "lldb": re.compile(r"\0-"),
    "gdb": re.compile(r"\0--?(ex|iex|eval-command|init-eval-command|command|init-command|x|ix)\b"),
}
"""Words that hold a program, or name one that nobody has seen, wherever they stand."""
_LOOKS = re.compile(
    r"(run|r|start|continue|c|next|n|step|s|finish|bt( full)?|backtrace|where|quit|q|frame( \d+)?|up|down|info [\w ]+"
    r"|list( [\w.:]+)?|thread apply all (bt|backtrace)( full)?|(b|break|tbreak) [\w.:]+|(p|print|display)(/\w)? \$?\w+"
    r"|x/\w+ \$\w+|set (pagination|confirm|logging) \w+|disassemble( \w+)?)\Z"
)
"""Commands of gdb that call no function and start no other program."""
_OPAQUE_TEXT = frozenset("timeit pdb code asyncio idlelib idlelib.idle profile cProfile.run".split())  # noqa: SIM905
"""Modules of Python that run text from their words or from standard input."""
_INIT = re.compile(r"/etc/(?:init\.d|rc\.d(?:/init\.d)?)/[\w.-]+\Z", re.ASCII)
"""Scripts that start and stop the services of a machine."""


def interpreter(call: Call, verdict: Verdict, judge: Judge) -> None:
    """An interpreter of another language: a script file is opaque, text is unknown unless it only computes."""
    verdict.paths = []
    args = call.texts()
    if args and args[0] in ("--version", "-V", "--help", "-v") and len(args) == 1:
        return
    if re.match(r"python|pypy", call.name):
        _python(call, verdict, judge)
    elif call.name == "php" and args[:1] == ["-S"] and serves_all(call.args):
        verdict.at_least("write", "opaque", "exfiltration")
    elif (call.name == "php" and args[:1] == ["-S"]) or (call.name in ("gdb", "lldb") and _debugs(args)):
        verdict.at_least("write", "opaque")
    elif _TEXT_ANYWHERE.get(call.name, _NEVER).search("\0".join(["", *args])):
        verdict.unknown("runs-other-program", *(["download-and-run"] if any("://" in text for text in args) else []))
    elif args and not args[0].startswith("-"):
        run_script(call.args[0], call, verdict, judge, call.name)
    else:
        _text_options(call, verdict, judge)


def _debugs(args: list[str]) -> bool:
    """Whether gdb or lldb is only told to run a program and to show where it stands."""
    said = [after for before, after in pairwise(args) if re.match(r"--?(ex|eval-command|o|one-line)\Z", before)]
    start = next((at for at, text in enumerate(args) if text in ("--args", "--")), len(args))
    plain = r"--?(ex|eval-command|o|one-line|batch|b|q|nx)\Z"
    rest = [text for text in args[:start] if text not in said and not re.match(plain, text)]
    return bool(said) and all(map(_LOOKS.match, said)) and not any(text.startswith("-") for text in rest)


def run_script(word: Word, call: Call, verdict: Verdict, judge: Judge, language: str) -> None:
    """A script file is run by an interpreter of `language`."""
    verdict.paths = [word.text]
    if word.dynamic or word.text.startswith("-"):
        verdict.unknown("dynamic")
    run_file(word, call, verdict, judge, language)


def run_file(word: Word, call: Call, verdict: Verdict, judge: Judge, language: str = "") -> None:
    """A program or script is run: its content is not seen, unless this very text has written it."""
    path = posixpath.normpath(word.text)
    content = judge.written.content(path)
    verdict.at_least("write")
    if word.dynamic or re.match(r"/dev/(?!shm/)|/proc/", path):
        verdict.unknown("opaque", "dynamic")
    elif path not in judge.written:
        verdict.at_least("write", "opaque")
        if _INIT.match(path) and any(text in ("stop", "force-stop") for text in call.texts()):
            verdict.at_least("admin", "service")
        if call.args and says_destruction([one.text for one in call.args if one.text != word.text]):
            verdict.at_least("destroy", "destroys")
    elif content is None:
        fetched = judge.written.is_fetched(path)
        verdict.unknown("opaque", "download-and-run" if fetched else "written-and-run")
    else:
        verdict.at_least("write", "written-and-run")
        program_text(content, language or _shebang(content), call, verdict, judge)


def program_text(text: str, language: str, call: Call, verdict: Verdict, judge: Judge) -> None:
    """A program whose text is known."""
    if language == "shell":
        verdict.nested += judge.nest(text, "shell") if text.strip() else ()
    elif language.startswith(("python", "pypy")):
        python_text(text, call, verdict, judge)
        if verdict.action == "unknown":
            verdict.flags.update(dict.fromkeys(program_suspicions(text, "python")))
    elif not judge.programs.has_room(text) or not one_liner(language, text, verdict):
        verdict.unknown("runs-other-program", *suspicions(text, language))
    elif _starts(verdict, judge):
        return
    elif judge.written.loaded_by(text):
        verdict.unknown("written-and-run")


def _starts(verdict: Verdict, judge: Judge) -> bool:
    """Judges the programs that a text starts."""
    texts, verdict.texts = verdict.texts, []
    for text in texts:
        found = judge.nest(text, "shell")
        verdict.nested += found
        for one in found:
            verdict.at_least(one.action)
        if any("unknown-command" in str(one.arguments.get("flags")) for each in found for one in each.walk()):
            verdict.unknown("runs-other-program")
    return False


_EVERYTHING = re.compile(r"(?:~|\$HOME|/|/home(?:/[^/]+)?|/root|/Users(?:/[^/]+)?|/etc|~/\.\w+)/?\Z")


def serves_all(words: list[Word]) -> bool:
    """Whether a server hands out a whole home or machine: `-d ~`, `--directory=/`, `-t /`."""
    named = [after.text for before, after in pairwise(words) if before.text in ("-d", "--directory", "-t")]
    named += [word.text.partition("=")[2] for word in words if word.text.startswith("--directory=")]
    return any(map(_EVERYTHING.match, named))


def read_from(call: Call) -> Word | None:
    """The one file that a program is read from: `python - < script.py` is `python script.py`."""
    files = [one.target for one in call.simple.redirects if one.operator == "<"]
    plain = (
        len(files) == 1 and not files[0].dynamic and not files[0].glob and not files[0].text.startswith(("/dev", "<"))
    )
    return files[0] if plain and call.simple.stdin.kind == "file" else None


def _shebang(text: str) -> str:
    found = re.match(r"#!\s*\S*?/?(?:env\s+(?:-S\s+)?)?([\w.]+)(?:\s|\Z)", text)
    name = posixpath.basename(found[1]) if found else "sh"
    return "shell" if name in ("sh", "bash", "dash", "zsh", "ksh") else name


def _python(call: Call, verdict: Verdict, judge: Judge) -> None:
    at = 0
    while at < len(call.args) and call.args[at].text.startswith("-") and call.args[at].text != "-":
        text = call.args[at].text
        following = call.args[at + 1] if at + 1 < len(call.args) else None
        if text in ("-X", "-W"):
            at += 2
        elif re.fullmatch(r"-[BEIOqsSuvbdx]+", text):
            at += 1
        elif text == "-m" and following is not None and not following.dynamic:
            _module(call, at + 1, verdict, judge)
            return
        else:
            glued = re.match(r"-[BEIOqsSu]*c(.*)\Z", text, re.DOTALL)
            program = Word(glued[1], call.args[at].dynamic) if glued and glued[1] else following
            if not glued or program is None or program.dynamic:
                verdict.unknown("runs-other-program")
                if program is None or re.match(r"\s*[$`]", program.text):
                    _piped(call, verdict)
            else:
                python_text(program.text, call, verdict, judge)
            return
    if at < len(call.args) and call.args[at].text not in ("-", "/dev/stdin"):
        run_script(call.args[at], call, verdict, judge, "python")
    else:
        given = static_input(call, judge)
        _piped(call, verdict, given)
        if given is None and (script := read_from(call)) is not None:
            run_script(script, call, verdict, judge, "python")
        elif given is None:
            verdict.unknown("runs-other-program")
        else:
            program_text(given, "python", call, verdict, judge)


def _text_options(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`node -e TEXT`, `perl -ne TEXT file`: harmless forms are told from all the others."""
    text, options, rest = split_text(call)
    stated = all(re.fullmatch(r"--input-type=\w+", one) for one in call.texts())
    if text is None and (stated or [word.text for word in rest] in (["-"], ["/dev/stdin"])):
        rest = []
        text = static_input(call, judge)
        _piped(call, verdict, text)
    if text is None and not rest and call.texts()[-1:] in (["-"], ["/dev/stdin"]):
        _piped(call, verdict)
    if text is None and rest and not any(re.match(r"-\w*i", option) for option in options):
        run_script(rest[0], call, verdict, judge, call.name)
        return
    if text is None and options and options[0] == "--test":
        verdict.at_least("write", "opaque")
        return
    if text is None or not judge.programs.has_room(text) or not one_liner(call.name, text, verdict, options):
        verdict.unknown("runs-other-program", *(suspicions(text, call.name) if text else []))
    elif _starts(verdict, judge):
        pass
    elif judge.written.loaded_by(text):
        verdict.unknown("written-and-run")
    if "-i" in options:
        verdict.at_least("write", "in-place")
        for word in rest:
            touch(word, verdict, judge)
    verdict.paths = [posixpath.normpath(word.text) for word in rest]


def _piped(call: Call, verdict: Verdict, text: str | None = None) -> None:
    targets = [one.target.text for one in call.simple.redirects if one.target.text.startswith("<(")]
    if text is None and (call.simple.stdin.kind == "pipe" or targets):
        verdict.flags["pipe-to-shell"] = None


def _module(call: Call, at: int, verdict: Verdict, judge: Judge) -> None:
    module, rest = call.args[at].text, [word.text for word in call.args[at + 1 :]]
    if module == "json.tool":
        return
    if module == "timeit":
        for word in call.args[at + 1 :]:
            if not re.match(r"-[nrup\d]|\d+\Z", word.text):
                python_text(word.text.removeprefix("-s"), call, verdict, judge)
    elif module in _OPAQUE_TEXT:
        verdict.unknown("runs-other-program")
    elif module == "sqlite3":
        simple = call.after(at)
        simple.words = [Word("sqlite3"), *call.args[at + 1 :]]
        verdict.nested += judge.judge(simple)
    elif module in BUILDERS | WRITERS | READERS | NETWORK | ADMIN:
        verdict.nested += judge.judge(call.after(at))
    elif module in ("http.server", "SimpleHTTPServer", "pyftpdlib", "uploadserver") and serves_all(call.args[at + 1 :]):
        verdict.at_least("write", "opaque", "exfiltration")
    else:
        verdict.at_least("write", "opaque")
        if module in ("zipfile", "tarfile") and rest[:1] and re.match(r"-e|--extract", rest[0]):
            verdict.at_least("admin" if rest[2:3] and not re.match(r"[\w.]", rest[2]) else "write")
