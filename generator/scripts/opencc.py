"""OpenCC: which of its configurations serves a text, and its result character by character; from Simplified by whole words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain

from generator.languages import converter
from generator.scripts.units import HELD, joined, placed, spread
from generator.scripts.words import COUNTING, JOINT, counters, cut, learnt

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
#: Characters of which one Simplified form stands for several Traditional ones that news uses (after OpenCC's
#: STCharacters and the tables of Wikipedia). Those whose other reading modern news never writes alone (了瞭, 才纔, 当噹,
#: 向嚮, 于, 党, 借藉, 尽儘, 致緻, 出齣, 家傢) are left out: listing each of them would hide what an editor has to see.
_RARE = "了才当向于党借尽致出家"
ONE_TO_MANY = frozenset(
    "发干里后面只系制复台历钟余范准签汇岳斗征云丑朴姜松周布占采谷卷舍表几种症冲千折困厘沈游郁扎旋苏"
)


def config_of(lang: str, script: str) -> str:
    """OpenCC's configuration for a text, "" for none."""
    if lang == script and script != "zh-Hans":
        return ""
    if lang == "zh-Hant-HK" and script == "zh-Hans":
        return "hk2s"
    return _CONFIGS.get(("zh-Hant" if lang.startswith("zh-Hant") else "zh-Hans", script), "")


def by_opencc(text: str, config: str) -> Sequence[str]:
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
    return "".join(map(joined, paragraphs)) if whole else list(chain.from_iterable(paragraphs))


def _mixed(paragraph: str, config: str) -> Sequence[str]:
    """A paragraph converted of a Simplified text in which Traditional characters stand."""
    traditional = len(_traditional_only().findall(paragraph))
    simplified = len(_simplified_only().findall(paragraph))
    if traditional and not simplified:
        return _aligned(paragraph, "t" + config[1:])
    if traditional > simplified:
        # Written in both: words are only found, and only told apart, in one of them.
        paragraph = joined(_aligned(paragraph, "t2s"))
    return _aligned(paragraph, config)


def _aligned(text: str, config: str) -> Sequence[str]:
    """OpenCC's result, one unit a character of the text; from Simplified word by word."""
    if not config.startswith("s2"):
        converted = str(converter(config).convert(text))
        return converted if len(converted) == len(text) else _one_by_one(text, config)
    words = cut(text.replace(JOINT, HELD))
    known = learnt(words, config)
    converted = "".join(map(known.__getitem__, words))
    whole = len(converted) == len(text)
    units = converted if whole else [unit for word in words for unit in spread(known[word], len(word))]
    return placed(units, list(counters(words))) if COUNTING.search(text) else units


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
