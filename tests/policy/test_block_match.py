"""What a blocklist entry looks for in a command's arguments."""

from __future__ import annotations

import pytest

from interlock.errors import RulesInvalid
from interlock.model import JSON, Operation
from interlock.policy.block_index import Looks
from interlock.policy.block_match import only_paths, read_match
from interlock.schema import Reader
from interlock.source import read_yaml_text


def looks(text: str, language: str) -> Looks:
    reader = Reader()
    found = read_match(read_yaml_text(text, "x"), language, reader)
    reader.finish()
    if found is None:
        raise LookupError(text)
    return found


def shell(*words: str, options: tuple[str, ...] = (), **more: JSON) -> Operation:
    command, *rest = words
    arguments: dict[str, JSON] = {"command": command, "words": list(rest), "options": list(options), **more}
    return Operation("shell", "admin", arguments=arguments, text=" ".join(words))


KUBECTL = "{command: kubectl, words: [delete], args: ['-n prod', '--namespace=prod']}"
SHELL = [
    (KUBECTL, shell("kubectl", "delete", "pod", "a", "-n", "prod"), True),
    (KUBECTL, shell("kubectl", "-n", "prod", "delete", "pod", "a"), True),
    (KUBECTL, shell("kubectl", "delete", "pod", "-nprod"), True),
    (KUBECTL, shell("kubectl", "delete", "pod", "-n=prod"), True),
    (KUBECTL, shell("kubectl", "delete", "pod", "--namespace=prod"), True),
    (KUBECTL, shell("kubectl", "delete", "pod", "--namespace", "prod"), True),
    (KUBECTL, shell("kubectl", "delete", "pod", "-n", "dev"), False),
    (KUBECTL, shell("kubectl", "delete", "pod", "-n", "production"), False),
    (KUBECTL, shell("kubectl", "get", "pod", "-n", "prod"), False),
    (KUBECTL, shell("oc", "delete", "pod", "-n", "prod"), False),
    ("{command: ['mkfs*', fdisk]}", shell("mkfs.ext4", "/dev/sda"), True),
    ("{command: git, args: [--force]}", shell("git", "push", "--force"), True),
    ("{command: git, args: [-f]}", shell("git", "push", "-uf", options=("-u", "-f")), True),
    ("{command: git, args: ['push origin main']}", shell("git", "push", "origin", "main"), True),
    ("{command: git, args: ['push origin main']}", shell("git", "push", "main", "origin"), False),
    ("{command: dd, args: ['of=/dev/*']}", shell("dd", "if=x", "of=/dev/sda"), True),
    ("{command: dd, args: ['of=/dev/*']}", shell("dd", "if=/dev/sda", "of=x"), False),
    ("{flags: [recursive-delete]}", shell("rm", flags=["recursive-delete"]), True),
    ("{flags: [recursive-delete]}", shell("rm"), False),
    ("{flags: upload}", shell("rm", flags="upload"), True),
    ("{flags: upload}", shell("rm", flags=7), False),
    ("{action: [admin, destroy]}", shell("x"), True),
    ("{action: destroy}", shell("x"), False),
    ("{paths: ['/etc/*']}", shell("cat", paths=["/etc/shadow"]), True),
    ("{hosts: '*.example.com'}", shell("curl", hosts=["a.example.com"]), True),
]


@pytest.mark.parametrize(("text", "operation", "expected"), SHELL)
def test_shell_matches(text: str, operation: Operation, expected: bool) -> None:
    """Members are "and", lists "any of"; options are found however their value is joined."""
    assert looks(text, "shell")(operation) is expected


def sql(**arguments: JSON) -> Operation:
    return Operation("sql", "ddl", arguments=arguments, text="x")


SQL = [
    ("{kinds: [drop, truncate]}", sql(kinds=["select", "drop"]), True),
    ("{kinds: [DROP]}", sql(kinds=["drop"]), True),
    ("{kinds: [drop]}", sql(kinds=["delete"]), False),
    ("{kinds: [delete], flags: [no-where]}", sql(kinds=["delete"], flags=[]), False),
    ("{tables: [Customers]}", sql(tables=["public.CUSTOMERS"]), True),
    ("{tables: [customers]}", sql(tables=["customers_old"]), False),
    ("{tables: [public.customers]}", sql(tables=["customers"]), False),
    ("{tables: ['hr.*']}", sql(tables=["hr.salaries"]), True),
    ("{writes: [customers], columns: ['*']}", sql(writes=["customers"], columns=["*"]), True),
]


@pytest.mark.parametrize(("text", "operation", "expected"), SQL)
def test_sql_matches(text: str, operation: Operation, expected: bool) -> None:
    """Names are compared without case, and without schema where the entry names none."""
    assert looks(text, "sql")(operation) is expected


def test_other_languages_match_their_own_arguments() -> None:
    """A language added as one file can be matched at once."""
    assert looks("{verb: [detach]}", "cypher")(Operation("cypher", "write", arguments={"verb": "detach"}))


@pytest.mark.parametrize("text", ["{}", "{comand: rm}", "{command: []}", "{command: 7}", "rm", "[rm]"])
def test_broken_matches_are_refused(text: str) -> None:
    """One that would match everything, or look for what no command has, is an error."""
    with pytest.raises(RulesInvalid):
        looks(text, "shell")


PATHS = [
    (["node_modules"], True),
    (["./node_modules/"], True),
    (["packages/a/node_modules", "build"], True),
    (["node_modules/left-pad"], True),
    (["/home/erika/project/build"], True),
    (["node_modules", "src"], False),
    (["node_modules/.."], False),
    (["build/../../etc"], False),
    (["/build"], False),
    (["~/build"], False),
    (["build/*"], True),
    (["packages/*/node_modules"], True),
    (["build/.*"], False),
    (["build/.*/src"], False),
    (["*"], False),
    (["node_*"], False),
    (["$X/build"], False),
    (["node_modules_old"], False),
    (["/"], False),
    (["."], False),
    ([""], False),
    ([], False),
]


@pytest.mark.parametrize(("paths", "expected"), PATHS)
def test_exceptions_for_folders(paths: list[JSON], expected: bool) -> None:
    """Only where every path certainly lies in such a folder."""
    operation = shell("rm", paths=paths, flags=["recursive-delete"])

    assert only_paths(["node_modules", "build"])(operation) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/tmp/x", True), ("/tmp/x/y", True), ("/tmp", False), ("/tmp/", False), ("/tmp/.", False), ("/tmp/../etc", False),
     ("/tmpx/y", False), ("tmp/x", False), ("/tmp/*", False), ("/tmp/x-*", True), ("/tmp/*/x", False),
     ("/var/tmp/x", False)],
)  # fmt: skip
def test_exceptions_below_an_absolute_folder(path: str, expected: bool) -> None:
    """What lies below it, never the folder itself."""
    operation = shell("rm", paths=[path], flags=["recursive-delete"])

    assert only_paths(["/tmp"])(operation) is expected


def test_nothing_dynamic_is_excepted() -> None:
    """What the run decides may add paths that nobody sees."""
    operation = shell("rm", paths=["build"], flags=["recursive-delete", "dynamic"])

    assert not only_paths(["build"])(operation)
