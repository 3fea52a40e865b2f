"""Variables whose value is certain, and folders that `mktemp` has made."""

from __future__ import annotations

import pytest

from interlock.commands import analyse

_OWN = r"""
d=$(mktemp -d); rm -rf "$d"
d="$(mktemp -d -t shop.XXXXXX)" && ls && rm -rf "${d}"
d=$(mktemp -d /tmp/x.XXXXXX); cd "$d"; ls; cd -; rm -rf "$d"
tmp=$(mktemp -d)␤trap 'rm -rf "$tmp"' EXIT␤echo hi > "$tmp/a"
set -euo pipefail␤d=$(mktemp -d)␤cleanup() { rm -rf "$d"; }␤trap cleanup EXIT
d=$(mktemp -d); while read -r x; do echo "$x"; done < a; rm -rf "$d"
d=$(mktemp -d); n=$((n + 1)); rm -rf "$d"
f() { local x="$1"; echo "$x"; }; d=$(mktemp -d); f a; rm -rf "$d"
"""
_NOT_OWN = r"""
d=$(mktemp -d); d=/home; rm -rf "$d"
d=$(mktemp -d); read d < x; rm -rf "$d"
d=$(mktemp -d); read -r a d < x; rm -rf "$d"
d=$(mktemp -d); mapfile -t d < x; rm -rf "$d"
d=$(mktemp -d); read -p "${d:=x}" "$v"; rm -rf "$d"
d=$(mktemp -d); if true; then d=/home; fi; rm -rf "$d"
d=$(mktemp -d); trap 'd=/home' DEBUG; rm -rf "$d"
d=$(mktemp -d); eval "d=/home"; rm -rf "$d"
d=$(mktemp -d); set -- a; printf -v d /home; rm -rf "$d"
d=$(mktemp -d); declare -n e=d; e=/home; rm -rf "$d"
d=$(mktemp -d); rm -rf "$d/.."
d=$(mktemp -d); rm -rf "$d/../../home"
d=$(mktemp -d /srv/x.XXXX); rm -rf "$d"
d=$(mktemp -d -p /srv); rm -rf "$d"
d=$(mktemp -u); rm -rf "$d/x/../../../srv"
TMPDIR=/srv; d=$(mktemp -d); rm -rf "$d"
mktemp() { echo /home; }; d=$(mktemp -d); rm -rf "$d"
cleanup() { rm -rf "$HOME"; }; cleanup; HOME=$(mktemp -d)
false && d=$(mktemp -d); rm -rf "$d"
trap 'rm -rf "$d"' EXIT; exit; d=$(mktemp -d)
a=$(mktemp); b=$(mktemp); echo 'rm -rf src' > $a; echo ls > $b; bash $a
"""


def _worst(text: str) -> set[str]:
    found = [one for operation in analyse(text.replace("␤", "\n"), "shell") for one in operation.walk()]
    return {one.action for one in found} & {"destroy", "admin", "unknown"}


@pytest.mark.parametrize("text", _OWN.strip().splitlines())
def test_folders_of_its_own_may_be_deleted(text: str) -> None:
    """What the same script made with `mktemp` is nobody's loss."""
    assert not _worst(text)


@pytest.mark.parametrize("text", _NOT_OWN.strip().splitlines())
def test_other_folders_are_not_taken_for_them(text: str) -> None:
    """The variable may be another one by then, the program too, or the folder lies elsewhere."""
    assert _worst(text)


_NAMED = r"""
for f in tests/test_*.py; do tar cf a.tar "$f"; done
for i in {1..5}; do tar cf "$i.tar" src; done
for v in 3.11 3.12; do tar cf $v src; done
if true; then x=/a; else x=/b; fi; tar cf a.tar "$x/c"
root=$(git rev-parse --show-toplevel); tar cf a.tar "$root/src"
files=(src/a.py "src/b c.py"); tar cf a.tar "${files[@]}"
"""
_OPTIONS = r"""
x=$(cat o); tar cf a.tar "$x"
x=--to-command=sh; tar xf a.tar "$x"
for x in a --to-command=sh; do tar xf a.tar "$x"; done
for f in *; do tar cf a.tar "$f"; done
files=(a --to-command=sh); tar xf a.tar "${files[@]}"
x=a; x=$(cat o); tar xf a.tar "$x"
x=a; read x; tar xf a.tar "$x"
x=a; eval "x=-y"; tar xf a.tar "$x"
x=$(git rev-parse HEAD); tar xf a.tar "$x--to-command=sh"
x=$(git rev-parse --to-command=sh); tar xf a.tar "$x"
x=$(git rev-parse -- -x); tar xf a.tar "$x"
for x in "a --to-command=sh"; do tar xf a.tar $x; done
IFS=b; for x in ab-c; do tar xf a.tar $x; done
for x in rm ls; do "$x" -rf src; done
"""


@pytest.mark.parametrize("text", _NAMED.strip().splitlines())
def test_a_word_that_can_be_no_option_is_an_operand(text: str) -> None:
    """Whatever value the text gave the variable, it begins like a name."""
    assert not _worst(text)


@pytest.mark.parametrize("text", _OPTIONS.strip().splitlines())
def test_a_word_that_could_be_an_option_is_not_understood(text: str) -> None:
    """One value is enough, or a way to another."""
    assert _worst(text)


_ROOTS = r"""
root=$(git rev-parse --show-toplevel); rm -rf "$root/dist"
root="$(cd "$(dirname "$0")/.." && pwd)"; out="$root/build"; rm -rf "$out"
d=$(mktemp -d); psql -c 'select 1 from x'; rm -rf "$d"
d=$(mktemp -d); declare -a names=(a b); rm -rf "$d"
"""
_NO_ROOTS = r"""
root=$(git rev-parse --show-toplevel); rm -rf "$root"
root=$(git rev-parse --show-toplevel); rm -rf "$root/src"
root=$(git rev-parse --show-toplevel); echo x > "$root/.git/hooks/pre-commit"
git() { echo /; }; root=$(git rev-parse --show-toplevel); rm -rf "$root/tmp"
d=$(mktemp -d); f='read d'; $f; rm -rf "$d"
d=$(mktemp -d); f=('read' d); "${f[@]}"; rm -rf "$d"
d=$(mktemp -d); trap 'read d < x' ERR; false; rm -rf "$d"
d=$(mktemp -d); builtin 'read' d; rm -rf "$d"
d=$(mktemp -d); declare -a d=(/home); rm -rf "$d"
names=($(ls)); for n in "${names[@]}"; do rm "$n"; done
read PWD; tar -xf "$PWD" x
"""


@pytest.mark.parametrize("text", _ROOTS.strip().splitlines())
def test_what_scripts_say_first_is_understood(text: str) -> None:
    """The folder of the project, words in strings, lists."""
    assert not _worst(text)


@pytest.mark.parametrize("text", _NO_ROOTS.strip().splitlines())
def test_what_only_looks_like_it_is_not(text: str) -> None:
    """Other folders of the project, other programs of that name, strings that the same shell runs."""
    assert _worst(text)
