"""Where commands lie."""

from __future__ import annotations

from interlock.paths import compile_path
from interlock.schema import Reader
from interlock.settings_command import CommandPlace, read_command
from interlock.settings_glob import compile_glob
from interlock.source import read_yaml_text


def test_a_place_covers_method_and_path() -> None:
    """Both have to fit, the path as a glob."""
    place = CommandPlace("POST", compile_glob("/v1/*/query"), compile_path("$.query"), "$.query", "sql")

    assert place.covers("POST", "/v1/eu/query")
    assert not place.covers("post", "/v1/eu/query")
    assert not place.covers("POST", "/v1/eu/de/query")


def test_also_may_be_one_path() -> None:
    """One text stands for a list of one; what is wrong in it is told."""
    reader = Reader()
    text = "{at: POST /q, path: $.q, language: sql, dialect: mysql, also: $.timeout}"
    found = read_command(read_yaml_text(text, "x"), reader, ())

    assert found is not None
    assert (found.also_texts, found.dialect, reader.errors) == (("$.timeout",), "mysql", [])
    read_command(read_yaml_text("{at: POST /q, path: $.q, language: sql, also: ['$.[']}", "x"), reader, ())
    assert len(reader.errors) == 1


def test_a_dialect_is_one_the_language_has() -> None:
    """A dialect that nobody reads is told with the nearest that exists; case does not matter."""
    languages = {"sql": ("postgres", "mysql"), "shell": ()}
    reader = Reader()
    text = "{{at: POST /q, path: $.q, language: sql, dialect: {}}}"

    assert read_command(read_yaml_text(text.format("MySQL"), "x"), reader, languages) is not None
    assert reader.errors == []
    read_command(read_yaml_text(text.format("postgre"), "x"), reader, languages)
    assert "postgres" in str(reader.errors)
