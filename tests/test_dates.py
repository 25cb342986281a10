"""When an article was published: from the wrapper, the text, the page, the address, the crawl."""

from __future__ import annotations

import datetime as dt

import pytest

from generator.cleaning.dates import make, plausible, published
from generator.models import Published, Publisher
from tests.samples import HARBOUR, draft

DAY = dt.date(2026, 3, 9)
STAMP = dt.datetime(2026, 3, 12, 23, 30, tzinfo=dt.UTC)
RFA = Publisher("rfa", {"": "RFA"}, date=(r"-(?P<m>\d\d)(?P<d>\d\d)(?P<y>20\d\d)\d{6}\.html",))
SHORT_YEAR = Publisher("short", {"": "Short"}, date=(r"/(?P<y>\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})/n\d+",))
PICTURE = Publisher("picture", {"": "Picture"}, page_date=(r"[?&]d=(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)",))


def of_line(line: str) -> Published | None:
    """Find the date in the first line of an article of which nothing else is known."""
    return published(draft(), HARBOUR, [line])


@pytest.mark.parametrize(
    "line",
    [
        "【港湾日报2026年03月09日讯】灯塔亮了。",
        "【港湾日报2026年3月9日讯】（记者安若素综合报导）灯塔亮了。",
        "【港湾日报北京时间2026年03月09日讯】灯塔亮了。",
        "（港湾日报记者安若素2026年3月9日电）灯塔亮了。",
        "[灯塔周刊 2026 年 3 月 9 日] 灯塔亮了。",
        "（記者安若素報導）【港灣日報2026年3月9日訊】燈塔亮了。",
    ],
)
def test_datelines(line: str) -> None:
    assert of_line(line) == DAY


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("二〇二六年三月九日，灯塔亮了。", DAY),
        ("二零二六年十二月二十一日", dt.date(2026, 12, 21)),
        ("二○二六年十月十日", dt.date(2026, 10, 10)),
        ("二零二六年一月廿一日", dt.date(2026, 1, 21)),
        ("二零二六年一月卅一日", dt.date(2026, 1, 31)),
        ("一九九九年十一月三十日", dt.date(1999, 11, 30)),
        ("二零二六年二月三十日", None),
        ("一八九九年三月九日", None),
    ],
)
def test_chinese_numerals(line: str, date: dt.date | None) -> None:
    assert of_line(line) == date


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("09/03/2026 - 17:32", dt.datetime(2026, 3, 9, 17, 32)),
        ("25/12/2026", dt.date(2026, 12, 25)),
        ("12/25/2026", dt.date(2026, 12, 25)),
        ("09.03.2026", DAY),
        ("2026-03-09 08:05", dt.datetime(2026, 3, 9, 8, 5)),
        ("2026年3月9日 19:28", dt.datetime(2026, 3, 9, 19, 28)),
        ("2026/3/9", DAY),
        ("13/13/2026", None),
        ("31/02/2026", None),
        ("09/03/2026 - 25:61", None),
    ],
)
def test_date_lines(line: str, date: Published | None) -> None:
    assert of_line(line) == date


def test_a_date_in_running_text_is_not_when_it_was_published() -> None:
    told = "2007-08-16那天的台风刮断了钟架，渡轮从此改用电喇叭报时，一报就是十九年，直到上个星期天，人们才把铜钟抬回码头，挂上新的钟架，重新敲响。"
    assert of_line(told) is None


def test_only_the_head_of_the_text_is_looked_at() -> None:
    assert published(draft(), HARBOUR, ["灯塔亮了。"] * 8 + ["【港湾日报2026年3月9日讯】"]) is None


def test_the_time_element_of_the_page() -> None:
    html = '<div class="published"><time class="d" datetime="2026-03-09T21:40:05+08:00">星期一</time></div>'
    zone = dt.timezone(dt.timedelta(hours=8))
    assert published(draft(html), HARBOUR, ["星期一"]) == dt.datetime(2026, 3, 9, 21, 40, 5, tzinfo=zone)


@pytest.mark.parametrize(
    ("publisher", "url"),
    [
        (HARBOUR, "https://harbour.example/2026/03/09/lamp.html"),
        (HARBOUR, "https://harbour.example/news/20260309-lamp"),
        (HARBOUR, "https://harbour.example/2026-03-09/lamp"),
        (RFA, "https://rfa.example/mandarin/shehui/qy-03092026093412.html"),
        (SHORT_YEAR, "https://short.example/gb/26/3/9/n14912077.htm"),
    ],
)
def test_the_address(publisher: Publisher, url: str) -> None:
    assert published(draft(url=url), publisher, []) == DAY


@pytest.mark.parametrize(
    "url", ["https://h.example/2026/13/09/lamp", "https://h.example/20260309", "https://h.example/2026/3090/a"]
)
def test_an_address_that_holds_no_day(url: str) -> None:
    assert published(draft(url=url), HARBOUR, []) is None


def test_a_pattern_on_the_page() -> None:
    assert published(draft('<img src="//img.example/?m=02&d=20260309&t=2">'), PICTURE, []) == DAY


def test_the_crawl_is_the_last_resort() -> None:
    assert published(draft(stamped=STAMP), HARBOUR, ["灯塔亮了。"]) == dt.date(2026, 3, 12)
    assert published(draft(stamped=STAMP), HARBOUR, ["【港湾日报2026年3月9日讯】"]) == DAY


def test_what_the_wrapper_says_comes_first() -> None:
    wrapper = dt.datetime(2026, 3, 8, 23, 0, tzinfo=dt.UTC)
    url = "https://harbour.example/2026/03/10/a"
    assert published(draft(published=wrapper, url=url), HARBOUR, ["【港湾日报2026年3月9日讯】"]) == wrapper


def test_a_wrapper_that_says_the_impossible_is_passed_over() -> None:
    wrapper = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
    assert published(draft(published=wrapper), HARBOUR, ["【港湾日报2026年3月9日讯】"]) == DAY


@pytest.mark.parametrize("day", [dt.date(1989, 12, 31), dt.date(2100, 1, 1), dt.date(1, 1, 1), dt.date(9999, 12, 31)])
def test_no_news_is_that_old_or_that_new(day: dt.date) -> None:
    assert plausible(day) is None
    assert plausible(dt.datetime.combine(day, dt.time(12))) is None


def test_midnight_is_a_time_of_day() -> None:
    assert make("2026", "3", "9", "0", "00") == dt.datetime(2026, 3, 9, 0, 0)
