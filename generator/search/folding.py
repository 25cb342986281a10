"""What is the same to a searcher: scripts, widths, capitals, accents, Arabic letter forms; and the words of a text.

``static/search.js`` does the same to a query; a browser test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import accumulate, compress, islice
from zlib import crc32

import numpy as np
import numpy.typing as npt

from generator.languages import converter
from generator.search.bits import Column
from generator.search.postings import KEY

#: Terms as numbers of 32 bits.
Numbers = npt.NDArray[np.uint32]

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
_KINDS = np.ones(0x10000, np.uint8)
for _first, _last in re.findall("(.)-(.)", _WIDE):
    _KINDS[ord(_first) : ord(_last) + 1] = 3
_KINDS[:0x30] = 0
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


#: A character -> what becomes of it, as far as it was met, is one character again and needs no neighbours; else 0.
_ones = np.zeros(0x110000, np.uint32)


def fold(text: str) -> str:
    """A text as it is searched: folded letters, single phrases on lines, words apart, none between the scripts."""
    made = _at_once(text.replace("…", "...")) if len(text) > 64 else ""  # a few characters are not worth a column
    return _GAP.sub("", made or _one_by_one(text))


def _at_once(text: str) -> str:
    """A text of `_ones` with its letters folded; "" for any other."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    made = _ones[codes]
    if not made.all():
        for code in set(codes[made == 0].tolist()):
            folded = _alone[code]
            _ones[code] = ord(folded) if len(folded) == 1 else 0  # that of `_JOINS`, too, is 0
        made = _ones[codes]
    return made.astype("<u4").tobytes().decode("utf-32-le") if made.all() else ""


def _one_by_one(text: str) -> str:
    folded = text.translate(_alone)
    return _together(text) if _JOINS in folded else folded


def _together(text: str) -> str:
    """A text with its letters folded, also where accents and parts of syllables are characters of their own."""
    plain = unicodedata.normalize("NFKD", text).lower()
    plain = unicodedata.normalize("NFC", _MARKS.sub("", plain))
    return plain.translate(_letters)


def keys(folded: str) -> Column:
    """The keys under which a folded text is found, for every place in no order, each with what follows it there.

    Keys are the characters of scripts without spaces, pairs of them, beginnings of words, pairs of words. What follows
    is said for pairs of characters only, as a set of four classes in bits: 汉 behind 武 of a text whose 武汉 stands only
    before 市 is no 武汉肺; so a longer phrase is hardly ever found where only its pairs are. As `postings` of article 0.
    """
    units = np.frombuffer((folded + "\n\n").encode("utf-16-le"), "<u2")
    kinds = _KINDS[units]
    pairs = np.flatnonzero(kinds[:-2] + kinds[1:-1] >= 4)
    numbers = units[pairs] | units[pairs + 1].astype(np.uint32) << 16
    every = np.concatenate([numbers, units[kinds == 3], _of_words(folded)]) * np.uint32(_MIX)
    rows = every.astype(np.int64) << KEY
    rows[: len(pairs)] |= 1 << (units[pairs + 2] & 3)
    return rows


def _of_words(folded: str) -> Numbers:
    """The beginnings of the words of a text and the pairs of its words, as numbers."""
    phrases = [phrase.split() for phrase in set(_WORDS.findall(folded))]
    words = {word for phrase in phrases for word in phrase}
    pairs = array("I", [number for phrase in phrases if len(phrase) > 1 for number in _pairs(phrase)])
    return np.frombuffer(b"".join([pairs.tobytes(), *map(_beginnings, words)]), np.uint32)


def _pairs(words: list[str]) -> Iterator[int]:
    """The numbers of the pairs of neighbours, each a word, a space, a word."""
    units = " ".join(words).encode("utf-16-le")
    ends = list(accumulate((2 * len(word) + 2 for word in words), initial=0))
    return (crc32(units[start : end - 2]) for start, end in zip(ends, ends[2:], strict=False))


@lru_cache(maxsize=1 << 16)
def _beginnings(word: str) -> bytes:
    """The numbers of the beginnings of a word: of each (2 bytes a character), the sum goes on from the one before."""
    units = word[:PREFIX].encode("utf-16-le")
    numbers = array("I", (int.from_bytes(units[:size], "little") for size in range(2, min(len(units), 4) + 1, 2)))
    rest = (units[place : place + 2] for place in range(4, len(units), 2))
    numbers.extend(islice(accumulate(rest, lambda sum, more: crc32(more, sum), initial=crc32(units[:4])), 1, None))
    return numbers.tobytes()


def _number(term: str) -> int:
    """A term as a number of 32 bits: two UTF-16 units as they are, anything longer by its checksum."""
    units = term.encode("utf-16-le")
    return int.from_bytes(units, "little") if len(units) <= 4 else crc32(units)


def key(term: str) -> int:
    """The key of a term: its number, mixed."""
    return _number(term) * _MIX & _BITS


@cache
def _forms() -> tuple[list[str], Column]:
    """The characters that `simplified` writes others as, by their keys; and these, rising."""
    every = sorted(set(simplified().values()), key=key)
    return every, np.array([key(one) for one in every])


def letters(keys: Column, low: int, high: int, known: bytes = b"") -> bytes:
    """Which of `_forms` are known, a bit for each; of those from ``low`` to before ``high``, which are among rising keys."""
    forms = _forms()[1]
    bits = np.unpackbits(np.frombuffer(known or bytes(-(-len(forms) // 8)), np.uint8))
    first, end = np.searchsorted(forms, [low, high])
    asked = forms[first:end]
    bits[first:end] = np.searchsorted(keys, asked) < np.searchsorted(keys, asked, side="right")
    return np.packbits(bits).tobytes()


def written(letters: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """The pairs of `simplified` of which texts with these letters have a use, sorted."""
    rows = [np.frombuffer(one, np.uint8) for one in letters]
    used = set(compress(_forms()[0], np.unpackbits(np.bitwise_or.reduce(rows)))) if rows else ()
    yield from sorted((a, b) for a, b in simplified().items() if b in used)
