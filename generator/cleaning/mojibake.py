"""UTF-8 that was once read as Latin-1 or Windows-1252 and saved again: recognised by its form, and undone."""

from __future__ import annotations

import re

#: A lead byte of UTF-8 and its followers, each shown as the Latin-1 or Windows-1252 character of the same number.
_PAIRS = re.compile(r"[âãäåæçèéï][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def repaired(text: str) -> tuple[str, str]:
    """(text, sample of what was repaired); the text comes back unchanged, with "", when it is sound.

    Only texts that hardly hold Chinese characters and hold many of the telling triples are touched.
    """
    triples = len(_PAIRS.findall(text))
    if triples < 8 or triples < 2 * len(_HAN.findall(text)):
        return text, ""
    fixed = _PAIRS.sub(_decode, text)
    return (fixed, text[:80]) if len(_HAN.findall(fixed)) >= triples // 2 else (text, "")


def _decode(match: re.Match[str]) -> str:
    data = b"".join(_byte(character) for character in match[0])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _byte(character: str) -> bytes:
    try:
        return character.encode("latin-1")
    except UnicodeEncodeError:
        return character.encode("cp1252")
