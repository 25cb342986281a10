"""Draft -> Article, in two strides.

What repeats across a mirror can only be known when all its documents have been read:

    prepare   one document: parse, cut (tree.STEPS), gather figures, write the body anew as blocks, read the metadata
    finish    with what of it repeats elsewhere: cut (body.STEPS), sanitize, decide

Every cut is recorded with its step and rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from generator import events, names, words
from generator.addresses import link, original
from generator.boilerplate import Repeats, Sample, sample
from generator.cleaning import body, metadata, tree
from generator.cleaning.blocks import Builder
from generator.cleaning.dates import published
from generator.cleaning.figures import gather_figures
from generator.cleaning.media import is_picture
from generator.cleaning.mojibake import repaired
from generator.cleaning.workspace import Blocks, Workspace, elements, parse
from generator.copies import squash, traces
from generator.languages import detect
from generator.limits import TooSlowError, too_slow, within
from generator.models import Article, Block, Body, Draft, LeftOut, Publisher, Removal, Traces
from generator.publishers import Publishers
from generator.sanitizer import sanitize
from generator.settings import Settings
from generator.topics import topic

#: Phrases by which a publisher tells that the rest is not here.
_STUB = re.compile(
    r"(?:订阅|登录|登入|訂閱|付费|付費|成为会员|成為會員).{0,20}(?:继续|繼續|后|後|以|才能).{0,6}(?:阅读|閱讀|查看|全文)|(?:此|本)(?:文|内容).{0,10}(?:仅限|僅限|需).{0,10}(?:会员|會員|订阅|訂閱)|"
    r"(?:subscribe|sign in|log in|register)\b.{0,30}\b(?:to (?:continue|read|keep reading|unlock)|for full access)|this (?:article|content|story) is (?:for|available to|reserved for) (?:subscribers|members)|"
    r"(?:この記事は|続きは).{0,12}(?:有料|会員|ログイン)|للمشتركين فقط",
    re.I,
)
_NO_LETTER = re.compile(r"\W+")
#: A text shorter than this (letters and Han characters) without a picture tells nothing.
MIN_TEXT = 24
#: A page with a larger share of its text in links is an index of the mirror.
MOST_LINKS = 0.85
#: A stub's phrase only counts in a text shorter than this.
MAX_STUB = 600


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document after everything that can be done to it alone."""

    draft: Draft
    publisher: Publisher
    title: str
    blocks: tuple[Block, ...]
    canonical_url: str
    pictures: tuple[str, ...]  # of the content folder, by path
    missing: tuple[str, ...]  # pictures of the content folder that are not there
    removals: tuple[Removal, ...]

    @property
    def mirror(self) -> str:
        """The mirror whose documents repeat themselves together: the first folder of the path."""
        return self.draft.document.path.partition("/")[0] if "/" in self.draft.document.path else "."

    def sample(self) -> Sample:
        """What the document adds to the count of what repeats."""
        return sample(self.mirror, self.publisher.slug, self.blocks)


def prepare(draft: Draft, publishers: Publishers, settings: Settings) -> Prepared | LeftOut:
    """Clean one draft as far as it can be cleaned alone."""
    try:
        with within(settings.limits.seconds):
            return _prepare(draft, publishers, settings)
    except TooSlowError:
        return too_slow(draft.document.path, settings.limits)


def _prepare(draft: Draft, publishers: Publishers, settings: Settings) -> Prepared:
    html, repair = repaired(draft.html)
    draft = replace(draft, html=html, title=repaired(draft.title)[0])
    kept_at = link(draft.url, "")
    url = original(kept_at)
    draft = replace(draft, url=url)
    publisher = publishers.find(url, draft.source)
    limits, before = settings.limits, list(draft.removals)
    work = Workspace(
        parse(html, limits.depth), draft, publisher, kept_at, settings.content, before, limits.picture_bytes
    )
    if repair:
        work.record("hidden", "mojibake repaired", repair)
    for step in tree.STEPS:
        step(work)
    gather_figures(work)
    blocks = Builder(_resolver(url, kept_at), _anchors(work)).build(work.root)
    return Prepared(
        draft=draft,
        publisher=publisher,
        title=metadata.title(draft, publisher, blocks[0] if blocks else None),
        blocks=tuple(blocks),
        canonical_url=url,
        pictures=tuple(sorted(path for path, there in work.pictures.items() if there)),
        missing=tuple(sorted(path for path, there in work.pictures.items() if not there)),
        removals=tuple(work.removals),
    )


def _resolver(url: str, kept_at: str) -> Callable[[str], str]:
    """What makes links absolute; of a page that was saved from an archive they lead to the archive's copies of others."""
    if url == kept_at:
        return lambda href: link(href, url)
    return lambda href: original(link(href, kept_at))


def _anchors(work: Workspace) -> frozenset[str]:
    """The names to which links inside the document lead, and which are there: only these ids are kept."""
    wanted = {a.get("href", "")[1:] for a in elements(work.root, "a") if a.get("href", "").startswith("#")}
    if wanted:
        wanted &= {name for e in work.root.iter() for name in (e.get("id"), e.get("name")) if name}
    return frozenset(name for name in wanted if re.fullmatch(r"[\w.:-]{1,80}", name))


