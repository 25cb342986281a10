"""What is the same to a searcher: scripts, widths, capitals, accents, Arabic letter forms; and the words of a text.

``static/search.js`` does the same to a query; a browser test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Set
from functools import cache, lru_cache
from itertools import pairwise
from zlib import crc32

from generator.languages import converter

#: Longer words are found by their beginning.
PREFIX = 12
#: Accents, Arabic vowel signs and the tatweel; taken off once characters are decomposed.
_MARKS = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0640]")
#: Letters of one sound: alef maqsura and Persian yeh, teh marbuta, Persian kaf; what Latin does not decompose.
_LETTERS = {"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l"}
#: Scripts without spaces between words, as UTF-16 units: Thai to Burmese, Khmer, all of Chinese, Japanese, Korean.
_WIDE = "\u0e00-\u109f\u1780-\u17ff\u2e80-\U0010ffff"
#: The first letter or digit, behind what separates words.
_LETTER = 0x30
#: An odd factor mixes the keys, so that any range of numbers holds its fair share of them.
_MIX, _BITS = 0x9E3779B1, 0xFFFFFFFF
_GAP = re.compile(rf"(?<=[{_WIDE}]) +(?=[^\s{_WIDE}])|(?<=[^\s{_WIDE}]) +(?=[{_WIDE}])")
_WORDS = re.compile(rf"[^\s{_WIDE}]+(?: +[^\s{_WIDE}]+)*")


@cache
def simplified() -> dict[str, str]:
    """Each character that a searcher may write for another -> that other one: 漢 -> 汉, 著 -> 着, 沢 -> 泽."""
    every = [chr(code) for code in range(0x3400, 0xA000)]
    table: dict[str, str] = {}
    for config in ("t2s", "hk2s", "tw2s"):
        table.update((a, b) for a, b in zip(every, _each(every, config), strict=True) if a != b)
    modern = _each(_each(every, "jp2t"), "t2s")  # what only Japanese writes; 芸 and 余 are Chinese words of their own
    table.update((a, b) for a, b in zip(every, modern, strict=True) if a != b and a not in table and not _chinese(a))
    return {a: table.get(b, b) for a, b in table.items() if len(b) == 1 and table.get(b, b) != a}


def _each(characters: list[str], config: str) -> list[str]:
    return str(converter(config).convert("\n".join(characters))).split("\n")


def _chinese(character: str) -> bool:
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


class _Letters(dict[int, str]):
    """For `str.translate`: letters and digits folded; a gap inside of a phrase a space, any other sign an end."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character.isalnum() or unicodedata.category(character)[0] == "M":
            made = _LETTERS.get(character) or simplified().get(character, character)
        else:
            made = " " if (character != "\n" and (code < 0x80 or character.isspace())) or character == "’" else "\n"
        self[code] = made
        return made


_letters = _Letters()


def fold(text: str) -> str:
    """A text as it is searched: folded letters, single phrases on lines, words apart, none between the scripts."""
    plain = unicodedata.normalize("NFKD", text).lower()
    plain = unicodedata.normalize("NFC", _MARKS.sub("", plain))
    return _GAP.sub("", plain.translate(_letters))


def keys(folded: str) -> dict[int, int]:
    """The keys under which a folded text is found, each with what follows it in the text.

    Keys are the characters of scripts without spaces, pairs of them, beginnings of words, pairs of words. What follows
    is said for pairs of characters only, as a set of four classes in bits: 汉 behind 武 of a text whose 武汉 stands only
    before 市 is no 武汉肺; so a longer phrase is hardly ever found where only its pairs are.
    """
    units = (folded + "\n\n\n").encode("utf-16-le")
    wide = set(filter(_wide, set(array("H", units))))
    found = dict.fromkeys([k * _MIX & _BITS for k in wide], 0)
    runs = [array("Q", units[at : at + ((len(units) - at) & ~7)]) for at in (0, 2, 4, 6)]
    for four in set().union(*runs):
        first, second = four & 0xFFFF, four >> 16 & 0xFFFF
        if (second in wide and first >= _LETTER) or (first in wide and second >= _LETTER):
            pair = (four & _BITS) * _MIX & _BITS
            found[pair] = found.get(pair, 0) | 1 << (four >> 32 & 3)
    for phrase in _WORDS.findall(folded):
        words = phrase.split()
        for word in words:
            found.update(_beginnings(word))
        found.update((key(f"{a} {b}"), 0) for a, b in pairwise(words))
    return found


def _wide(unit: int) -> bool:
    return unit >= 0x2E80 or 0xE00 <= unit < 0x10A0 or 0x1780 <= unit < 0x1800


@lru_cache(maxsize=1 << 16)
def _beginnings(word: str) -> tuple[tuple[int, int], ...]:
    return tuple((key(word[:size]), 0) for size in range(1, min(len(word), PREFIX) + 1))


def key(term: str) -> int:
    """A term as a number of 32 bits: two UTF-16 units as they are, anything longer by its checksum; then mixed."""
    units = term.encode("utf-16-le")
    return (int.from_bytes(units, "little") if len(units) <= 4 else crc32(units)) * _MIX & _BITS


def written(characters: Set[str]) -> Iterator[tuple[str, str]]:
    """The pairs of `simplified` of which a text with these (folded) characters has a use, sorted."""
    yield from sorted((a, b) for a, b in simplified().items() if b in characters)
