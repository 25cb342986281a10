"""What an article tells, as words with weights: by them stories find the reports of one event.

Read are the title and the beginning of the text, since a report says there what happened; further down it turns to
what happened before, and that it shares with reports of other events. A word weighs the more the fewer *days* of news
it stood in (``words.tsv``): a word of every day says nothing, one that fills the papers for a week says a lot. So the
weights of an article depend on no other article, and what is near stays near whatever arrives later.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from importlib.resources import files

import rjieba

from generator.languages import one_script

#: How much of a text is read (of scripts with spaces three times as much), how often a word of the title counts, and how
#: many words are kept. Chosen on the development half of tests/stories/pairs.tsv; 200 to 300 and 2 to 4 do as well.
HEAD, TITLE, KEPT = 250, 3, 80
#: Marks are looked for a little further; what stands below every other picture (Getty) marks nothing, nor does a year.
MARKED, TELLING = 1200, 2.0
#: In how many days of news a word stands that the table does not know.
UNKNOWN = 1
#: The weights of an article are whole numbers, so that their products add up alike everywhere; as a vector they are this long.
UNIT = 1000
#: Round-ups tell of many events: programmes of the day, briefs, lists with times of the clock.
_ROUNDUP = re.compile(
    r"完整版|时事拼盘|重要讯息|(?:新闻|国际|中国)简讯|热门话题|翻墙必看|役情最前线|预告】|早报|晚报|最新疫情|晚间新闻|时事纵横|维权动态|一周(?:新闻|要闻|综述|回顾)|"
    r"news ?letter|round-?up|morning brief|week in|for your weekend|今週の|まとめ",
    re.I,
)
_BRIEFS = re.compile(r"(?:\d:\d\d.{3,40}){2}\d:\d\d|一组.{0,6}(?:新闻|简讯|消息)", re.S)
_BRACKETS = re.compile(r"[【（(\[〔][^】）)\]〕]{2,40}[】）)\]〕]")
#: What is the same word in every language: names in Latin letters, and figures.
_NEUTRAL = re.compile(r"[A-Z][a-z]{2,}|\d[\d.,]{2,}\d|\d{3,}")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTERS = re.compile(r"\w+")
#: The rows of the table that say how many days there were: of news, and of news in languages with spaces.
_ANY, _LATIN = "*", "*latin"
#: Stands between title and text, so that both are converted at once.
_END = "\n\n"


def told(title: str, text: str) -> str:
    """The words of an article with their weights (``渡船*412 灯塔*298 …``), heaviest first; "" for a round-up."""
    found = []
    for word, count in counted(title, text).items():
        weight = rare(word)
        found.append((-weight * (1 + math.log(count)) if count > 1 else -weight, word))
    found = sorted(found)[:KEPT]
    length = math.sqrt(math.fsum(weight * weight for weight, _ in found)) or 1.0
    return " ".join(f"{word}*{round(-UNIT * weight / length)}" for weight, word in found)


def counted(title: str, text: str) -> Counter[str]:
    """How often the title and the beginning of the text say each word; none for a round-up of many events."""
    size = HEAD if _HAN.search(text[:HEAD]) else 3 * HEAD
    title, *lines = one_name(one_script(f"{title.replace(_END, ' ')}{_END}{text[: 2 * size]}")).split(_END)
    beginning = "".join(lines)
    if _ROUNDUP.search(title) or _BRIEFS.search(beginning):
        return Counter()
    counts = Counter(cut(_BRACKETS.sub("", beginning)[:size]))
    for word in cut(_BRACKETS.sub("", title)):
        counts[word] += TITLE
    return counts


def one_name(text: str) -> str:
    """A folded text that calls everybody by one name, however its region or publisher does (川普, 特朗普)."""
    names, pattern = aliases()
    return pattern.sub(lambda found: names[found[0]], text)


def marks(title: str, text: str) -> tuple[str, ...]:
    """What the title and the beginning hold that is written alike in every language."""
    found = set(_NEUTRAL.findall(f"{title} {text[:MARKED]}"))
    return tuple(sorted(mark for mark in found if not _YEAR.match(mark) and rare(mark.casefold()) >= TELLING))


def weights(told: str) -> dict[str, int]:
    """The words of an article with their weights, heaviest first."""
    pairs = (part.rpartition("*") for part in told.split())
    return {word: int(weight) for word, _, weight in pairs}


def rare(word: str) -> float:
    """How much a word says: the logarithm of how rare the days are on which it stands in the news."""
    known = _rare()
    weight = known.get(word)
    if weight is not None:
        return weight
    # Nothing is known of most languages with spaces, but that short words are frequent.
    return known[_ANY] if word[0] > "\u33ff" or word.isdigit() else known[_LATIN] * min(1.0, len(word) / 8)


def cut(text: str) -> list[str]:
    """The words of a text; single characters, short figures and punctuation say nothing."""
    parts = rjieba.cut(text) if _HAN.search(text) else _LETTERS.findall(text)
    return [word for word in parts if len(word) > (2 if word.isdigit() else 1) and word.isalnum()]


@cache
def aliases() -> tuple[dict[str, str], re.Pattern[str]]:
    """Name -> the one it is counted as, and what finds them: our aliases, and the words that differ by region."""
    package = files("generator")
    rows = [
        one_script(line).split("\t")
        for table in (package / "scripts" / "regional.tsv", package / "aliases.tsv")
        for line in table.read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    names = {other: first for first, *others in rows for other in others if other != first}
    return names, re.compile("|".join(sorted(names, key=lambda name: (-len(name), name))))


@cache
def _rare() -> dict[str, float]:
    """How much each word of the table says, and one that is not there: in Chinese, and in a language with spaces."""
    rows = (line.partition("\t") for line in (files("generator") / "words.tsv").read_text("utf-8").splitlines())
    table = {word: int(days) for days, _, words in rows if days.isdigit() for word in words.split(" ")}
    every = {True: table.pop(_ANY), False: table.pop(_LATIN)}
    found = {word: every[bool(_HAN.search(word)) or word.isdigit()] / days for word, days in table.items()}
    return {
        **{word: math.log(max(1.0, share)) for word, share in found.items()},
        _ANY: math.log(every[True] / UNKNOWN),
        _LATIN: math.log(every[False] / UNKNOWN),
    }
