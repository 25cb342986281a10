"""When an article was published: from the wrapper, the text, the page, the address, the crawl."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from generator.cleaning.dates import plausible, published
from generator.dates import find_date, is_date, leading_date, make, read_date, timed_dates
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


def test_the_year_of_an_era_in_brackets_is_of_somebodys_life() -> None:
    assert of_line("林秋（民國80年5月3日生）守了一輩子燈塔。") is None


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


AFTERNOON = dt.datetime(2026, 10, 3, 16, 5)
OCTOBER = AFTERNOON.date()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("October 3, 2026 at 4:05 pm", AFTERNOON),
        ("Oct. 3, 2026, 4:05 p.m. ET", AFTERNOON),
        ("Oct 3 2026 4:05 PM", AFTERNOON),
        ("3 Oct 2026 16:05 BST", AFTERNOON),
        ("3rd of October 2026 | 4.05pm", AFTERNOON),
        ("16:05, 3 October 2026", AFTERNOON),
        ("Updated 4:05 PM EDT, Sat October 3, 2026", AFTERNOON),
        ("3 October 2026 12:05 am", dt.datetime(2026, 10, 3, 0, 5)),
        ("3 October 2026 12:05 pm", dt.datetime(2026, 10, 3, 12, 5)),
        ("Saturday, Oct. 3rd, 2026 4 p.m.", dt.datetime(2026, 10, 3, 16)),
        ("3-Oct-2026", OCTOBER),
        ("2026年10月3日 16:05", AFTERNOON),
        ("2026年10月3號16時5分", AFTERNOON),
        ("2026年10月3日 星期六 下午4:05", AFTERNOON),
        ("2026年10月3日（土）午後4時5分 配信", AFTERNOON),
        ("2026年10月3日 上午10時", dt.datetime(2026, 10, 3, 10)),
        ("2026年10月3日 中午12:05", dt.datetime(2026, 10, 3, 12, 5)),
        ("2026年10月3日 凌晨12:05", dt.datetime(2026, 10, 3, 0, 5)),
        ("2026年10月3日 晚上8:05", dt.datetime(2026, 10, 3, 20, 5)),
        ("2026/10/03 PM 04:05", AFTERNOON),
        ("２０２６年１０月３日　１６：０５", AFTERNOON),
        ("二〇二六年十月三日", OCTOBER),
        ("令和8年10月3日", OCTOBER),
        ("令和八年（2026年）10月3日 午後4時5分", AFTERNOON),
        ("平成三十一年4月30日", dt.date(2019, 4, 30)),
        ("令和元年5月1日", dt.date(2019, 5, 1)),
        ("民國115年10月3日 下午4:05", AFTERNOON),
        ("中華民國115年10月3日", OCTOBER),
        ("٣ أكتوبر ٢٠٢٦", OCTOBER),
        ("٢٠٢٦/١٠/٠٣", OCTOBER),
        ("السبت، 3 أكتوبر 2026", OCTOBER),
        ("٣ تشرين الأول ٢٠٢٦ - ٠٤:٠٥ م", AFTERNOON),
        ("3 تشرين الأول/أكتوبر 2026", OCTOBER),
        ("3 أكتوبر (تشرين الأول) 2026 م", OCTOBER),
        ("يوم السبت 3 اكتوبر 2026 الساعة 04:05 مساءً", AFTERNOON),
        ("3 أكتوبر 2026 - 09:05 صباحاً", dt.datetime(2026, 10, 3, 9, 5)),
        ("13/10/2026 16:05", dt.datetime(2026, 10, 13, 16, 5)),
        ("10/13/2026", dt.date(2026, 10, 13)),
        ("3.10.2026", OCTOBER),
    ],
)
def test_people_write_dates_in_many_ways(text: str, date: Published) -> None:
    assert (read_date(text), find_date(f"灯塔 | {text}"), leading_date(text)) == (date, date, date)
    assert is_date(text)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("3 October 2026 16:05 GMT", 0),
        ("2026-10-03 16:05 GMT+8", 8),
        ("October 3, 2026, 4:05 p.m. EDT", -4),
        ("2026年10月3日 16:05 CST", None),
        ("3 October 2026 16:05 HKT", None),
    ],
)
def test_a_zone_is_read_where_its_name_means_one(text: str, zone: int | None) -> None:
    expected = AFTERNOON if zone is None else AFTERNOON.replace(tzinfo=dt.timezone(dt.timedelta(hours=zone)))
    assert read_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2026",
        "115年10月3日",
        "2026年10月初三日",
        "dismay 3, 2026",
        "April 31, 2026",
        "October 2026",
        "10/3/26",
        "20 ربيع الثاني 1448 هـ",
        "2026年10月3日 25:00",
        "1-2-3 2026",
        "令和8年13月3日",
    ],
)
def test_what_is_no_day_or_could_be_two_is_not_read(text: str) -> None:
    assert (read_date(text), find_date(text)) == (None, None)


@pytest.mark.parametrize(
    "text", ["2026年10月3日 晚上12:05", "3 أكتوبر 2026 12:05 ليلا", "2026年10月3日 10時間", "2026年10月3日 4点半"]
)
def test_a_time_that_could_be_of_two_days_is_not_read(text: str) -> None:
    assert find_date(text) == OCTOBER


@pytest.mark.parametrize(
    "text",
    [
        "2026年10月3日，灯塔亮了",
        "从2026年10月3日",
        "2026-10-02 – 2026-10-05",
        "3 October 2026 BBC",
        "2026年10月3日 10人",
    ],
)
def test_a_text_with_a_date_is_none(text: str) -> None:
    assert not is_date(text)
    assert read_date(text) is None


@pytest.mark.parametrize(
    "text", ["民國99年10月3日，灯塔亮了。", "灯塔，民國99年10月3日建成", "二〇〇八年五月十二日的雾"]
)
def test_a_sentence_tells_of_another_day(text: str) -> None:
    assert (leading_date(text), find_date(text)) == (None, None)
    assert find_date("發布日期：民國115年10月3日 下午4:05 | 港灣") == AFTERNOON


@pytest.mark.parametrize(
    "piece",
    ["2026年", "2026-1-1 ", "1/1/2026 ", "3 أكتوبر", "Oct 3, 2026 ", "4:05 pm, ", "下午", "令和", "二〇", "(土)", " "],
)
def test_much_of_a_date_takes_its_time_only(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    start = time.process_time()
    find_date(text), leading_date(text), is_date(text), read_date(text), list(timed_dates(text))
    assert time.process_time() - start < 2
