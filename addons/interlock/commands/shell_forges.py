"""gh and glab: what they do at the forge, by topic and verb."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_services import downloads

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["HANDLERS"]

_READS_TEXT = """
list ls view show status diff checks watch browse search view-log trace get
"""
_READS = frozenset(_READS_TEXT.split())
_WORKS_TEXT = """
create new comment note edit update close reopen review ready approve clone checkout co download upload rerun
run fork sync merge rebase link unlink pin unpin lock unlock develop
"""
_WORKS = frozenset(_WORKS_TEXT.split())
_DESTROYS_TEXT = """
delete remove rm archive transfer rename cancel disable purge
"""
_DESTROYS = frozenset(_DESTROYS_TEXT.split())
_ADMIN_TEXT = """
auth secret variable config alias extension ssh-key gpg-key deploy-key codespace cs workflow ruleset attestation
runner token user org project cluster
"""
_ADMIN = frozenset(_ADMIN_TEXT.split())
_ALONE = frozenset(("status", "browse", "search", "version", "help"))


def _forge(call: Call, verdict: Verdict, judge: Judge) -> None:
    verdict.at_least("network")
    words = [word.text for word in call.operands(("-R", "--repo", "-q", "--jq", "--json", "--template", "-t"))]
    topic, verb = (*words, "", "")[:2]
    if any(word.dynamic for word in call.operands()[:2]):
        verdict.unknown("dynamic")
    if topic == "api":
        _api(call, verdict)
    elif topic in ("alias", "extension") and verb not in _READS:
        verdict.unknown("runs-other-program")
    elif verb in _DESTROYS:
        verdict.at_least("destroy")
    elif topic and topic not in _ALONE and verb not in (_READS if topic in _ADMIN else _READS | _WORKS):
        verdict.at_least("admin")
    if topic == "auth" and (verb in ("token", "git-credential") or call.has("-t", "--show-token")):
        verdict.flags["secret-read"] = None
    downloads(call, verdict, judge)


def _api(call: Call, verdict: Verdict) -> None:
    """A request of its own: anything but GET may do anything."""
    texts = call.texts()
    operands = [
        word.text for word in call.operands(("-f", "-F", "-X", "-H", "-q", "--jq", "--method", "--field", "-t"))
    ]
    path = operands[1] if len(operands) > 1 else ""
    if path == "graphql" and _is_query(call):
        return
    methods = [after for word, after in pairwise(texts) if word in ("-X", "--method")]
    methods += [found[1] for text in texts if (found := re.match(r"(?:-X|--method=)(.+)", text))]
    sends = call.has("-f", "-F", "--field", "--raw-field", "--input")
    if any(method.upper() == "DELETE" for method in methods):
        verdict.at_least("destroy")
    elif any(method.upper() not in ("GET", "HEAD") for method in methods) or (sends and not methods):
        talks = _TALK.search(path) and {method.upper() for method in methods} <= {"POST", "PATCH"}
        verdict.at_least("write" if talks else "admin")


_TALK = re.compile(r"^/?(repos|projects)/[^?]*/(comments|replies|reviews|labels|reactions|issues|pulls|notes)(/\d+)?\Z")
"""What people say to each other, as `gh pr comment` does."""


def _is_query(call: Call) -> bool:
    """Whether a GraphQL document is given in the words, and only asks."""
    found = [text.partition("=")[2] for text in call.texts() if re.match(r"(-f|-F|--field=|--raw-field=)?query=", text)]
    fixed = not any(word.dynamic and "query=" in word.text for word in call.args) and not call.has("--input")
    return len(found) == 1 and fixed and bool(re.match(r"\s*(query\b|\{)", found[0])) and "mutation" not in found[0]


HANDLERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {"gh": _forge, "glab": _forge, "hub": _forge}
"""Command name -> judge of its calls."""
