"""What is the same to a searcher: scripts, widths, capitals, accents, Arabic letter forms; and the words of a text.

``static/search.js`` does the same to a query; a browser test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Set
from functools import cache, lru_cache
from itertools import chain, compress, pairwise
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
#: Stands for a character that cannot be folded alone: an accent, a part of a Korean syllable, a sigma.
_JOINS = "\0"
#: An odd factor mixes the keys, so that any range of numbers holds its fair share of them.
_MIX, _BITS = 0x9E3779B1, 0xFFFFFFFF
#: For every UTF-16 unit: 0 what separates words, 1 a letter, 3 one of `_WIDE`. Two neighbours that add up to 4 are a pair.
_KINDS = b"\0" * 0x30 + b"".join(
    bytes([3 if re.match(f"[{_WIDE}]", chr(first)) else 1]) * 16 for first in range(0x30, 0x10000, 16)
)
_IS_WIDE = bytes(kind == 3 for kind in range(256))
#: A unit's lower byte -> its class, in the bits above those of two kinds.
_CLASS = bytes((unit & 3) << 3 for unit in range(256))
#: For each class: whether kinds of a pair and the class behind it are those of a pair followed by this class.
_FOLLOWED = [bytes(sign >> 3 == number and sign & 7 >= 4 for sign in range(256)) for number in range(4)]
_GAP = re.compile(rf" (?:(?<=[{_WIDE}] ) *(?=[^\s{_WIDE}])|(?<=[^\s{_WIDE}] ) *(?=[{_WIDE}]))")
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


class _Alone(dict[int, str]):
    """For `str.translate`: what becomes of a character whose neighbours do not matter, and `_JOINS` for any other."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code))
        joins = unicodedata.category(plain[0])[0] == "M" or "\u1160" <= plain[0] <= "\u11ff" or "Σ" in plain
        self[code] = _JOINS if joins else _together(chr(code))
        return self[code]


_letters = _Letters()
_alone = _Alone()


def fold(text: str) -> str:
    """A text as it is searched: folded letters, single phrases on lines, words apart, none between the scripts."""
    folded = text.translate(_alone)
    return _GAP.sub("", _together(text) if _JOINS in folded else folded)


def _together(text: str) -> str:
    """A text with its letters folded, also where accents and parts of syllables are characters of their own."""
    plain = unicodedata.normalize("NFKD", text).lower()
    plain = unicodedata.normalize("NFC", _MARKS.sub("", plain))
    return plain.translate(_letters)


def keys(folded: str) -> dict[int, int]:
    """The keys under which a folded text is found, each with what follows it in the text.

    Keys are the characters of scripts without spaces, pairs of them, beginnings of words, pairs of words. What follows
    is said for pairs of characters only, as a set of four classes in bits: 汉 behind 武 of a text whose 武汉 stands only
    before 市 is no 武汉肺; so a longer phrase is hardly ever found where only its pairs are.
    """
    found: dict[int, int] = {}
    for phrase in _WORDS.findall(folded):
        words = phrase.split()
        found.update(chain.from_iterable(map(_beginnings, words)))
        found.update((crc32(f"{a} {b}".encode("utf-16-le")) * _MIX & _BITS, 0) for a, b in pairwise(words))
    singles, groups = _wide_keys((folded + "\n\n").encode("utf-16-le"))
    found.update(dict.fromkeys(singles, 0))
    for number, pairs in enumerate(groups):
        again = pairs & found.keys()
        found.update(dict.fromkeys(pairs - again, 1 << number))
        for pair in again:
            found[pair] |= 1 << number
    return found


def _wide_keys(units: bytes) -> tuple[array[int], list[set[int]]]:
    """The keys of single characters, and of the pairs before each class, from UTF-16; without a step for each place."""
    numbers = array("H", units)
    kinds = bytes(map(_KINDS.__getitem__, numbers))
    low, high = units[::2], units[1::2]
    pairs = _mixed(low, high, low[1:], high[1:]).tolist()
    signs = _added(kinds, kinds[1:], low[2:].translate(_CLASS))
    wide = array("H", set(compress(numbers, kinds.translate(_IS_WIDE)))).tobytes()
    return _mixed(wide[::2], wide[1::2]), [set(compress(pairs, signs.translate(table))) for table in _FOLLOWED]


def _mixed(*columns: bytes) -> array[int]:
    """The keys of numbers, whose bytes are given from the lowest; one multiplication for all, with 64 bits for each."""
    size = 8 * len(columns[0])
    lanes = bytearray(size)
    for place, column in enumerate(columns):
        lanes[place : 8 * len(column) : 8] = column
    return array("I", (int.from_bytes(lanes, "little") * _MIX).to_bytes(size, "little"))[::2]


def _added(*columns: bytes) -> bytes:
    """The sums of the bytes that stand in one place; none may reach 256."""
    return sum(int.from_bytes(column, "little") for column in columns).to_bytes(len(columns[0]), "little")


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
