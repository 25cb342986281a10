"""The front page, and the pages of which the site has one: what it is, and what is shown for a lost address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from markupsafe import Markup

from generator import permalinks
from generator.locales import in_locale
from generator.models import Article, Page, Story, Term
from generator.pages.shelf import Context, Shelf
from generator.pages.stories import front, newest_told, other_reports, story_entry

#: How much the front page shows: articles beside the lead, the latest, articles a topic, days, titles a day.
_LEADS, _LATEST, _TOPIC, _DAYS, _TITLES = 3, 10, 5, 4, 5
#: Among how many of the newest articles the leads are looked for.
_NEW = 24
#: A story that is more days older than the newest article no longer leads the page.
_OLD = 7


def home(shelf: Shelf) -> Iterator[Page]:
    """The front page: stories and articles that lead it, the latest, each topic, the last days.

    The first edition's is the site's, too.
    """
    description = in_locale(shelf.settings.description, shelf.locale.tag) or shelf.locale.t("about.what")
    days = list(shelf.library.days.items())[:_DAYS]
    most = sum(len(story.articles) for story in front(shelf)) + 1 + _LEADS  # so many are passed over at most
    shows = (
        shelf.marks.of(shelf.library.articles[: most + _NEW + _LATEST]),
        newest_told(shelf),
        shelf.marks.heads(shelf.library.topics, most + _TOPIC),
        [(day, len(group), shelf.marks.of(group[:_TITLES])) for day, group in days],
    )
    page = shelf.page(
        permalinks.home(shelf.edition.slug), "home.html", partial(_front, shelf), description=description, shows=shows
    )
    yield page
    if shelf.edition is shelf.settings.editions[0]:
        yield replace(page, path="index.html")


def _front(shelf: Shelf) -> Context:
    articles = shelf.library.articles
    stories = front(shelf)
    told = stories if stories and _is_new(shelf, stories[0]) else []
    shown = {article.id for story in told for article in story.articles}
    alone = leading(shelf, [article for article in articles if article.id not in shown], 1 + _LEADS - len(told))
    shown.update(article.id for article in alone)
    latest = (article for article in articles if article.id not in shown)
    return {
        "leads": [*(story_entry(shelf, story) for story in told), *shelf.entries(alone)],
        "others": other_reports(shelf, told[0]) if told else [],
        "stories": [story_entry(shelf, story) for story in stories if not told],
        "latest": shelf.entries(islice(latest, _LATEST)),
        "sections": [_section(shelf, term, shown) for term in shelf.main_topics],
        "days": [
            {
                "date": day,
                "path": shelf.day_path(day),
                "count": len(group),
                "entries": shelf.entries(group[:_TITLES]),
            }
            for day, group in list(shelf.library.days.items())[:_DAYS]
        ],
    }


def _is_new(shelf: Shelf, story: Story) -> bool:
    last, newest = story.articles[0].day, next(iter(shelf.library.days), None)
    return bool(last and newest and (newest - last).days <= _OLD)


def leading(shelf: Shelf, articles: Sequence[Article], most: int) -> list[Article]:
    """The articles that lead the front page: new ones with a picture and an excerpt, of one topic each if possible."""
    new = articles[:_NEW]
    fit = [article for article in new if shelf.entry(article)["thumbnail"] and article.excerpt]
    topics = {article.topic: article for article in reversed(fit)}
    first = [article for article in fit if topics[article.topic] is article]
    others = [article for article in fit if article not in first]
    plain = [article for article in new if article not in fit]
    return (first + others if fit else plain)[:most]


def _section(shelf: Shelf, term: Term, shown: set[str]) -> Context:
    """A topic with its newest articles; what leads the page already only where the topic has nothing else."""
    rest = [article for article in term.articles[: _TOPIC + len(shown)] if article.id not in shown]
    return {
        "topic": shelf.topics[term.slug],
        "count": len(term.articles),
        "entries": shelf.entries((rest or term.articles)[:_TOPIC]),
    }


def about(shelf: Shelf) -> Iterator[Page]:
    """What the site is, and how much it holds."""
    dates = list(shelf.library.days)
    known = {
        "count": len(shelf.library.articles),
        "publishers_count": len(shelf.library.publishers),
        "first": dates[-1] if dates else None,
        "last": dates[0] if dates else None,
        "editions_count": len(shelf.settings.editions),
        "extra": Markup(shelf.about),  # noqa: S704 - rendered from the owner's own Markdown, sanitised
    }

    words = shelf.locale.t
    path = permalinks.index(shelf.edition.slug, "about")
    yield shelf.page(path, "about.html", lambda: known, words("about"), words("about.what"), (known,))


def missing(shelf: Shelf) -> Iterator[Page]:
    """The page for addresses that lead nowhere; hosts look for it at the top."""
    if shelf.edition is shelf.settings.editions[0]:
        words = shelf.locale.t
        yield shelf.page("404.html", "404.html", dict, words("missing.title"), words("missing.text"), ())
