"""An article in another Chinese script. Text is converted, never addresses; articles in other languages stay.

Always from the original: a conversion is a function of the text, the script and the tables. In this order:

    1. markup ``-{…}-`` as MediaWiki has it: what the author fixed
    2. terms (`generator.scripts.terms`): words that we, the site's owner or the article know better
    3. OpenCC on whole words: rjieba finds the words, and no phrase reaches across two of them
    4. quotation marks by pairs, where the site wants them
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from generator.languages import converter
from generator.scripts.terms import NO_TERMS, Hit, Terms, TermStore, shipped
from generator.scripts.words import COUNTING, JOINT, counters, cut, learnt

__all__ = ["Change", "TermStore", "Terms", "changes", "convert_html", "convert_text", "shown_lang", "unresolved"]

#: (script of the text, script wanted) -> OpenCC's configuration. ``s2twp`` is not here on purpose: its vocabulary turns
#: 发布会 into 釋出會 and 支持 into 支援, in 86 % of news articles.
_CONFIGS = {
    ("zh-Hans", "zh-Hant-TW"): "s2tw",
    ("zh-Hans", "zh-Hant-HK"): "s2hk",
    ("zh-Hant", "zh-Hans"): "tw2s",  # as t2s, and 著 becomes 着 where it is the particle
    ("zh-Hans", "zh-Hans"): "t2s",
    ("zh-Hant", "zh-Hant-TW"): "t2tw",
    ("zh-Hant", "zh-Hant-HK"): "t2hk",
}
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
#: Electronic addresses, handles and links in a text are not words.
_FIXED = re.compile(
    r"(?:https?://|www\.)[^\s，。；：、！？（）「」《》“”]+|[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+|@\w{2,30}"
)
#: Without one of these nothing in a text is fixed.
_FIXED_MARKS = ("-{", "@", "://", "www.")
_MARKUP = re.compile(r"-\{([^\n]{0,400}?)\}-")
_FLAG = re.compile(r"\s*([A-Z])\s*\|")
#: Holds the place of what is already decided; OpenCC and rjieba leave it alone.
_HELD = "\ue000"
#: Characters of which one Simplified form stands for several Traditional ones that news uses (after OpenCC's
#: STCharacters and the tables of Wikipedia). Those whose other reading modern news never writes alone (了瞭, 才纔, 当噹,
#: 向嚮, 于, 党, 借藉, 尽儘, 致緻, 出齣, 家傢) are left out: listing each of them would hide what an editor has to see.
_RARE = "了才当向于党借尽致出家"
ONE_TO_MANY = frozenset(
    "发干里后面只系制复台历钟余范准签汇岳斗征云丑朴姜松周布占采谷卷舍表几种症冲千折困厘沈游郁扎旋苏"
)
_CORNERS = {"“": "「", "”": "」", "‘": "『", "’": "』"}
_CURLY = {corner: curly for curly, corner in _CORNERS.items()}


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
    return _joined(_units(text, lang, script, terms, quotes))


def convert_html(html: str, lang: str, script: str, terms: Terms | None = None, quotes: bool = False) -> str:
    """Sanitised HTML with its visible text in another script. Words are seen whole across inline tags."""
    if not lang.startswith("zh"):
        return html
    parts = _TAG.split(html)
    names = parts[2::3]
    del parts[2::3]
    chosen = _convertible(html, parts, names)
    units = _units("".join([parts[i] + "\n" * breaks for i, breaks in chosen]), lang, script, terms, quotes)
    position = 0
    for i, breaks in chosen:
        size = len(parts[i])
        parts[i] = _joined(units[position : position + size])
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
    hits = {hit.start: hit for hit in _hits(text, lang, script, used)}
    units = _units(text, lang, script, used, quotes=False)
    config = _config(lang, script)
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
        before, after = text[position:end], _joined(units[position:end])
        if before != after or (hit and hit.rule != "fixed"):
            yield Change(before, after, hit.rule if hit else f"OpenCC {config}")
        position = end


def unresolved(text: str, lang: str, script: str, terms: Terms | None = None) -> Iterator[tuple[str, str]]:
    """(character, words round it) for one-to-many characters that stand alone and that no term decides."""
    if not lang.startswith("zh") or not _config(lang, script).startswith("s2"):
        return
    held = _hold(text, list(_hits(text, lang, script, _terms(script, terms))))
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


def _config(lang: str, script: str) -> str:
    """OpenCC's configuration for a text, "" for none."""
    if lang == script and script != "zh-Hans":
        return ""
    if lang == "zh-Hant-HK" and script == "zh-Hans":
        return "hk2s"
    return _CONFIGS.get(("zh-Hant" if lang.startswith("zh-Hant") else "zh-Hans", script), "")


def _terms(script: str, terms: Terms | None) -> Terms:
    if terms is not None:
        return terms
    return shipped(script) if script != "original" else NO_TERMS


