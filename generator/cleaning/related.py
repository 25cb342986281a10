"""Steps on the blocks that take what leads elsewhere: related articles, teasers, calls for readers."""

from __future__ import annotations

from generator.addresses import host_of
from generator.cleaning.blocks import HEADINGS
from generator.cleaning.leads import (
    asks_for_readers,
    is_contents,
    is_front_page,
    is_link_list,
    is_spoken,
    is_teaser,
    leads_on,
    lists_pages,
    only_links,
    says,
)
from generator.cleaning.workspace import Blocks
from generator.copies import closed_up
from generator.models import Block

#: A line that leads to a list by a colon has at least so many characters; shorter ones are heads.
MIN_LEAD = 12


def drop_related(body: Blocks) -> None:
    """Heads like 相关新闻 with the links below them, lists of links to the publisher's own pages, pitches."""
    index = 0
    own = host_of(body.base)
    total = sum(len(block.text) for block in body.blocks)
    while index < len(body.blocks):
        block = body.blocks[index]
        text = block.text
        if (
            block.kind not in ("figure", "table", "pre", "hr", "blockquote")
            and len(text) < 200
            and (says("related", text.strip()) or leads_on(block) or _heads_pages(index, body, own))
        ):
            body.cut(index, "promotion", "related articles")
            cut_links(index, body)
        elif is_link_list(block, own) and len(text) * 4 < total and not _is_led_to(index, body):
            body.cut(index, "promotion", "list of links to the publisher's own pages")
            index -= _cut_bare_head(index, body)
        elif _is_line(block) and len(text) < 130 and says("control", text):
            body.cut(index, "promotion", "control")
        elif (
            block.kind in ("p", "h2", "h3", "h4")
            and len(text) < 160
            and _at_edge(index, body)
            and says("pitch", text)
            and not is_spoken(text)
            and not _is_led_to(index, body)
        ):
            body.cut(index, "promotion", "pitch")
        elif asks_for_readers(block, own):
            body.cut(index, "promotion", "asks for readers")
        else:
            index += 1


def _heads_pages(index: int, body: Blocks, own: str) -> bool:
    """Whether a line such as "More on bridges" stands above a list of other pages of the site."""
    block, below = body.blocks[index], body.blocks[index + 1 : index + 2]
    if not _is_line(block) or len(block.text) > 60 or not says("heads", block.text.strip()):
        return False
    return only_links(block) or any(only_links(one) or lists_pages(one, own) for one in below)


def _cut_bare_head(index: int, body: Blocks) -> bool:
    """Cut the heading above what was just cut, where it heads nothing else; whether it did."""
    head = body.blocks[index - 1] if index else None
    below = body.blocks[index].kind if index < len(body.blocks) else "h1"
    bare = head is not None and head.kind in HEADINGS and below in HEADINGS and below <= head.kind
    if bare:
        body.cut(index - 1, "promotion", "heads nothing but links")
    return bare


def drop_teasers(body: Blocks) -> None:
    """In whole pages: lines that only lead to other pages of the site, or back into the page; unless they are its matter."""
    own = host_of(body.base)
    if not body.draft.whole_page or not own:
        return
    text = closed_up("".join(block.text for block in body.blocks))
    teasers, index = _teasers(body, own, len(text)), len(body.blocks)
    while index > 0:
        index -= 1
        block = body.blocks[index]
        if block in teasers:
            body.cut(index, "promotion", "link to another page")
        elif is_contents(block, body.base, text):
            body.cut(index, "promotion", "contents of the page")
            if index and says("contents", body.blocks[index - 1].text.strip()):
                index -= 1
                body.cut(index, "promotion", "contents of the page")
        elif index > len(body.blocks) - 4 and is_front_page(block):
            body.cut(index, "promotion", "link to a front page")
        else:
            continue
        index -= _cut_bare_head(index, body)


def _teasers(body: Blocks, own: str, total: int) -> frozenset[Block]:
    """The lines that only lead to other pages, unless the text is made of such and of what it says of each."""
    found = [is_teaser(block, own) and not _is_led_to(index, body) for index, block in enumerate(body.blocks)]
    told = [index for index, follower in enumerate(body.blocks[1:]) if found[index] and _tells_of(follower, own)]
    for index in told:
        found[index] = body.blocks[index].kind == "p" and len(told) * 5 <= max(len(body.blocks), 10)
    teasers = frozenset(block for block, is_one in zip(body.blocks, found, strict=True) if is_one)
    return teasers if 4 * sum(len(block.text) for block in teasers) < total else frozenset()


def _tells_of(block: Block, own: str) -> bool:
    """Whether a block may say something of what stands above it."""
    return block.kind not in HEADINGS and not is_teaser(block, own)


def _is_led_to(index: int, body: Blocks) -> bool:
    """Whether in a whole page the line before ends with a colon, so that what follows belongs to it."""
    before = body.blocks[index - 1].text.rstrip() if index and body.draft.whole_page else ""
    return len(before) >= MIN_LEAD and before.endswith((":", "："))


def _is_line(block: Block) -> bool:
    return block.kind in ("p", "h2", "h3", "h4") or (block.kind in ("ul", "ol") and len(block.lines) == 1)


def cut_links(index: int, body: Blocks) -> None:
    """Cut the links below a head such as 相关新闻."""
    own = host_of(body.base)
    while index < len(body.blocks) and (only_links(body.blocks[index]) or lists_pages(body.blocks[index], own)):
        body.cut(index, "promotion", "related articles")


def _at_edge(index: int, body: Blocks) -> bool:
    return index < 2 or index >= len(body.blocks) - 6
