"""The index: what is folded, what is known of an article, what the files hold, and how few of them change."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from generator.models import Article, Body
from generator.scripts import TermStore
from generator.search.bits import Bits, Codes, Column, Gamma, Rice
from generator.search.facts import facts, visible
from generator.search.folding import PREFIX, fold, key, keys, letters, simplified
from generator.search.postings import AFTER, ARTICLE, KEY, TITLED, numbered
from generator.search.reading import rows_of
from generator.search.segments import Made, stretches, tables
from generator.search.shards import HEAD, MARK, Segment, shard_files, stamp

STORES = [TermStore(Path("nowhere"), script, regional=True) for script in ("zh-Hans", "zh-Hant-TW")]


def article(**changed: object) -> Article:
    """An article that says little."""
    plain = {field.name: "" for field in dataclasses.fields(Article) if field.init}
    empty = dict.fromkeys(("credits", "tags", "mirrors", "terms", "copies", "by_hand"), ())
    rest = {"id": "a", "lang": "zh-Hans", "convert": True, "published": None, "updated": None, "reading_minutes": 1}
    body = Body(str(changed.pop("html", "")), "")
    return Article(**{**plain, **empty, **rest, "topic": "world", "publisher": "tide", "body": body, **changed})  # type: ignore[arg-type]


def finds(known: Column, *terms: str) -> list[bool]:
    """Whether an article is found by each term."""
    return [key(fold(term)) in known >> KEY for term in terms]


def keys_of(text: str) -> set[int]:
    """The keys of a text."""
    return set((keys(fold(text)) >> KEY).tolist())


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("漢學與台灣", "汉学与台湾"),
        ("看著裏面", "看着里面"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("Café Zürich Straße", "cafe zurich strasse"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("広場と沢", "广场と泽"),
        ("مُحَمَّد ـــ إلى أحمد", "محمد  الي احمد"),
        ("使用 Python 语言", "使用python语言"),
        ("第一，第二。", "第一 第二\n"),
        ("COVID-19", "covid 19"),
    ],
)
def test_what_is_the_same_to_a_searcher_is_folded(written: str, searched: str) -> None:
    assert fold(written) == searched
    assert fold(searched) == searched


def test_every_character_folds_to_one_that_stays() -> None:
    assert all(len(b) == 1 and b not in simplified() for b in simplified().values())


def test_words_are_found_by_their_beginnings_and_characters_by_pairs() -> None:
    found = keys_of("海港 G20 峰会 internationalisation")
    assert {
        key(term)
        for term in ("海", "海港", "g", "g2", "g20", "港g", "0峰", "峰会", "int", "internationalisation"[:PREFIX])
    } <= found
    assert not {key(term) for term in ("20", "会i n", "会峰", "ternation", "internationalisation")} & found
    assert key("the tide") in keys_of("The tide turns")
    assert key("tide the") not in keys_of("The tide turns")


def test_an_article_is_found_by_all_that_its_reader_sees() -> None:
    known = facts(
        article(
            title="渡口早报",
            html='<p>船<b>长</b>说</p><figure><img alt="暗礁" src="x"><figcaption>灯塔</figcaption></figure><p>一&amp;二</p>',
            tags=("潮汐",),
            author="林小满",
        ),
        STORES,
    )
    assert all(finds(known, "渡口", "船长", "长说", "灯塔", "潮汐", "林小"))
    assert {key("=topic/world"), key("=publisher/tide"), key("=lang/zh")} <= set(known >> KEY)
    assert finds(known, "说灯", "塔一", "暗礁", "amp") == [False] * 4
    strong = known[(known & TITLED) > 0] >> KEY
    assert {key("渡口"), key("早报")} <= set(strong)
    assert key("船长") not in strong


def test_an_article_is_found_by_the_words_of_every_edition() -> None:
    known = facts(article(title="特朗普访韩国"), STORES)
    assert all(finds(known, "特朗", "朗普", "川普", "普访", "南韓", "訪南", "韩国"))
    made = article(title="手寫的標題", html="<p>手寫</p>", lang="zh-Hant-TW")
    assert all(finds(facts(article(title="标题", by_hand=(("zh-Hant-TW", made),)), STORES), "手写"))
    assert finds(facts(article(title="特朗普", convert=False), STORES), "川普") == [False]


def test_visible_text_keeps_blocks_apart_and_words_whole() -> None:
    assert visible("<p>a<em>b</em></p><p>c<br>d</p>").split() == ["ab", "c", "d"]


def key_after(number: int) -> int:
    """What follows a key in the articles of the test."""
    return number % 16 if number % 3 else 0


def unpack(data: bytes, segment: Segment, shard: int) -> dict[int, tuple[list[int], list[int]]]:
    """Read a shard as the page does: key -> its articles, and those with it in the title."""
    bits = iter("".join(f"{byte:08b}" for byte in data[HEAD:]))

    def gamma() -> int:
        zeros = 0
        while next(bits) == "0":
            zeros += 1
        return int("1" + "".join(next(bits) for _ in range(zeros)), 2)

    def distances(among: int, count: int) -> list[int]:
        row: list[int] = []
        parameter = max(0, ((among - count) // count * 11 // 16).bit_length() - 1) if count else 0
        for _ in range(count):
            high = 0
            while next(bits) == "1":
                high += 1
            low = int("".join(next(bits) for _ in range(parameter)) or "0", 2)
            row.append((row[-1] + 1 if row else 0) + (high << parameter) + low)
        return row

    assert data[:MARK].decode() == stamp(data[MARK:])[:MARK]
    assert data[MARK : MARK + 4].hex() == segment.version
    start, size = segment.start(shard), segment.size
    found = {}
    for distance in distances(segment.start(shard + 1) - start, int.from_bytes(data[HEAD - 2 : HEAD], "little")):
        owners = distances(size, gamma())
        for _ in owners if next(bits) == "1" else ():
            one = next(bits) == "1"
            code = "".join(next(bits) for _ in range(4 if one else 2))
            assert (int(code, 2) if one else 1 << int(code, 2)) == key_after(start + distance)
        found[start + distance] = (owners, [owners[i] for i in distances(len(owners), gamma() - 1)])
    return found


def test_codes_stand_bit_by_bit_where_they_are_put() -> None:
    chance = np.random.default_rng(7)
    numbers = np.append(chance.integers(0, 1 << chance.integers(1, 30, 500)), [0, 90, 1 << 20])
    parameters = np.append(
        np.maximum(np.log2(numbers[:-3] + 1).astype(int) - chance.integers(0, 5, 500), 0), [0, 0, 13]
    )
    codes: list[Codes] = [Gamma.of(numbers + 1), Rice.of(numbers, parameters)]
    starts = np.cumsum(codes[0].sizes + codes[1].sizes) - codes[0].sizes - codes[1].sizes
    bits = Bits(int(starts[-1]) + 200)
    for one, places in zip(codes, (starts, starts + codes[0].sizes), strict=True):
        one.write(bits, places)
    expected = ""
    for number, parameter in zip(numbers.tolist(), parameters.tolist(), strict=True):
        gamma, low = f"{number + 1:b}", f"{number & (1 << parameter) - 1:0{parameter}b}" if parameter else ""
        expected += "0" * (len(gamma) - 1) + gamma + "1" * (number >> parameter) + "0" + low
    assert "".join(f"{byte:08b}" for byte in bits.written()).startswith(expected)


@pytest.mark.parametrize(("articles", "shards"), [(1, 1), (3, 7), (60, 5), (300, 16)])
def test_shards_hold_what_went_in(articles: int, shards: int) -> None:
    chance = random.Random(articles)  # noqa: S311 - the same ones every time
    pool = [chance.randrange(1 << 32) for _ in range(400)] + [0, (1 << 32) - 1]
    known = []
    for _ in range(articles):
        own = np.array(sorted(chance.sample(pool, chance.randint(0, 200))), np.int64)
        rows = own << KEY | np.array([key_after(one) for one in own], np.int64)
        rows[::9] |= TITLED
        known.append(rows)
    segment = Segment("old", "0badcafe", articles, shards)
    every = numbered(known)
    files = list(shard_files(segment, every, 0, shards))
    found = {}
    for shard, data in enumerate(files):
        found.update(unpack(data, segment, shard))
    sets = [set((rows >> KEY).tolist()) for rows in known]
    titles = [set((rows[::9] >> KEY).tolist()) for rows in known]
    expected = {
        k: ([n for n, one in enumerate(sets) if k in one], [n for n, one in enumerate(titles) if k in one])
        for k in set().union(*sets)
    }
    assert found == expected
    assert files[1:] == [*shard_files(segment, every, 1, shards)]
    assert (
        np.concatenate([rows_of(data, segment, shard) for shard, data in enumerate(files)]).tolist() == every.tolist()
    )


def test_a_key_that_two_terms_share_is_read_as_it_was_written() -> None:
    rows = np.array([7 << KEY, 7 << KEY | 1 << ARTICLE | 4, 7 << KEY | 2 << ARTICLE | AFTER, 9 << KEY | TITLED])
    segment = Segment("old", "0badcafe", 3, 1)
    (data,) = shard_files(segment, rows, 0, 1)
    assert rows_of(data, segment, 0).tolist() == rows.tolist()


@pytest.mark.parametrize("articles", [0, 1, 255, 256, 3_347, 8_192, 14_500, 50_000])
def test_segments_hold_every_article_once_and_stay_as_they_are(articles: int) -> None:
    now, tomorrow = list(stretches(articles)), list(stretches(articles + 300))
    for every, size in ((now, articles), (tomorrow, articles + 300)):
        assert [0, *(one.end for one in every)] == [*(one.first for one in every), size]
        assert len({one.name for one in every}) == len(every) <= size // 8_192 + 3
    fresh = sum(one.end - one.first for one in tomorrow if one not in now)
    assert fresh < 2_048 or articles // 2_048 < (articles + 300) // 2_048


def test_few_edits_change_how_many_shards_there_are() -> None:
    (one,) = stretches(6_144)
    counts = [one.shards(count) for count in range(3_000_000, 3_300_000, 1_000)]
    assert len(set(counts)) <= 3
    assert one.shards(0) == 1
    assert one.shards(1 << 30) == 4_096


def test_the_tables_name_segments_letters_and_days() -> None:
    shelf = [
        article(id="u", title="無日期"),
        *(article(id=str(n), title="漢", published=dt.date(2020, 1, n)) for n in (2, 2, 5)),
    ]
    rows = numbered([facts(one, []) for one in shelf])
    made = [Made(Segment("new", "0badcafe", 4, 1), len(rows), letters(rows >> KEY, 0, 1 << 32), "a_9")]
    files = dict(tables(shelf, made, ""))
    index = json.loads(files["search/index.json"])
    assert index["segments"] == [["new", "0badcafe", 4, 1, "a_9"]]
    assert len(index["cards"]) == MARK
    assert json.loads(files["search/days.json"]) == [1, dt.date(2020, 1, 2).toordinal(), 2, 3, 1]
    found = files["search/letters.txt"].decode()
    assert ("漢", "汉") in zip(found[::2], found[1::2], strict=True)
    assert "龜" not in found
    assert dict(tables([], [], ""))["search/index.json"].startswith(b'{"segments":[],')
    renamed = dict(tables([dataclasses.replace(shelf[0], face="another title"), *shelf[1:]], made, ""))
    assert json.loads(renamed["search/index.json"])["cards"] != index["cards"]


def test_whoever_writes_no_index_never_waits_for_numpy() -> None:
    program = "import sys, generator.cli, generator.build; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
