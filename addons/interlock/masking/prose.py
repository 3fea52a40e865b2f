"""Names of people in running text, by Presidio and a spaCy model: an extra that is off unless a rule asks for it.

It costs what language models cost: milliseconds a sentence, where all other detectors together cost microseconds, and
it guesses. The model is one that the operator has installed; nothing is downloaded here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from importlib import import_module

from interlock.errors import InterlockError
from interlock.masking import budget
from interlock.masking.detector import Detector, encode

__all__ = ["PER_BYTE", "names_in", "prose_detector"]

PER_BYTE = 300e-6
"""Seconds that a byte may take where such a rule is in force: three times what a small model takes."""
_MODULES = ("spacy", "presidio_analyzer", "presidio_analyzer.nlp_engine", "presidio_analyzer.predefined_recognizers")
_EXTRA = "install it with: pip install 'interlock[presidio]'"
_LONGEST = 1000
_KNOWN = 4096
_ANY = "".join(chr(code) for code in range(1, 0x80) if chr(code) not in "\r\n")
_ENTITY = "PERSON"

type Names = Callable[[str], Sequence[tuple[int, int]]]
"""Gives where names of people stand in a text, in characters."""


def prose_detector(name: str, model: str, names: Names | None = None) -> Detector:
    """A detector called `name`, by a spaCy model's name or path. `names` stands in for both.

    Raises InterlockError that says what is missing and how to install it.
    """
    find = lru_cache(maxsize=_KNOWN)(names or names_in(model))
    budget.allow(PER_BYTE)

    def judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
        line = text[start:end].decode("utf-8", "surrogatepass")
        for first, last in find(line):
            low = start + len(encode(line[:first]))
            yield low, low + len(encode(line[first:last])), "medium"

    # It is run like an operator's own pattern: line by line, outside of the programs that all others share.
    pattern = rf"[^\r\n\x00]{{2,{_LONGEST}}}"
    return Detector(
        name, pattern, (), (), chars=_ANY, length=_LONGEST * 4, confidence="medium", wide=True, timed=True, judge=judge
    )


@cache
def names_in(model: str) -> Names:
    """What Presidio finds with a spaCy model. Raises InterlockError."""
    try:
        spacy, presidio, engines, recognizers = map(import_module, _MODULES)
    except ImportError:
        raise InterlockError("names in prose need an extra that is not installed", hint=_EXTRA) from None
    try:
        loaded = spacy.load(model)
    except (OSError, ValueError, ImportError):
        hint = f"install it with: python -m spacy download {model}, or write the path of a model"
        raise InterlockError(f"there is no spaCy model {model!r} here", hint=hint) from None
    # Presidio's own way to a model would download one that is missing.
    engine = engines.SpacyNlpEngine()
    engine.nlp = {loaded.lang: loaded}
    registry = presidio.RecognizerRegistry(supported_languages=[loaded.lang])
    registry.add_recognizer(recognizers.SpacyRecognizer(supported_language=loaded.lang, supported_entities=[_ENTITY]))
    analyzer = presidio.AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[loaded.lang])

    def names(text: str) -> Sequence[tuple[int, int]]:
        found = analyzer.analyze(text=text, language=loaded.lang, entities=[_ENTITY])
        return [(one.start, one.end) for one in found]

    return names
