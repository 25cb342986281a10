"""The front page, and the pages of which the site has one: what it is, and what is shown for a lost address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from markupsafe import Markup

from generator import permalinks
from generator.models import Page
from generator.pages.shelf import Context, Shelf
from generator.settings import in_locale

_LATEST, _SECTION, _DAYS = 9, 5, 4


def home(shelf: Shelf) -> Iterator[Page]:
    """The front page: the lead, the latest, each topic, the last days. The first edition's is the site's, too."""

    def show() -> Context:
        articles = shelf.library.articles
        lead = next((a for a in articles[:12] if a.lead_figure and a.excerpt), articles[0] if articles else None)
        latest = [article for article in articles[: _LATEST + 1] if article is not lead][:_LATEST]
        days = list(shelf.library.days.items())[:_DAYS]
        return {
            "lead": shelf.entry(lead) if lead else None,
            "latest": shelf.entries(latest),
            "sections": shelf.by_topic(articles, _SECTION),
            "days": [
                {
                    "date": day,
                    "path": shelf.day_path(day),
                    "count": len(group),
                    "entries": shelf.entries(group[:_SECTION]),
                }
                for day, group in days
            ],
        }

    description = in_locale(shelf.settings.description, shelf.locale.tag)
    page = shelf.page(permalinks.home(shelf.edition.slug), "home.html", show, description=description)
    yield page
    if shelf.edition is shelf.settings.editions[0]:
        yield replace(page, path="index.html")


def about(shelf: Shelf) -> Iterator[Page]:
    """What the site is, and how much it holds."""

    def show() -> Context:
        dates = list(shelf.library.days)
        return {
            "count": len(shelf.library.articles),
            "publishers_count": len(shelf.library.publishers),
            "first": dates[-1] if dates else None,
            "last": dates[0] if dates else None,
            "editions_count": len(shelf.settings.editions),
            "extra": Markup(shelf.about),  # noqa: S704 - rendered from the owner's own Markdown, sanitised
        }

    yield shelf.page(permalinks.index(shelf.edition.slug, "about"), "about.html", show, shelf.locale.t("about"))


def missing(shelf: Shelf) -> Iterator[Page]:
    """The page for addresses that lead nowhere; hosts look for it at the top."""
    if shelf.edition is shelf.settings.editions[0]:
        yield shelf.page("404.html", "404.html", dict, shelf.locale.t("missing.title"))