def _units(text: str, lang: str, script: str, terms: Terms | None, quotes: bool) -> Sequence[str]:
    """What each character of the text becomes, one unit a character (a unit may be empty or hold several).

    Nearly always each becomes one character, and then the units are a string: much faster than a list.
    """
    config = _config(lang, script)
    if not config and "-{" not in text and not quotes:
        return text
    hits = list(_hits(text, lang, script, _terms(script, terms)))
    units = _placed(_by_opencc(_hold(text, hits), config), hits)
    return _quoted(text, list(units), lang, script) if quotes else units


def _joined(units: Sequence[str]) -> str:
    return units if isinstance(units, str) else "".join(units)


def _placed(units: Sequence[str], hits: Sequence[Hit]) -> Sequence[str]:
    """The units with what the hits decided in its places."""
    if isinstance(units, str) and all(len(hit.target) == hit.end - hit.start for hit in hits):
        return _over(units, hits, [hit.target for hit in hits])
    placed = list(units)
    for hit in hits:
        placed[hit.start : hit.end] = _spread(hit.target, hit.end - hit.start)
    return placed


def _spread(target: str, size: int) -> list[str]:
    """A term's target over the places of its source: one character each where they are as many."""
    return list(target) if len(target) == size else [target, *[""] * (size - 1)]


def _hold(text: str, hits: list[Hit]) -> str:
    """The text with what is decided replaced by placeholders of the same length."""
    return _over(text, hits, [_HELD * (hit.end - hit.start) for hit in hits])


def _over(text: str, hits: Sequence[Hit], shown: Sequence[str]) -> str:
    """The text with what is shown in the places of the hits, which stand in their order; copied once."""
    parts: list[str] = []
    end = 0
    for hit, part in zip(hits, shown, strict=True):
        parts += (text[end : hit.start], part)
        end = hit.end
    return "".join((*parts, text[end:]))


def _hits(text: str, lang: str, script: str, terms: Terms) -> Iterator[Hit]:
    """What is decided before OpenCC: markup, addresses, terms; from the left, none overlapping."""
    known = terms if _config(lang, script) else NO_TERMS
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


def _by_opencc(text: str, config: str) -> Sequence[str]:
    """Each character of a text converted. Traditional paragraphs of a Simplified text are only given their variants."""
    traditional_only = _traditional_only()
    if not config or (config == "t2s" and not traditional_only.search(text)):
        return text
    if config == "t2s":  # Simplified already: only what is Traditional changes (坏 is a Traditional character, too: 坯)
        units = _aligned(text, config)
        return traditional_only.sub(lambda match: units[match.start()], text)
    if not config.startswith("s2") or not traditional_only.search(text):
        return _aligned(text, config)
    paragraphs = [_mixed(paragraph, config) for paragraph in re.split(r"(?<=\n)", text)]
    whole = all(isinstance(units, str) for units in paragraphs)
    return "".join(map(_joined, paragraphs)) if whole else list(chain.from_iterable(paragraphs))


def _mixed(paragraph: str, config: str) -> Sequence[str]:
    """A paragraph converted of a Simplified text in which Traditional characters stand."""
    traditional = len(_traditional_only().findall(paragraph))
    simplified = len(_simplified_only().findall(paragraph))
    if traditional and not simplified:
        return _aligned(paragraph, "t" + config[1:])
    if traditional > simplified:
        # Written in both: words are only found, and only told apart, in one of them.
        paragraph = _joined(_aligned(paragraph, "t2s"))
    return _aligned(paragraph, config)


def _aligned(text: str, config: str) -> Sequence[str]:
    """OpenCC's result, one unit a character of the text; from Simplified word by word."""
    if not config.startswith("s2"):
        converted = str(converter(config).convert(text))
        return converted if len(converted) == len(text) else _one_by_one(text, config)
    words = cut(text.replace(JOINT, _HELD))
    known = learnt(words, config)
    converted = "".join(map(known.__getitem__, words))
    whole = len(converted) == len(text)
    units = converted if whole else [unit for word in words for unit in _spread(known[word], len(word))]
    return _placed(units, list(counters(words))) if COUNTING.search(text) else units


def _one_by_one(text: str, config: str) -> list[str]:
    """Character by character, where a phrase changed the length."""
    return [str(converter(config).convert(character)) for character in text]


@cache
def _simplified_only() -> re.Pattern[str]:
    """Characters that only Simplified Chinese writes."""
    return _only("s2t", "t2s", {*ONE_TO_MANY, *_RARE})  # 后, 里, 干 … are Traditional characters, too


@cache
def _traditional_only() -> re.Pattern[str]:
    """Characters that only Traditional Chinese writes."""
    return _only("t2s", "s2t", set())


def _only(changed_by: str, kept_by: str, shared: set[str]) -> re.Pattern[str]:
    every = [chr(code) for code in range(0x4E00, 0x9FA6) if chr(code) not in shared]
    changed = str(converter(changed_by).convert("\n".join(every))).split("\n")
    kept = str(converter(kept_by).convert("\n".join(every))).split("\n")
    return re.compile(f"[{''.join(c for c, a, b in zip(every, changed, kept, strict=True) if c != a and c == b)}]")


def _quoted(text: str, units: list[str], lang: str, script: str) -> list[str]:
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
