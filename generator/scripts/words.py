"""Words: found by rjieba, converted one by one by OpenCC, and read anew where they are names or counters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate

from generator.languages import converter
from generator.scripts.terms import Hit

#: What stands between two words while OpenCC works, so that no phrase reaches across: 美国|制裁, never 美|國製|裁.
JOINT = "\x01"
#: Surnames that OpenCC takes for words, each with the second characters of the words that really begin so: a word that
#: rjieba found, that is not one of those, is a name (余丽 stays 余麗, 余额 becomes 餘額).
_SURNAMES = {
    "余": "下额地生震温波款粮热党音量项数悸威力留孽人者部怒韵味晖荫兴毒存角弦烬额钱年岁户名所姚杭干",
    "范": "围例式畴本文",
    "岳": "父母丈家",
    "朴": "素实质厚拙直",
}
#: What these mean in news where rjieba leaves them alone: to sign, and the surnames.
_ALONE = {"签": "簽", "范": "范", "岳": "岳", "朴": "朴", "余": "余"}
#: Behind a number 余 is "more than" and 只 counts animals and shares.
_COUNTED = {"余": "餘", "只": "隻"}
_NUMERALS = "0-9０-９零一二两三四五六七八九十百千万亿几数"
_NUMBER = re.compile(rf"[{_NUMERALS}]\Z")
_POINTING = "这那每某另"
#: Where a counter may stand: only there the words are looked at.
COUNTING = re.compile(rf"[{_NUMERALS}{_POINTING}][余只]")
#: 这只猫 counts, 这只是 does not: what follows "only".
_ONLY = frozenset("是有能会要在不需因为算想用怕说给够可对限属占见听等让到和与从被把")
#: How many words a process remembers for a script: some 20 MB.
KNOWN_WORDS = 100_000


def cut(text: str) -> list[str]:
    """The words of a text, in order; together they are the text."""
    return _cutter()(text)


@cache
def _cutter() -> Callable[[str], list[str]]:
    """What finds the words of a text; imported late, since its dictionary takes 60 ms to load."""
    import rjieba

    return rjieba.cut


def learnt(words: list[str], config: str) -> dict[str, str]:
    """What words become; those that are new in this process are converted together."""
    known = _known_words(config)
    if len(known) > KNOWN_WORDS:
        known.clear()
    if missing := list(set(words).difference(known)):
        converted = str(converter(config).convert(JOINT.join(missing))).split(JOINT)
        known.update((word, _name_or(new, word)) for word, new in zip(missing, converted, strict=True))
    return known


@cache
def _known_words(config: str) -> dict[str, str]:
    """What this process has converted: no phrase reaches across words, so a word always becomes the same."""
    return {}


def _name_or(converted: str, word: str) -> str:
    """A word's conversion; the first character of a name and a lone character have readings of their own."""
    if len(word) == 1:
        return _ALONE.get(word, converted)
    others = _SURNAMES.get(word[0]) if len(word) <= 3 else None
    return converted if others is None or word[1] in others else word[0] + converted[1:]


def counters(words: list[str]) -> Iterator[Hit]:
    """Lone counters: 百余 is 百餘, 三只 and 这只猫 are 三隻 and 這隻貓; but COVID-19只在 is "only"."""
    starts = list(accumulate(map(len, words), initial=0))
    for i in [i for i, word in enumerate(words) if word in _COUNTED]:
        word, before, following = words[i], words[i - 1] if i else "", words[i + 1] if i + 1 < len(words) else ""
        named = re.search(r"[A-Za-z]", before) or (i > 1 and re.search(r"[A-Za-z-]\Z", words[i - 2]))
        number = _NUMBER.search(before) and not named
        pointed = word == "只" and before in tuple(_POINTING) and following[:1] not in _ONLY
        if number or pointed:
            yield Hit(starts[i], starts[i] + 1, _COUNTED[word], "counter")
