"""Units: what each character of a text becomes, one a character; a unit may be empty or hold several characters.

Nearly always each becomes one character, and then the units of a text are a string: much faster than a list.
"""

from __future__ import annotations

from collections.abc import Sequence

from generator.scripts.terms import Hit

#: Holds the place of what is already decided; OpenCC and rjieba leave it alone.
HELD = "\ue000"


def joined(units: Sequence[str]) -> str:
    """The text that units make."""
    return units if isinstance(units, str) else "".join(units)


def placed(units: Sequence[str], hits: Sequence[Hit]) -> Sequence[str]:
    """The units with what the hits decided in its places."""
    if isinstance(units, str) and all(len(hit.target) == hit.end - hit.start for hit in hits):
        return _over(units, hits, [hit.target for hit in hits])
    places = list(units)
    for hit in hits:
        places[hit.start : hit.end] = spread(hit.target, hit.end - hit.start)
    return places


def spread(target: str, size: int) -> list[str]:
    """A term's target over the places of its source: one character each where they are as many."""
    return list(target) if len(target) == size else [target, *[""] * (size - 1)]


def hold(text: str, hits: list[Hit]) -> str:
    """The text with what is decided replaced by placeholders of the same length."""
    return _over(text, hits, [HELD * (hit.end - hit.start) for hit in hits])


def _over(text: str, hits: Sequence[Hit], shown: Sequence[str]) -> str:
    """The text with what is shown in the places of the hits, which stand in their order; copied once."""
    parts: list[str] = []
    end = 0
    for hit, part in zip(hits, shown, strict=True):
        parts += (text[end : hit.start], part)
        end = hit.end
    return "".join((*parts, text[end:]))
