"""Stories: one event in the words of several publishers; and what stands beside an article: its story, its kin."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache

from generator import permalinks
from generator.comparison import Comparison, compare
from generator.models import Article, Page, Story
from generator.pages.books import story_book_path
from generator.pages.shelf import Context, Shelf
from generator.provenance import found_in
from generator.scripts import convert_text

#: How much is shown: stories on the list of the newest, on the front page; reports beside the one that leads it; reports
#: that are compared; sentences that several reports share, and that one has alone; pictures.
_NEWEST, _FRONT, _OTHERS, _COMPARED, _SHARED, _ALONE, _PICTURES = 40, 4, 3, 8, 12, 3, 12


def stories(shelf: Shelf) -> Iterator[Page]:
    """The list of the newest stories, a list for each month, and the page of each story."""
    edition, words = shelf.edition.slug, shelf.locale.t
    title = words("stories")
    months = _by_month(shelf)
    paths = {month: permalinks.listing(edition, "stories", f"{month:%Y-%m}") for month in months}
    rows = [{"date": month, "path": paths[month]} for month in months]
    newest = shelf.library.stories[:_NEWEST]
    path, make = permalinks.index(edition, "stories"), _list(shelf, newest, rows, None)
    yield shelf.page(path, "stories.html", make, title, words("stories.intro"), (rows, newest_told(shelf)))
    for month, group in months.items():
        date = shelf.locale.month(month)
        name, described = f"{title} · {date}", words("describe.stories", date=date)
        make, told = _list(shelf, tuple(group), rows, month), list(map(shelf.marks.told, group))
        yield shelf.page(paths[month], "stories.html", make, name, described, (rows, told))
    for story in shelf.library.stories:
        head, excerpt = _head(shelf, story, title)
        shows = (
            story_book_path(shelf, story),
            shelf.marks.told(story),
            [shelf.marks.whole(article) for article in story.articles],
        )
        yield shelf.page(story_path(shelf, story), "story.html", _story(shelf, story), head, excerpt, shows)


def _head(shelf: Shelf, story: Story, kind: str) -> tuple[Callable[[], str], Callable[[], str]]:
    """The title and the description of a story's page."""
    return lambda: f"{shelf.entry(story.lead)['title']} · {kind}", lambda: str(shelf.entry(story.lead)["excerpt"])


def story_path(shelf: Shelf, story: Story) -> str:
    """The page of a story."""
    return permalinks.listing(shelf.edition.slug, "stories", story.slug)


def story_entry(shelf: Shelf, story: Story) -> Context:
    """A story as lists show it: the report that speaks for it, and how many publishers tell it."""
    names = list(dict.fromkeys(article.publisher for article in reversed(story.articles)))
    lead = next((a for a in (story.lead, *story.articles) if a.lead_figure), story.lead)
    return {
        **shelf.entry(story.lead),
        "path": story_path(shelf, story),
        "thumbnail": shelf.gallery.thumbnail(lead.lead_figure),
        "picture": shelf.gallery.thumbnail(lead.lead_figure, large=True),
        "publishers": [shelf.publishers[name] for name in names],
        "reports": len(story.articles) - len(story.copies),
        "first": story.articles[-1].day,
        "last": story.articles[0].day,
    }


def newest_told(shelf: Shelf) -> list[str]:
    """Changes with whatever a list shows of the newest stories."""
    return list(map(shelf.marks.told, shelf.library.stories[:_NEWEST]))


def front(shelf: Shelf) -> list[Story]:
    """The stories for the front page: of the last days that have some, those that most publishers tell."""
    newest = shelf.library.stories[:_NEWEST]
    last = max((story.articles[0].day for story in newest if story.articles[0].day), default=None)
    fresh = [s for s in newest if last and s.articles[0].day and (last - s.articles[0].day).days <= 1]
    fresh.sort(key=lambda story: -len({a.publisher for a in story.articles if a.id not in story.copies}))
    return fresh[:_FRONT]


def other_reports(shelf: Shelf, story: Story) -> list[Context]:
    """Some reports of a story besides the one that speaks for it, each of another publisher."""
    by_publisher = {a.publisher: a for a in story.articles if a.id not in story.copies}
    by_publisher.pop(story.lead.publisher, None)
    return shelf.entries(list(by_publisher.values())[:_OTHERS])


