"""Tags: the most frequent of each kind, all of a kind by name, and the articles of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

from generator import permalinks
from generator.models import Page, Term
from generator.names import KINDS
from generator.pages.lists import listed
from generator.pages.shelf import Context, Shelf

#: So many tags of a kind stand in the list of tags; so many on a page of all of that kind.
_MOST, _PART = 48, 300


def tags(shelf: Shelf) -> Iterator[Page]:
    """The list of the most frequent tags by what they name, all of a kind by name, and each tag's articles by day."""
    words, path = shelf.locale.t, permalinks.index(shelf.edition.slug, "tags")
    kinds = {kind: [term for term in shelf.library.tags if term.kind == kind] for kind in (*KINDS, "")}

    def group(kind: str, terms: list[Term]) -> Context:
        more = _by_name_path(shelf, kind) if len(terms) > _MOST else ""
        return {"name": _name(shelf, kind), "tags": _rows(shelf, terms[:_MOST]), "path": more, "count": len(terms)}

    def show() -> Context:
        return {"groups": [group(kind, terms) for kind, terms in kinds.items() if terms]}

    shows = [(kind, len(terms), _told(terms[:_MOST])) for kind, terms in kinds.items()]
    yield shelf.page(path, "tags.html", show, words("tags"), words("describe.tags"), (shows,))
    for kind, terms in kinds.items():
        if len(terms) > _MOST:
            yield from _by_name(shelf, kind, terms)
    for term in shelf.library.tags:
        place = permalinks.listing(shelf.edition.slug, "tags", term.slug)
        yield from listed(shelf, term.articles, place, "tag.html", *_of(shelf, term), term.name[""])


def _by_name(shelf: Shelf, kind: str, terms: list[Term]) -> Iterator[Page]:
    """All tags of a kind in the order of their names, over as many pages as it takes: each leads to all."""
    first, order = _by_name_path(shelf, kind), _order(shelf)
    paths = [permalinks.part(first, number) for number in range(1 + (len(terms) - 1) // _PART)]

    @cache
    def parts() -> list[list[Context]]:
        rows = sorted(_rows(shelf, terms), key=lambda row: (order(row["name"]), row["slug"]))
        return [rows[start : start + _PART] for start in range(0, len(rows), _PART)]

    def show(number: int) -> Context:
        ends = [{"path": path, "first": rows[0], "last": rows[-1]} for path, rows in zip(paths, parts(), strict=True)]
        return {"name": _name(shelf, kind), "tags": parts()[number], "parts_of_kind": ends, "number": number}

    def title(number: int) -> str:
        rows = parts()[number]
        return f"{_name(shelf, kind)} · {rows[0]['name']} – {rows[-1]['name']}"

    described, shows = shelf.locale.t("describe.tags"), _told(terms)
    for number, path in enumerate(paths):
        make, head = partial(show, number), partial(title, number)
        yield shelf.page(path, "tags_by_name.html", make, head, described, (number, shows))


def _by_name_path(shelf: Shelf, kind: str) -> str:
    """The page of all tags of a kind; not among those of the tags, which have names of every kind."""
    return permalinks.listing(shelf.edition.slug, "tags-by-name", kind or "subject")


def _name(shelf: Shelf, kind: str) -> str:
    return shelf.locale.t(f"tags.{kind or 'subject'}")


def _rows(shelf: Shelf, terms: list[Term]) -> list[Context]:
    return [{**shelf.tag(term), "count": len(term.articles)} for term in terms]


def _told(terms: list[Term]) -> list[tuple[str, str, int]]:
    """Changes with whatever a list shows of tags."""
    return [(term.slug, term.name[""], len(term.articles)) for term in terms]


def _order(shelf: Shelf) -> Callable[[str], bytes]:
    """Where a name stands among others: Latin letters first, then Chinese as the codes of its script order it.

    Those of Simplified Chinese (GB 2312, within GB 18030) stand in the order of pinyin, those of Traditional Chinese (Big5)
    in that of strokes; in both the characters that are not common follow.
    """
    codes = "big5hkscs" if shelf.edition.script.startswith("zh-Hant") else "gb18030"
    return lambda name: name.casefold().encode(codes, "replace")


def _of(shelf: Shelf, term: Term) -> tuple[Callable[[], Context], Callable[[], str]]:
    """What the template shows of a tag, and its name."""
    return lambda: {"tag": shelf.tag(term)}, lambda: str(shelf.tag(term)["name"])
