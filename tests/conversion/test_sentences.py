"""The conversion between scripts keeps the quality that it has reached; `./build.sh score` shows it class by class."""

from __future__ import annotations

import pytest

from tests.conversion.score import ALL, SCRIPTS, evaluate, read_sentences

#: The least share of right sentences by script. The table of terms grew beside these sentences, so the figures are
#: kinder than news is; they are floors, not promises.
FLOORS = {"zh-Hant-TW": 0.99, "zh-Hant-HK": 0.99, "zh-Hans": 0.998}


def test_sentences_come_out_right() -> None:
    table = evaluate()
    assert set(FLOORS) == set(SCRIPTS)
    for script, floor in FLOORS.items():
        assert table[ALL].rate(script) >= floor, "\n".join(line for figures in table.values() for line in figures.wrong)


def test_the_score_can_tell_a_wrong_conversion() -> None:
    spoilt = evaluate(lambda text, lang, script: text, lambda text, lang, script: text)
    assert all(spoilt[ALL].rate(script) < 0.5 for script in ("zh-Hant-TW", "zh-Hant-HK"))


@pytest.mark.parametrize("kind", ["names", "places", "numbers", "quotes", "latin", "mixed", "boundary", "tags"])
def test_every_kind_has_sentences(kind: str) -> None:
    assert sum(sentence.kind == kind for sentence in read_sentences()) >= 10