def finish(prepared: Prepared, repeats: Repeats, settings: Settings) -> Article | LeftOut:
    """The article, or the reason why there is none. ``repeats``: what of the document stands in many others."""
    try:
        with within(settings.limits.seconds):
            return _finish(prepared, repeats, settings)
    except TooSlowError:
        return too_slow(prepared.draft.document.path, settings.limits)


def _finish(prepared: Prepared, repeats: Repeats, settings: Settings) -> Article | LeftOut:
    draft, publisher = prepared.draft, prepared.publisher
    work = Blocks(
        list(prepared.blocks),
        draft,
        publisher,
        prepared.title,
        prepared.canonical_url,
        repeats,
    )
    for step in body.STEPS:
        step(work)
    figures = [block for block in work.blocks if block.kind == "figure"]
    text = "\n".join(block.text for block in work.blocks if block.lines)
    if reason := _left_out(prepared, work, text, bool(figures)):
        return reason
    lang = detect(f"{prepared.title}\n{text}", publisher.lang)
    lead = _source(figures[0]) if figures else _wrapper_picture(draft)
    blocks = [_lead_block(lead), *work.blocks] if lead and not figures else work.blocks
    html = sanitize(_without_lang("\n".join(block.html for block in blocks), lang))
    tags = metadata.tags(draft, work.blocks)
    return Article(
        id=metadata.identifier(draft, publisher),
        path=draft.document.path,
        title=prepared.title,
        published=published(draft, publisher, [*_first_lines(prepared.blocks), *_first_lines(work.blocks)]),
        updated=None,
        lang=lang,
        canonical_url=prepared.canonical_url,
        publisher=publisher.slug,
        publisher_name={} if publisher.hosts else publisher.name,
        author=metadata.author(draft, publisher, work.blocks, work.credits),
        credits=tuple(dict.fromkeys(metadata.credit(line) for line in work.credits)),
        topic=topic(draft, publisher, settings.topics, prepared.title, text),
        tags=tags,
        lead_figure=lead,
        excerpt=metadata.excerpt(work.blocks),
        reading_minutes=metadata.reading_minutes(text),
        mirrors=draft.mirrors,
        convert=draft.convert,
        terms=draft.terms,
        sha256=draft.document.sha256,
        mirrored=draft.stamped,
        picture_files=prepared.pictures,
        traces=_traces(prepared.title, html, text, tags),
        body=Body(html, text, (*prepared.removals, *work.removals)),
    )


def _traces(title: str, html: str, text: str, tags: tuple[str, ...]) -> Traces:
    """What other articles have to know of this one."""
    told, marks = words.told(title, text), words.marks(title, text)
    people = names.people(tags, f"{title}\n{text}")
    return replace(traces(title, html, text), words=told, marks=marks, facts=events.told(title, text), people=people)


def _first_lines(blocks: Sequence[Block]) -> list[str]:
    """Where a page says when it was published, and where the dateline of the text stands."""
    return [line for block in blocks[:6] if block.kind != "figure" for line in block.lines][:4]


def _left_out(prepared: Prepared, work: Blocks, text: str, pictured: bool) -> LeftOut | None:
    path = prepared.draft.document.path
    letters = len(_NO_LETTER.sub("", text))
    plain = squash(text)
    said = " ".join(
        (
            text,
            *(r.text for r in work.removals),
            *(r.text for r in prepared.removals if r.step == "promotion"),
        )
    )
    if not letters and not pictured:
        cut = {removal.step for removal in work.removals}
        if "boilerplate" in cut:
            return LeftOut(path, "boilerplate only", "all of its text repeats in many documents of the mirror")
        if "repeat" in cut:
            return LeftOut(path, "title only", "the body only repeats the title")
        return LeftOut(path, "empty", "there is no text and no picture under the wrapper")
    if letters < MAX_STUB and _STUB.search(said):
        return LeftOut(path, "stub", "the publisher shows the rest to subscribers only")
    if not pictured and sum(b.link_text for b in work.blocks) > MOST_LINKS * len(plain) and len(work.blocks) > 3:
        return LeftOut(path, "navigation", "a page of links, not an article")
    if plain == squash(prepared.title) and not pictured:
        return LeftOut(path, "title only", "the body only repeats the title")
    if letters < MIN_TEXT and not pictured:
        return LeftOut(path, "too short", f"only {letters} characters of text")
    if text.count("\ufffd") * 20 > len(text):
        return LeftOut(path, "damaged", "the text is broken beyond repair")
    return None


def _without_lang(html: str, lang: str) -> str:
    """Marks of the language that the whole article is in say nothing."""
    return (
        html
        if "lang=" not in html.lower()
        else re.sub(rf'(<[a-z0-9]+[^>]*?) lang="{lang.partition("-")[0]}(?:-[\w-]*)?"', r"\1", html, flags=re.I)
    )


def _source(figure: Block) -> str:
    match = re.search(r'<img src="([^"]*)"', figure.html)
    return match[1].replace("&amp;", "&") if match else ""


def _wrapper_picture(draft: Draft) -> str:
    """The picture that the wrapper names, for an article that shows none itself."""
    return link(draft.lead_figure, "") if is_picture(draft.lead_figure) else ""


def _lead_block(address: str) -> Block:
    from html import escape

    return Block("figure", f'<figure><img src="{escape(address)}" alt=""></figure>', ())
