"""Documents that go wrong only on the pages made of them: stories, tags, titles in feeds and books, dates in calendars."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from lxml import etree

from generator.build import build
from generator.comparison import compare
from generator.models import Report
from tests.attacks.degenerate import TEXT
from tests.sites.checks import Site, dangers, first, text_of

_SITE = 'base_url = "https://news.example/"\n[books]\ndays = 9\n[[editions]]\nlocale = "zh-Hant-TW"\nscript = "zh-Hant-TW"\n'


def post(folder: Path, name: str, body: str, **head: object) -> None:
    """Write a document with front matter."""
    said = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in head.items())
    (folder / f"{name}.md").write_text(f"---\n{said}---\n{body}\n", "utf-8")


def built(folder: Path) -> tuple[Report, Site]:
    """Build a folder in bounded time; every file of data parses."""
    (folder / "site.toml").write_text(_SITE, "utf-8")
    start = time.process_time()
    report = build(folder, folder.parent / "public", jobs=1)
    assert time.process_time() - start < 15
    site = Site(folder.parent / "public")
    assert [one for one in report.left_out if one.reason in ("fault", "too slow")] == []
    assert [page for page in site.pages if dangers(site.markup(page))] == []
    for path in site.paths:
        if path.endswith((".xml", ".opml")):
            etree.fromstring((site.folder / path).read_bytes())
        elif path.endswith(".json"):
            json.loads((site.folder / path).read_bytes())
    return report, site


def test_reports_of_ten_thousand_equal_sentences_are_compared_in_time() -> None:
    start = time.process_time()
    found = compare(
        [TEXT * 10_000, f"{TEXT}\n" * 10_000, *("".join(f"第{i}夜{TEXT}" for i in range(500)) for _ in "abc")]
    )
    assert time.process_time() - start < 5
    assert found.shared


def test_a_story_of_ten_thousand_equal_sentences_is_a_site(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    for host, body in (("a.example", f"<p>{TEXT * 10_000}</p>"), ("b.example", f"<p>{TEXT}</p>" * 5_000)):
        post(folder, host, body, title="灯塔守夜人的夜晚", url=f"https://{host}/1", date="2020-05-01")
    report, site = built(folder)
    assert report.articles >= 1
    assert max((site.folder / path).stat().st_size for path in site.paths) < 4_000_000


def test_ten_thousand_tags_and_a_tag_of_five_thousand_characters(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    for i in range(5):
        many = ["签" * 5000, *(f"标签{i}{j}号" for j in range(10_000 if i < 2 else 40))]
        post(
            folder, f"{i}", f"<p>{TEXT.replace('潮水', f'{i}号潮水')}{i * '又一夜，'}</p>", title=f"第{i}夜", tags=many
        )
    report, site = built(folder)
    assert report.articles >= 3
    assert len(site.paths) < 200


def test_a_title_of_a_hundred_thousand_characters_stays_short_everywhere(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    for i, title in enumerate(("题目" * 50_000, "word " * 20_000, "<b>" * 30_000, "&#x4e2d;" * 9_000)):
        body = f"<p>{TEXT.replace('潮水', f'{i}号潮水')}</p><p>第{i}天的早上，人们在码头上等着，等到船都回来。</p>"
        (folder / f"{i}.html").write_text(
            f"<!doctype html><title>{title}</title><meta property='og:title' content='{title}'><h1>{title}</h1>{body}",
            "utf-8",
        )
    _, site = built(folder)
    for page in site.pages:
        heading = first(site.tree(page), "h1")
        assert heading is not None
        assert len(text_of(heading)) <= 300, page
        assert len(site.tree(page).cssselect("head > title")[0].text_content()) <= 400, page


@pytest.mark.parametrize(
    "date",
    ["0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31", "9999-12-31T23:59:59-14:00", "9999-12-01", "2999-01-01", "1582-10-10"],
)  # fmt: skip
def test_absurd_dates_are_in_no_calendar_feed_or_book(tmp_path: Path, date: str) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    for i in range(3):
        post(
            folder, f"{i}", f"<p>{TEXT.replace('潮水', f'{i}号潮水')}{i * '又一夜，'}</p>", title=f"第{i}夜", date=date
        )
    report, site = built(folder)
    assert report.articles >= 1
    assert not [path for path in site.paths if f"/{date[:4]}" in path]
