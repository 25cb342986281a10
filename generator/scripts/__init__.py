"""An article in another Chinese script. Text is converted, never addresses; articles in other languages stay.

Always from the original: a conversion is a function of the text, the script and the tables. In this order:

    1. markup ``-{…}-`` as MediaWiki has it: what the author fixed (`generator.scripts.markup`)
    2. terms: words that we, the site's owner or the article know better (`generator.scripts.terms`)
    3. OpenCC (`generator.scripts.opencc`) on whole words (`generator.scripts.words`): no phrase reaches across two of them
    4. quotation marks by pairs, where the site wants them (`generator.scripts.quotes`)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.scripts.markup import decided
from generator.scripts.opencc import ONE_TO_MANY, by_opencc, config_of
from generator.scripts.quotes import quoted
from generator.scripts.terms import NO_TERMS, Terms, TermStore, shipped
from generator.scripts.units import hold, joined, placed
from generator.scripts.words import cut

__all__ = ["Change", "TermStore", "Terms", "changes", "convert_html", "convert_text", "shown_lang", "unresolved"]

#: A tag, and its name with the stroke of a closing one.
_TAG = re.compile(r"(<(/?[^\s/>]*)[^>]*>)")
_TEXT_ATTRIBUTE = re.compile(r'\b(alt|title)="([^"]*)"')
#: Elements at whose edges a paragraph ends.
_BLOCKS = frozenset(
    stroke + name
    for name in (
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "blockquote", "figure", "figcaption", "table"),
        *("tr", "td", "th", "pre", "hr", "br", "dl", "dt", "dd", "img"),
    )
    for stroke in ("", "/")
)
_FOREIGN = ("<code", "<pre", "lang=")
_LANG = re.compile(r'\blang="(?!zh)')


@dataclass(frozen=True, slots=True)
class Change:
    """A span of a text that a conversion changed, and the rule that did it."""

    before: str
    after: str
    rule: str


def shown_lang(lang: str, script: str) -> str:
    """The language tag of an article when it is shown in a script: only Chinese changes."""
    return script if lang.startswith("zh") and script != "original" else lang


def convert_text(text: str, lang: str, script: str, terms: Terms | None = None, quotes: bool = False) -> str:
    """A plain text in another script; a text that is not Chinese comes back as it is.

    ``terms``: the tables to use, ours if not given. ``quotes``: give quotation marks the form of the script.
    """
    if not text or not lang.startswith("zh"):
        return text
    return joined(_units(text, lang, script, terms, quotes))


def convert_html(html: str, lang: str, script: str, terms: Terms | None = None, quotes: bool = False) -> str:
    """Sanitised HTML with its visible text in another script. Words are seen whole across inline tags."""
    if not lang.startswith("zh") or _stays(html, lang, script, quotes):
        return html
    parts = _TAG.split(html)
    names = parts[2::3]
    del parts[2::3]
    chosen = _convertible(html, parts, names)
    units = _units("".join([parts[i] + "\n" * breaks for i, breaks in chosen]), lang, script, terms, quotes)
    position = 0
    for i, breaks in chosen:
        size = len(parts[i])
        parts[i] = joined(units[position : position + size])
        position += size + breaks
    for i in range(1, len(parts), 2):
        if 'alt="' in parts[i]:
            parts[i] = _TEXT_ATTRIBUTE.sub(
                lambda m: f'{m[1]}="{convert_text(m[2], lang, script, terms, quotes)}"', parts[i]
            )
    return "".join(parts)


def changes(text: str, lang: str, script: str, terms: Terms | None = None) -> Iterator[Change]:
    """What a conversion changes in a text, span by span, with the rule."""
    used = _terms(script, terms)
    hits = {hit.start: hit for hit in decided(text, lang, script, used)}
    units = _units(text, lang, script, used, quotes=False)
    config = config_of(lang, script)
    position = 0
    while position < len(text):
        hit = hits.get(position)
        end = hit.end if hit else position + 1
        while (
            hit is None
            and end < len(text)
            and end not in hits
            and units[end] != text[end]
            and units[position] != text[position]
        ):
            end += 1
        before, after = text[position:end], joined(units[position:end])
        if before != after or (hit and hit.rule != "fixed"):
            yield Change(before, after, hit.rule if hit else f"OpenCC {config}")
        position = end


def unresolved(text: str, lang: str, script: str, terms: Terms | None = None) -> Iterator[tuple[str, str]]:
    """(character, words round it) for one-to-many characters that stand alone and that no term decides."""
    if not lang.startswith("zh") or not config_of(lang, script).startswith("s2"):
        return
    held = hold(text, list(decided(text, lang, script, _terms(script, terms))))
    position = 0
    for word in cut(held):
        if len(word) == 1 and word in ONE_TO_MANY:
            yield word, text[max(0, position - 4) : position + 5].replace("\n", " ")
        position += len(word)


def _convertible(html: str, parts: list[str], names: list[str]) -> list[tuple[int, bool]]:
    """The pieces of text to convert, each with whether a block ends behind it; code and foreign spans are left out."""
    following = [*(name in _BLOCKS for name in names), False]
    if not any(mark in html for mark in _FOREIGN):
        return [(2 * i, breaks) for i, breaks in enumerate(following) if parts[2 * i]]
    kept = _inside_of_foreign(parts, names)
    return [(2 * i, breaks) for i, breaks in enumerate(following) if parts[2 * i] and i not in kept]


def _inside_of_foreign(parts: list[str], names: list[str]) -> set[int]:
    """The numbers of the texts that stand in code or in an element of another language."""
    inside: set[int] = set()
    opened: list[str] = []
    for i, name in enumerate(names, 1):
        if not opened:
            if name in ("code", "pre") or _LANG.search(parts[2 * i - 1]):
                opened.append(name)
        elif name == f"/{opened[-1]}":
            opened.pop()
        elif name == opened[-1]:
            opened.append(name)
        if opened:
            inside.add(i)
    return inside


def _terms(script: str, terms: Terms | None) -> Terms:
    if terms is not None:
        return terms
    return shipped(script) if script != "original" else NO_TERMS


def _stays(text: str, lang: str, script: str, quotes: bool) -> bool:
    """Whether there is nothing in a text that a conversion could change."""
    return not config_of(lang, script) and "-{" not in text and not quotes


def _units(text: str, lang: str, script: str, terms: Terms | None, quotes: bool) -> Sequence[str]:
    """What each character of the text becomes (`generator.scripts.units`)."""
    if _stays(text, lang, script, quotes):
        return text
    hits = list(decided(text, lang, script, _terms(script, terms)))
    units = placed(by_opencc(hold(text, hits), config_of(lang, script)), hits)
    return quoted(text, list(units), lang, script) if quotes else units
