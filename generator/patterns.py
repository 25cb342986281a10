"""The regular expressions of rules: compiled, and refused where they could run without end.

Whoever writes a rule sees articles that are well; an attacker writes the text that such a pattern stumbles over
(``(a+)+b`` on thirty times ``a`` takes minutes). So each pattern is tried on the texts made for its own loops.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from generator.errors import ConfigError

#: Repeated so often or more, a part of a pattern is a loop.
LOOP = 16
#: A pattern that takes longer than this (seconds of the processor) for so many rounds of a loop is refused. One whose
#: time grows with the square of the text takes a tenth of it, one with the cube tenfold, others do not come to the end.
PATIENCE = 0.06
ROUNDS = (*range(8, 26), *range(26, 60, 3), *range(60, 120, 8), 160, 220, 300, 400, 550, 750)
_LOOPS = (codes.MAX_REPEAT, codes.MIN_REPEAT)
_BY_CATEGORY = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: "a",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_WORD: "!",
}
#: What stands behind the repeated part, so that the whole does not match.
_ENDS = ("\x01", "")


@cache
def pattern(where: str, text: str) -> re.Pattern[str]:
    """A compiled multi-line pattern; raises ConfigError when it does not compile."""
    try:
        return re.compile(text, re.M)
    except (re.error, OverflowError, RecursionError) as error:
        raise ConfigError(where, f"{text!r} is not a pattern: {error}", "mend the regular expression") from None


def refuse_endless(given: Mapping[str, Any], keys: Iterable[str]) -> None:
    """Raise ConfigError for a pattern under one of the keys that could run without end (ours are tried by the tests)."""
    for key in keys:
        texts = given.get(key, [])
        for text in [texts] if isinstance(texts, str) else texts:
            if piece := endless(pattern(key, text)):
                raise ConfigError(
                    key,
                    f"{text!r} could run without end (on many {piece!r}, for one)",
                    "let no loop stand in or beside another that takes the same characters",
                )


def endless(compiled: re.Pattern[str]) -> str:
    """The piece of text on which a pattern takes ever longer when it is repeated, or ""."""
    tree = parser.parse(compiled.pattern, compiled.flags & re.VERBOSE)
    loops = list(_loops(tree, ""))
    if len(loops) < 2:
        return ""  # one loop alone takes at most the square of the length
    for before, piece in dict.fromkeys(loops):
        for end in _ENDS:
            if _explodes(compiled.search, before, piece, end):
                return piece
    return ""


def _explodes(search: Callable[[str], object], before: str, piece: str, end: str) -> bool:
    for times in ROUNDS if piece else ():
        start = time.process_time()
        search(before + piece * times + end)
        if time.process_time() - start > PATIENCE:
            return True
    return False


def _loops(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """(what leads to a loop, what goes round in it) for every loop of a pattern, with one choice each of its branches."""
    for operation, value in tree:
        if operation in _LOOPS and value[1] >= LOOP:
            yield from ((before, piece) for choice in range(3) if (piece := _sample(value[2], choice)))
        for part in _parts(operation, value):
            yield from _loops(part, before)
        before += _sample([(operation, value)], 0)


def _parts(operation: Any, value: Any) -> list[Any]:
    """The patterns inside of an operation."""
    if operation in (*_LOOPS, codes.POSSESSIVE_REPEAT):
        return [value[2]]
    if operation is codes.SUBPATTERN:
        return [value[3]]
    if operation is codes.BRANCH:
        return list(value[1])
    if operation in (codes.ASSERT, codes.ASSERT_NOT):
        return [value[1]]
    if operation is codes.ATOMIC_GROUP:
        return [value]
    return [part for part in value[1:] if part] if operation is codes.GROUPREF_EXISTS else []


def _sample(tree: Any, choice: int) -> str:
    """A text that a pattern matches, about; ``choice`` is the branch to take where there are several."""
    text = ""
    for operation, value in tree:
        if operation is codes.LITERAL:
            text += chr(value)
        elif operation is codes.ANY:
            text += "a"
        elif operation is codes.NOT_LITERAL:
            text += "a" if value != ord("a") else "b"
        elif operation is codes.IN:
            text += _member(value)
        elif operation in (*_LOOPS, codes.POSSESSIVE_REPEAT):
            text += _sample(value[2], choice) * min(max(1, value[0]), 50)
        elif operation is codes.BRANCH:
            text += _sample(value[1][min(choice, len(value[1]) - 1)], choice)
        elif operation in (codes.SUBPATTERN, codes.ATOMIC_GROUP):
            text += _sample(_parts(operation, value)[0], choice)
    return text


def _member(items: Any) -> str:
    """A character of a set."""
    if items[0][0] is codes.NEGATE:
        shut = re.compile("[^" + "".join(re.escape(_member([item])) for item in items[1:]) + "]")
        return next(character for character in "a1 !中" if shut.match(character))
    kind, value = items[0]
    if kind is codes.RANGE:
        return chr(value[0])
    return chr(value) if kind is codes.LITERAL else _BY_CATEGORY.get(value, "a")