def beside(shelf: Shelf, article: Article) -> Context:
    """What an article's page shows besides the article: its story's other reports, its tags' pages, related articles."""
    found = shelf.relations.beside(article)
    return {
        "story": story_entry(shelf, found.story) if found.story else None,
        "others": shelf.entries(found.others),
        "related": shelf.entries(found.related),
        "tag_pages": [shelf.tag(term) for term in found.tags],
        "provenance": provenance(shelf, article),
    }


def provenance(shelf: Shelf, article: Article) -> Context:
    """Where an article comes from, beyond its address: the clone, the document's place in it, dates and digest."""
    origin, place, commit = found_in(shelf.library.origins, article.path)
    return {
        "sha256": article.sha256,
        "mirrored": article.mirrored,
        "repository": origin.repository if origin else "",
        "place": place,
        "commit": commit.id if commit else "",
        "committed": dt.datetime.fromisoformat(commit.date) if commit else None,
    }


def _by_month(shelf: Shelf) -> dict[dt.date, list[Story]]:
    months: dict[dt.date, list[Story]] = defaultdict(list)
    for story in shelf.library.stories:
        if day := story.articles[-1].day:
            months[day.replace(day=1)].append(story)
    return dict(sorted(months.items(), reverse=True))


def _list(
    shelf: Shelf, group: tuple[Story, ...], months: list[Context], month: dt.date | None
) -> Callable[[], Context]:
    return lambda: {"stories": [story_entry(shelf, story) for story in group], "months": months, "month": month}


def _story(shelf: Shelf, story: Story) -> Callable[[], Context]:
    def show() -> Context:
        compared = _one_of_each(story)
        return {
            "story": story_entry(shelf, story),
            "book": story_book_path(shelf, story),
            "days": shelf.by_day(reversed(story.articles)),
            **_comparison(shelf, compared, _compared(*(article.text for article in compared))),
            "pictures": _pictures(shelf, story),
        }

    return show


@lru_cache(maxsize=4)
def _compared(*texts: str) -> Comparison:
    """Reports compared, once for the pages of all editions: they are made one after another."""
    return compare(texts)


def _one_of_each(story: Story) -> list[Article]:
    """The fullest report of each publisher, the first to report first."""
    best: dict[str, Article] = {}
    for article in reversed(story.articles):
        other = best.get(article.publisher)
        if article.id not in story.copies and (other is None or len(article.text) > len(other.text)):
            best[article.publisher] = article
    return list(best.values())[:_COMPARED]


def _comparison(shelf: Shelf, reports: list[Article], found: Comparison) -> Context:
    """What several reports say, with who says it, and what each says alone; texts in the edition's script."""

    def said(number: int, text: str) -> Context:
        article = reports[number]
        entry = shelf.entry(article)
        converted = article.convert and article.lang.startswith("zh")
        text = convert_text(text, article.lang, shelf.edition.script) if converted else text
        return {"text": text, "lang": entry["lang"], "dir": entry["dir"]}

    shared = [
        {**said(one.report, one.text), "publishers": [shelf.publishers[reports[n].publisher] for n in one.reports]}
        for one in found.shared[:_SHARED]
    ]
    sides = [
        {
            **shelf.entry(article),
            "alone": [said(number, text) for text in found.alone[number][:_ALONE]],
            "same": _same_text(number, reports, found),
        }
        for number, article in enumerate(reports)
    ]
    return {"shared": shared, "sides": sides}


def _same_text(number: int, reports: list[Article], found: Comparison) -> bool:
    """Whether nearly all that a report says stands in another: a copy, not a second report."""
    common = sum(number in one.reports for one in found.shared)
    return len(reports) > 1 and common >= 4 and common >= 4 * len(found.alone[number])


def _pictures(shelf: Shelf, story: Story) -> list[Context]:
    """The pictures of the reports that the site has, each once."""
    seen: dict[str, Context] = {}
    for article in reversed(story.articles):
        if shown := shelf.gallery.thumbnail(article.lead_figure):
            name = article.lead_figure.partition("?")[0].rpartition("/")[2]
            seen.setdefault(name, {"src": shown, **shelf.entry(article)})
    return list(seen.values())[:_PICTURES]
