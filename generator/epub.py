"""A book -> bytes: EPUB 3, written here, since it is a zip of few templates; the same bytes every time.

A book may load nothing from the web, so pictures that stand in the content folder come along and all others become
links, with their captions.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import Any
from unicodedata import east_asian_width
from urllib.parse import quote, unquote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from lxml import etree, html
from markupsafe import Markup

from generator import documents, permalinks
from generator.locales import Locale
from generator.models import Page
from generator.rendering import NO_XML, Renderer
from generator.sanitizer import MEDIA

#: How a picture begins -> its media type and the end of its name: those that every reading system shows.
_KINDS = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg", ".jpg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png", ".png"),
    (re.compile(rb"GIF8[79]a"), "image/gif", ".gif"),
    (re.compile(rb"RIFF....WEBP", re.S), "image/webp", ".webp"),
)
#: The earliest time that a zip can name: files in a book have no other.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_IN_URLS = re.compile(r"[\x00-\x20\"<>\\^`{|}\x7f]|%(?![0-9A-Fa-f]{2})|\[|\]")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?\Z")

Element = html.HtmlElement
Chapter = dict[str, Any]


class Pictures:
    """The pictures of a book: address in the articles -> file in the book, each once."""

    def __init__(self, renderer: Renderer) -> None:
        self.content = renderer.shelf.settings.content
        self.found: dict[str, tuple[str, str, bytes]] = {}  # address -> name, media type, bytes

    def take(self, address: str) -> str:
        """The place of a picture in the book; "" for one that is not here or that not every reading system shows."""
        if address not in self.found:
            scheme, _, path = address.partition(":")
            if scheme != MEDIA:
                return ""
            data = documents.file_of(self.content, unquote(path)).read_bytes()
            kind = next(((media, end) for begins, media, end in _KINDS if begins.match(data)), None)
            if kind is None:
                return ""
            stem = posixpath.splitext(posixpath.basename(permalinks.media(unquote(path))))[0]
            self.found[address] = (f"images/{stem}{kind[1]}", kind[0], data)
        return self.found[address][0]


def bind(renderer: Renderer, page: Page) -> bytes:
    """The bytes of a book's file; raises RenderError for a template that cannot be used."""
    book = page.context()
    chapters: list[Chapter] = [chapter for section in book["sections"] for chapter in section["chapters"]]
    pictures = Pictures(renderer)
    inside = {chapter["canonical_url"]: chapter["file"] for chapter in chapters if chapter["canonical_url"]}
    bodies = {chapter["file"]: _body(renderer, chapter, pictures, inside) for chapter in chapters}
    whole = {
        "book": book,
        "chapters": chapters,
        "id": uuid5(NAMESPACE_URL, renderer.shelf.settings.base_url + page.path),
        "images": sorted({(name, media) for name, media, _ in pictures.found.values()}),
        "fit": _fit,
        "web": _address,
    }

    def member(path: str, template: str, **more: object) -> tuple[str, bytes]:
        shown = renderer.render(Page(path, f"book/{template}", lambda: {**whole, **more}))
        return f"EPUB/{path}", shown

    members = [
        ("META-INF/container.xml", renderer.render(Page("container.xml", "book/container.xml", dict))),
        *(member(name, name) for name in ("package.opf", "nav.xhtml", "cover.xhtml", "cover.svg", "book.css")),
        *(member(c["file"], "chapter.xhtml", chapter=c, body=Markup(bodies[c["file"]])) for c in chapters),  # noqa: S704 - sanitised
        *((f"EPUB/{name}", data) for name, _, data in sorted(pictures.found.values())),
    ]
    return _zip(members)


def _zip(members: list[tuple[str, bytes]]) -> bytes:
    """A book's zip: the media type first and as it is, so that the file can be told by its beginning."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in [("mimetype", b"application/epub+zip"), *members]:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            packed = name.endswith((".jpg", ".png", ".gif", ".webp")) or name == "mimetype"
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return stream.getvalue()


def _fit(text: str, width: int, most: int) -> int:
    """The size in which a line of the cover has this width at most; Latin letters are about half as wide as Han."""
    ems = sum(1.0 if east_asian_width(c) in "WF" else 0.56 for c in text)
    return min(most, int(width / max(ems, 1)))


def _body(renderer: Renderer, chapter: Chapter, pictures: Pictures, inside: dict[str, str]) -> str:
    """The body of an article as XHTML: pictures taken in or linked, links only where they can lead somewhere."""
    root = html.fragment_fromstring(NO_XML.sub("", chapter["html"]), create_parent="div")
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    for image in list(root.iter("img")):
        _place(image, pictures, renderer.shelf.locale)
    for link in list(root.iter("a")):
        _lead(link, inside, ids, chapter["file"])
    for time in root.iter("time"):
        if not _TIME.match(time.get("datetime", "")):
            time.attrib.pop("datetime", None)
    root.set("class", "prose")
    return etree.tostring(root, method="xml", encoding="unicode", with_tail=False)


def _place(image: Element, pictures: Pictures, locale: Locale) -> None:
    """Let a picture come along, or put a link to it in its place."""
    address, alt = image.get("src", ""), image.get("alt", "")
    name = pictures.take(address)
    if name:
        image.set("src", f"../{name}")
        return
    url = _address(address)
    image.tag = "a" if url else "span"
    image.attrib.clear()
    image.set("class", "absent")
    if url:
        image.set("href", url)
    word = etree.SubElement(image, "span", {"lang": locale.tag, _XML_LANG: locale.tag, "dir": locale.dir})
    word.text = locale.t("books.picture")
    word.tail = f": {alt}" if alt else ""


def _lead(link: Element, inside: dict[str, str], ids: set[str | None], here: str) -> None:
    """Let a link lead to a chapter, a place in this one, or the web; one that leads nowhere is only its text."""
    href = link.get("href", "")
    link.attrib.pop("rel", None)
    if href in inside:
        link.set("href", permalinks.relative(inside[href], here))
    elif href.startswith("#") and href[1:] in ids:
        return
    elif url := _address(href):
        link.set("href", url)
    else:
        link.drop_tag()


def _address(href: str) -> str:
    """An address of the web as validators want it, or ""."""
    try:
        parts = urlsplit(href)
        known = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        return ""
    return _NOT_IN_URLS.sub(lambda match: quote(match[0]), href) if known or parts.scheme == "mailto" else ""
