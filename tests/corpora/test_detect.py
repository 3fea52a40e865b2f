"""The corpus of sensitive values: they are found exactly, and what only looks like them is not."""

from __future__ import annotations

from collections import Counter, defaultdict

from tests.conftest import Record
from tests.corpora.detect_cases import cases
from tests.corpora.detect_values import KINDS

from interlock.cli._detect import chosen

_LEAST, _RECALL, _PRECISION = 1_500, 0.995, 0.995


def test_there_are_enough() -> None:
    """At least 1,500 texts, more than a third of them without any value, in many contexts; the same every time."""
    found = cases()
    assert len(found) >= _LEAST
    assert sum(not case.labels for case in found) >= len(found) / 3
    assert len({case.context for case in found}) >= 15
    assert len({label.kind for case in found for label in case.labels}) >= len(KINDS)


def test_figures(record_figures: Record) -> None:
    """Recall and precision by exact places, over all kinds; the kinds that fall below are named."""
    search = chosen("", "medium")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    missed, wrong = [], []
    for case in cases():
        found = {(one.start, one.end): one.detector for one in search.findings(case.text)}
        places = {(label.start, label.end): label.kind for label in case.labels}
        for place, kind in places.items():
            counts[kind]["found" if place in found else "missed"] += 1
            if place not in found:
                missed.append((kind, case.context, case.text[:160]))
        for place, detector in found.items():
            if place not in places:
                wrong.append((detector, case.context, case.text[place[0] : place[1]], case.text[:160]))
    right = sum(count["found"] for count in counts.values())
    recall, precision = right / (right + len(missed)), right / (right + len(wrong))
    record_figures("detection corpus", {
        "texts": len(cases()), "values": right + len(missed), "kinds": len(counts),
        "recall": f"{100 * recall:.2f} %", "precision": f"{100 * precision:.2f} %",
    })  # fmt: skip

    assert recall >= _RECALL, missed
    assert precision >= _PRECISION, wrong
