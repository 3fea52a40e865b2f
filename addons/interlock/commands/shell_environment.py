"""Assignments to variables that make a later command run or reach something else."""

from __future__ import annotations

import re

from interlock.commands.shell_call import Verdict
from interlock.commands.shell_tables import HARMFUL_VARIABLES, SYSTEM
from interlock.commands.shell_words import Word

__all__ = ["COMMANDS", "assign"]

_OWN_TOOLS = re.compile(r"(\$PWD|\.)/(node_modules/\.bin|\.venv/bin|venv/bin|vendor/bin)\Z")
"""Where package managers put a project's tools, which may be run by their path too."""
_TRACES = re.compile(r"GIT_(TRACE(_\w+)?|CURL_VERBOSE|OPTIONAL_LOCKS)\Z")
"""They show what git does; another value would be a file to write that into."""
_PRELOADED = re.compile(r"(?:LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES)\Z")
_LIBRARY = re.compile(r"(?:(?:/usr|/opt|/lib)[\w./$+-]*/)?(?:lib[\w.+-]+\.(?:so[\d.]*|dylib))?")
"""A library of the system, or none."""
COMMANDS = re.compile(r"(?:GIT_(?:SSH_COMMAND|SEQUENCE_EDITOR|EDITOR|PAGER)|EDITOR|VISUAL|PAGER|MANPAGER)\Z")
"""Variables whose value a shell runs for the command behind it."""
_HISTORY = re.compile(r"HIST(?:FILE|SIZE|FILESIZE)\Z|SAVEHIST\Z")
_NOWHERE = frozenset(("", "0", "/dev/null", "/dev/zero"))
"""Values by which a shell writes down nothing of what is done in it."""
_STARTED = re.compile(
    r"(?:PYTHONSTARTUP|PYTHONPATH|NODE_OPTIONS|RUBYOPT|RUBYLIB|PERL5OPT|PERL5LIB|BASH_ENV|ENV|JAVA_TOOL_OPTIONS|ZDOTDIR)\Z"
)
_ODD_PLACE = re.compile(r"(?:\A|[\s=:'\"]|-[rMI])(?:/var/tmp|/tmp|/dev/shm)/|https?://")
"""Where no project keeps what its programs begin with."""
_SAFE_VALUES = frozenset(("", "cat", "true", ":", "less", "vim", "vi", "nano"))
_FILES = re.compile(
    r"(MAKEFILES|RIPGREP_CONFIG_PATH|PSQLRC|XDG_CONFIG_HOME|XDG_DATA_HOME|WGETRC|CURL_HOME|OPENSSL_\w+|MYSQL_HOME"
    r"|DOCKER_HOST|DOCKER_CONFIG|AWS_CONFIG_FILE|AWS_ENDPOINT_URL\w*|TERMINFO\w*|LOCPATH|NETRC|ACKRC|SQLITE_\w+)\Z"
)
"""They name files with settings, some of which are programs, or where a command connects to."""
_PROGRAMS = re.compile(r"(CC|CXX|CPP|LD|AR|AS|FC|RUSTC|RUSTDOC|MAKE|GOROOT|JAVA_HOME)\Z")
_NODE_OPTIONS = re.compile(
    r"(?:--(?:max[-_]old[-_]space[-_]size=\d+|experimental-(?:vm-modules|strip-types|global-webcrypto)|no-warnings"
    r"|enable-source-maps|trace-(?:warnings|deprecation|uncaught)|no-deprecation|openssl-legacy-provider|expose-gc"
    r"|stack-trace-limit=\d+|unhandled-rejections=\w+|dns-result-order=\w+)\s*)+"
)
"""Options of node that load nothing."""
_COMPILER = re.compile(
    r"(s?ccache )?([\w./-]*[/-])?(gcc|g\+\+|clang|clang\+\+|cc|c\+\+|ld|lld|mold|ar|as|make|gmake|rustc)(-[\d.]+)?\Z"
)
_JAVA = r"javaagent|-agent|-XX:On"
_OPTIONS = {
    "MAKEFLAGS": r"-E|--eval|-f|--file|=", "GNUMAKEFLAGS": r"-E|--eval|-f|--file|=", "GOFLAGS": r"exec|vettool",
    "RUSTFLAGS": r"linker|plugin|wrapper",
    **dict.fromkeys(("MAVEN_OPTS", "JAVA_OPTS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "GRADLE_OPTS", "SBT_OPTS"), _JAVA),
}  # fmt: skip
"""Options of build tools that would run another program."""


def assign(name: str, value: Word, verdict: Verdict) -> None:
    """One assignment, before a command or on its own."""
    if ("$(" in value.text and not value.dynamic) or ("`" in value.text and not value.dynamic):
        verdict.unknown("dynamic")  # a later arithmetic or prompt expansion would run it
    name = name.partition("[")[0]
    if _PRELOADED.match(name) and not _LIBRARY.fullmatch(value.text):
        verdict.unknown("preloads")
    if _HISTORY.match(name) and value.text in _NOWHERE and not value.dynamic:
        verdict.at_least("write", "traceless")
    if _STARTED.match(name) and _ODD_PLACE.search(value.text):
        verdict.unknown("preloads")
    if name in _OPTIONS:
        if value.dynamic or re.search(_OPTIONS[name], value.text):
            verdict.unknown("environment")
    elif _FILES.match(name) or (_PROGRAMS.match(name) and not _is_plain(name, value)):
        verdict.unknown("environment")
    if not HARMFUL_VARIABLES.match(name) or (_TRACES.match(name) and value.text in ("0", "1", "2", "true")):
        return
    if (name == "PATH" and _extends_path(value.text)) or name == "PYTHONPATH":
        verdict.at_least("write", "environment")
    elif name == "NODE_OPTIONS" and _NODE_OPTIONS.fullmatch(value.text) and not value.dynamic:
        return
    elif not (re.search(r"PAGER|EDITOR|VISUAL", name) and value.text in _SAFE_VALUES and not value.dynamic):
        verdict.unknown("environment")


def _is_plain(name: str, value: Word) -> bool:
    """Whether a variable that names a program names a compiler, or a folder of the system."""
    if value.dynamic or value.text.startswith(("/tmp", "/var/tmp", "/dev", ".")):  # noqa: S108
        return False
    if name in ("GOROOT", "JAVA_HOME"):
        return value.text.startswith(("/usr/", "/opt/", "/Library/", "$HOME/.sdkman/"))
    return bool(_COMPILER.match(value.text))


def _extends_path(value: str) -> bool:
    """Whether a PATH keeps the old one and adds only plain absolute folders."""
    parts = value.strip('"').split(":")
    kept = [part for part in parts if part in ("$PATH", "${PATH}")]
    added = [part for part in parts if part not in ("$PATH", "${PATH}")]
    plain = all(_OWN_TOOLS.match(part) or (re.match(r"(~|\$HOME|/)", part) and not SYSTEM.match("/x" + part))
                for part in added)  # fmt: skip
    return bool(kept) and plain and not any(part.startswith(("/tmp", "/var/tmp", "/dev")) for part in added)  # noqa: S108
