"""What a tiny site becomes, as text that a person can review: the list of its files, and the outline of some pages."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from generator.build import build
from generator.settings import load_settings
from tests.sites.checks import Element, Site, elements, first, text_of

HERE = Path(__file__).parent
#: site -> the pages of which the outline is kept, as patterns.
PAGES = {
    "harbour": (
        *("zh-hans/index.html", "zh-hans/undated.html", "zh-hans/topics/world.html", "en/publishers.html"),
        *("zh-hans/articles/p-*.html", "zh-tw/articles/courier-1001.html", "zh-tw/articles/almanar-*.html"),
        "en/articles/courier-1002.html",
    ),
    "lantern": (
        "index.html",
        "ar/about.html",
        "404.html",
        "ar/articles/*.html",
        "hk/days/*.html",
        "hk/articles/tidewatch-ledger.html",
    ),
}
_KEPT = {
    "h1": "#",
    "h2": "##",
    "h3": "###",
    "h4": "####",
    "p": "",
    "li": "-",
    "dt": "?",
    "dd": "=",
    "figcaption": "caption:",
    "td": "|",
    "th": "|",
    "summary": "+",
    "pre": "pre:",
}


def names() -> list[str]:
    """The tiny sites that are here."""
    return sorted(folder.name for folder in HERE.iterdir() if (folder / "content").is_dir())


def build_site(name: str, folder: Path) -> Site:
    """Build a tiny site into a folder."""
    content = HERE / name / "content"
    build(content, folder / "public", jobs=1)
    return Site(folder / "public", urlsplit(load_settings(content).base_url).path or "/")


def expected(name: str) -> str:
    """What the site should become."""
    return (HERE / name / "expected.txt").read_text("utf-8")


def show(name: str, site: Site) -> str:
    """What the site became."""
    lines = ["files", *(f"  {path}" for path in site.paths)]
    for page in site.pages:
        if any(fnmatch.fnmatchcase(page, pattern) for pattern in PAGES[name]):
            lines += ["", page, *(f"  {line}" for line in outline(site, page))]
    return "\n".join(lines) + "\n"


def outline(site: Site, page: str) -> Iterator[str]:
    """The head and the main part of a page: headings, paragraphs, items, pictures and links in order."""
    tree = site.tree(page)
    yield f"<{tree.get('lang')} {tree.get('dir')}> {text_of(tree.cssselect('title')[0])}"
    main = first(tree, "main")
    if main is not None:
        for element in elements(main):
            yield from _line(site, page, element)


def _line(site: Site, page: str, element: Element) -> Iterator[str]:
    if element.tag == "img":
        yield f"[picture {_address(site, page, element.get('src', ''))}] {element.get('alt')}".rstrip()
    elif element.tag == "a":
        yield f"-> {_address(site, page, element.get('href', ''))}"
    elif element.tag in _KEPT:
        lang = f" ({element.get('lang')} {element.get('dir')})" if element.get("lang") else ""
        yield f"{_KEPT[element.tag]} {_own_text(element)}{lang}".strip()
    elif element.get("class") == "prose" and element.get("lang"):
        yield f"prose ({element.get('lang')} {element.get('dir')})"


def _own_text(element: Element) -> str:
    """The text of an element without that of the kept elements inside of it, which have lines of their own."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            parts += ["" if child.tag in _KEPT else _own_text(child), child.tail or ""]
    return " ".join("".join(parts).split())


def _address(site: Site, page: str, address: str) -> str:
    return site.target(page, address) or address
