"""Quotation marks in the form of a script: 「」 and 『』 in Traditional, “” and ‘’ in Simplified."""

from __future__ import annotations

_CORNERS = {"“": "「", "”": "」", "‘": "『", "’": "』"}
_CURLY = {corner: curly for curly, corner in _CORNERS.items()}


def quoted(text: str, units: list[str], lang: str, script: str) -> list[str]:
    """Quotation marks in the form of the script: 「」 and 『』 in Traditional, “” and ‘’ in Simplified; only in pairs."""
    wanted = script if script != "original" else lang
    forms = _CORNERS if wanted.startswith("zh-Hant") else _CURLY
    opening = "“‘" if forms is _CORNERS else "「『"
    closing = {"”": "“", "’": "‘", "」": "「", "』": "『"}
    waiting: list[int] = []
    for position, character in enumerate(text):
        if character == "\n":
            waiting.clear()  # a quotation does not reach over a paragraph
        elif character in opening:
            waiting.append(position)
        elif character in forms and waiting and text[waiting[-1]] == closing.get(character):
            opened = waiting.pop()
            units[opened], units[position] = forms[text[opened]], forms[character]
    return units
