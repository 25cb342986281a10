"""What is decided before OpenCC sees a text: ``-{…}-`` as MediaWiki has it, addresses, and the terms between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.scripts.opencc import config_of
from generator.scripts.terms import NO_TERMS, Hit, Terms

#: Electronic addresses, handles and links in a text are not words.
_FIXED = re.compile(
    r"(?:https?://|www\.)[^\s，。；：、！？（）「」《》“”]+|[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+|@\w{2,30}"
)
#: Without one of these nothing in a text is fixed.
_FIXED_MARKS = ("-{", "@", "://", "www.")
_MARKUP = re.compile(r"-\{([^\n]{0,400}?)\}-")
_FLAG = re.compile(r"\s*([A-Z])\s*\|")


def decided(text: str, lang: str, script: str, terms: Terms) -> Iterator[Hit]:
    """What is decided before OpenCC: markup, addresses, terms; from the left, none overlapping."""
    known = terms if config_of(lang, script) else NO_TERMS
    if not any(mark in text for mark in _FIXED_MARKS):
        return known.find(text)
    addresses = [Hit(m.start(), m.end(), m[0], "fixed") for m in _FIXED.finditer(text)]
    fixed = sorted([*_markup(text, lang, script), *addresses], key=lambda hit: hit.start)
    rules = [hit for hit in fixed if hit.rule == "-{H}-"] if known is terms else []
    hidden = [pair for hit in rules for pair in _hidden_rules(text[hit.start + 2 : hit.end - 2], script)]
    return _between(text, fixed, known.over(dict(hidden)))


def _between(text: str, fixed: list[Hit], terms: Terms) -> Iterator[Hit]:
    """What is fixed, and the terms in the text between."""
    end = 0
    for hit in fixed:
        if hit.start >= end:
            yield from _terms_between(text, end, hit.start, terms)
            yield hit
            end = hit.end
    yield from _terms_between(text, end, len(text), terms)


def _terms_between(text: str, start: int, end: int, terms: Terms) -> Iterator[Hit]:
    for hit in terms.find(text[start:end]):
        yield Hit(hit.start + start, hit.end + start, hit.target, hit.rule)


def _markup(text: str, lang: str, script: str) -> Iterator[Hit]:
    """``-{甲}-`` stays 甲; ``-{zh-hans:甲;zh-tw:乙}-`` is chosen by script; ``-{H|…}-`` is a rule and shows nothing."""
    for match in _MARKUP.finditer(text) if "-{" in text else ():
        flag = _FLAG.match(match[1])
        inner = match[1][flag.end() :] if flag else match[1]
        if flag and flag[1] == "H":
            yield Hit(match.start(), match.end(), "", "-{H}-")
        else:
            chosen = _choice(inner, lang if script == "original" else script)
            yield Hit(match.start(), match.end(), inner if chosen is None else chosen, "-{…}-")


def _variants(inner: str) -> dict[str, str]:
    pairs = re.findall(r"(zh(?:-[a-z]+)*)\s*:\s*([^;]*?)\s*(?:;|\Z)", inner, re.I)
    return {code.lower(): text for code, text in pairs}


def _choice(inner: str, script: str) -> str | None:
    """The text for a script among ``zh-hans:甲;zh-tw:乙``; None when the markup names no variants."""
    variants = _variants(inner)
    if not variants:
        return None
    orders = {
        "zh-Hans": ("zh-hans", "zh-cn", "zh-sg", "zh-my"),
        "zh-Hant-TW": ("zh-tw", "zh-hant", "zh-hk"),
        "zh-Hant-HK": ("zh-hk", "zh-mo", "zh-hant", "zh-tw"),
    }
    order = orders.get(script, orders["zh-Hans" if script == "zh-Hans" else "zh-Hant-TW"])
    return next((variants[code] for code in (*order, "zh") if code in variants), next(iter(variants.values())))


def _hidden_rules(inner: str, script: str) -> Iterator[tuple[str, tuple[str, str]]]:
    body = inner.partition("|")[2]
    target = _choice(body, script)
    for source in _variants(body).values():
        if target and source:
            yield source, (target, "-{H}-")
