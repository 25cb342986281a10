"""The battery: every attack and every disguise in the shapes of mirrors, written into one content folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tests.attacks import mirrors, payloads, trackers

#: Behind these, a browser takes what follows for a part of the attack, and so do we: only the words before survive.
SWALLOWING = ("script 13", "script 14", "mxss", "twice-escaped", "svg-mathml", "css 1", "embed-form", "handler 15", "handler 11",
              "meta-link-base", "clobber", "js-url")  # fmt: skip
_SITE = """
base_url = "https://news.example/"
images = "remote"
[[editions]]
locale = "zh-Hant-TW"
script = "zh-Hant-TW"
[[editions]]
locale = "en"
script = "original"
[books]
days = 40
topics = true
"""


@dataclass(frozen=True)
class Case:
    """A document of the battery."""

    name: str
    path: str
    text: str
    words: tuple[str, ...]


def bodies() -> Iterator[Case]:
    """Every attack on the body in two shapes, every tracker in one."""
    shapes = list(mirrors.SHAPES)
    attacks = list(payloads.attacks().items())
    rows = [*attacks, *attacks, *((f"tracker {name}", markup) for name, markup in trackers.COUNTING.items())]
    for number, (name, markup) in enumerate(rows):
        shape = shapes[(number + (number >= len(attacks))) % len(shapes)]
        before, after = mirrors.words(number)
        text = mirrors.SHAPES[shape](number, f"灯塔第{number}夜", f"<p>{before}</p>\n{markup}\n<p>{after}</p>")
        kept = (before,) if name.startswith(SWALLOWING) else (before, after)
        yield Case(f"{name} in {shape}", mirrors.path(shape, number), text, kept)


def links(first: int = 2000) -> Iterator[Case]:
    """Links that report and pictures that are pictures, in every shape."""
    for number, (shape, make) in enumerate(mirrors.SHAPES.items(), first):
        before, after = mirrors.words(number)
        rows = "".join(
            f'<p>{n} <a href="{escape(url)}">见这里</a> {before}</p>' for n, url in enumerate(trackers.REPORTING)
        )
        shown = "".join(f'<p><img src="{address}"></p>' for address in trackers.PICTURES)
        yield Case(
            f"links in {shape}",
            mirrors.path(shape, number),
            make(number, f"第{number}夜", rows + shown + f"<p>{after}</p>"),
            (after,),
        )


def heads(first: int = 3000) -> Iterator[Case]:
    """Every saying where a document says something of itself, and as a caption and a file name."""
    shapes = list(mirrors.SHAPES)
    for step, (name, value) in enumerate(payloads.sayings().items()):
        number = first + 10 * step
        for offset, shape in enumerate((shapes[step % 6], shapes[(step + 3) % 6])):
            before, after = mirrors.words(number + offset)
            body = f"<p>{before}</p><p>{after}</p>"
            yield Case(
                f"{name} as title",
                mirrors.path(shape, number + offset),
                mirrors.SHAPES[shape](number + offset, value, body),
                (before, after),
            )
        yield _front(name, value, number + 2)
        yield _head(name, value, number + 3)
        yield _caption(name, value, number + 4)
        yield _file(name, value, number + 5)


def _front(name: str, value: str, number: int) -> Case:
    before, after = mirrors.words(number)
    said = json.dumps(value, ensure_ascii=False)
    keys = "".join(
        f"{key}: {said}\n"
        for key in ("author", "site", "headimg", "url", "date", "layout", "cover", "lang", "category")
    )
    text = f"---\ntitle: 第{number}夜\n{keys}tags: [{said}, {said[:20].strip(chr(34))!r}]\nterms: {{{said}: {said}}}\n---\n<p>{before}</p><p>{after}</p>"
    return Case(f"{name} in front matter", f"front/{number}.md", text, (before, after))


def _head(name: str, value: str, number: int) -> Case:
    before, after = mirrors.words(number)
    data = {"@type": "NewsArticle", "headline": f"第{number}夜{value}", "author": [{"name": value}], "publisher": {"name": value},
            "articleSection": value, "datePublished": value, "image": value, "url": value}  # fmt: skip
    said = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    metas = "".join(
        f'<meta property="{key}" content="{escape(value)}">'
        for key in ("og:image", "og:url", "og:site_name", "keywords", "article:section")
    )
    text = f'<!doctype html><html><head>{metas}<script type="application/ld+json">{said}</script></head><body><p>{before}</p><p>{after}</p></body></html>'
    return Case(f"{name} in the head", f"heads/{number}.html", text, (before, after))


def _caption(name: str, value: str, number: int) -> Case:
    before, after = mirrors.words(number)
    said = escape(value[:200])
    picture = f'<figure><img src="https://pictures.example/{number}.jpg" alt="{said}" title="{said}"><figcaption>{said}</figcaption></figure>'
    link = f'<p>{before}<a href="https://a.example/tag/{number}" title="{said}">{said[:20]}</a></p><table><tr><td>{said}</td><td>1</td></tr><tr><td>2</td><td>3</td></tr></table>'
    text = mirrors.hexo(number, f"第{number}夜", picture + link + f"<pre>{said}</pre><p>{after}</p>")
    return Case(f"{name} as caption", mirrors.path("hexo", number), text, (before, after))


def _file(name: str, value: str, number: int) -> Case:
    before, after = mirrors.words(number)
    safe = value.replace("/", "∕").replace("\x00", "")[:60]
    return Case(
        f"{name} as file name",
        f"names {safe[:20]}/n{safe}{number}.md",
        f"<p>{before}</p><p>{after}</p>",
        (before, after),
    )


def cases() -> list[Case]:
    """Every document of the battery."""
    return [*bodies(), *links(), *heads()]


def write(folder: Path, some: list[Case]) -> None:
    """Write documents and settings into a content folder."""
    for case in some:
        file = folder / case.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(case.text.encode("utf-8", "surrogatepass"))
    (folder / "site.toml").write_text(_SITE, "utf-8")
