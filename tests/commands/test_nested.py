"""What is inside a text costs a bounded amount, however often it is run."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.commands.nested import Nested, Programs
from interlock.model import Access, Operation

OPERATION = Operation("shell", "read", "ls", Access.READ)


def test_what_was_read_is_known() -> None:
    """At the same depth; deeper down the same text may be refused."""
    nested = Nested()
    key = ("ls", "shell", "")
    nested.read(key, 1, (OPERATION,))

    assert nested.known(key, 1) == (OPERATION,)
    assert nested.known(key, 2) is None
    assert not nested.is_spent


def test_what_is_taken_again_is_counted() -> None:
    """Even what is known becomes operations, which are judged."""
    nested = Nested()
    for _ in range(100):
        nested.took((OPERATION,) * 100)

    assert nested.is_spent


def test_programs_have_room_together() -> None:
    """A long one is read, and not what comes behind several."""
    programs = Programs()
    text = "x" * (1 << 15)

    assert [programs.has_room(text) for _ in range(3)] == [True, False, False]
    assert not programs.has_room("x")


def test_the_same_program_again_and_again_is_not_read() -> None:
    """What a file of Python does is unknown once too much of it was read."""
    text = "cat > a.py <<'E'\n" + "x = 1\n" * 500 + "E\n" + "python3 a.py\n" * 40
    found = analyse(text, "shell")

    assert [one.access is Access.UNKNOWN for one in found] == [False] * 15 + [True] * 27


@pytest.mark.parametrize(
    "text",
    [
        "cat > s.sh <<'E'\n" + "ls\n" * 400 + "E\n" + "sh s.sh;" * 90,
        "".join(f"mysql -e 'select {n} from t where a = {n}';" for n in range(490)),
    ],
    ids=["a file again and again", "many statements"],
)
def test_too_much_inside_is_not_understood(text: str) -> None:
    """What comes after the bound is of access UNKNOWN and says why."""
    unknown = [one for found in analyse(text, "shell") for one in found.walk() if one.access is Access.UNKNOWN]

    assert any("too-many-commands" in str(one.arguments["flags"]) for one in unknown)


@pytest.mark.parametrize(
    "text",
    [
        "cat > s.sh <<'E'\nls\nE\n" + "sh s.sh\n" * 30,
        "".join(f"psql -c 'select {n} from t where a = {n}'\n" for n in range(60)),
        "python3 - <<'E'\n" + "".join(f"c.execute('select {n} from t')\n" for n in range(60)) + "E\n",
    ],
)
def test_what_people_write_is_read(text: str) -> None:
    """Dozens of statements and scripts in one text are read to the last."""
    assert not any(
        "too-many-commands" in str(one.arguments) for found in analyse(text, "shell") for one in found.walk()
    )


def test_texts_that_loops_of_python_make_are_bounded() -> None:
    """Thousands of them in one program are not understood."""
    text = "python3 - <<'E'\nimport os\nfor x in [" + "'a'," * 30 + "]:\n" + " os.system('rm ' + x)\n" * 300 + "E\n"

    found = [one for operation in analyse(text, "shell") for one in operation.walk()]
    assert any(one.access is Access.UNKNOWN for one in found)
    assert len(found) < 3000
