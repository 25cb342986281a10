"""Steps on the blocks: what the tree could not tell by its marks, the words tell. One function a step."""

from __future__ import annotations

import re
from functools import cache

from generator.addresses import host_of
from generator.boilerplate import repeats
from generator.bylines import correspondent
from generator.cleaning.blocks import HEADINGS, bare
from generator.cleaning.figures import MAX_CAPTION
from generator.cleaning.leads import says
from generator.cleaning.related import cut_links, drop_related, drop_teasers
from generator.cleaning.workspace import Blocks
from generator.copies import squash
from generator.dates import is_date
from generator.models import Block

#: An editor's credit, by form: a role, a colon or slash, a name; or a bracketed "(reporter …/editor …)" line.
_CREDIT = re.compile(
    r"[（(【\[]\s*(?:文|撰文|图文|圖文)\s*[/／].{2,24}[】）)\]]\Z|"
    r"[（(【\[]?\s*(?:(?:转自|轉自|记者|記者|特约记者)?.{0,24}[/／\s])?"
    r"(?:责任编辑|責任編輯|责编|責編|网编|網編|編輯|编辑|审校|審校|编译|編譯|校对|校對)\s*[:：/／\s].{1,30}\Z|"
    r"(?i:[-–—]*\s*(?:(?:additional )?(?:reporting|writing|editing)(?: and (?:writing|editing))? by|with assistance (?:by|from)) [^.]{2,110}\Z)"
)
#: Whose report it is, at one of its ends.
_SOURCE = re.compile(
    r"(?:本报|本報)?(?:记者|記者|撰文|撰稿|作者)\s*[:：]\s*[\u4e00-\u9fff·]{2,4}(?:[、，,/／\s]{1,2}[\u4e00-\u9fff·]{2,4}){0,3}\Z|"
    r"(?:(?:文章|新闻|新聞)?(?:来源|來源)|المصدر|Source)\s*[:：]\s*[^\s。.!?！？/][^。.!?！？/]{0,40}\Z",
    re.I,
)
#: What stands before a date that says when the article was published.
_DATED = re.compile(r"(?:发布|發布|更新|发表|發表)?(?:时间|時間|日期)?\s*[:：]?\s*")
_AGO = re.compile(r"\d{1,2}\s*(?:分钟|分鐘|小时|小時|天)(?:之)?前\Z")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|Copyright)\s*(?:\d{4}.{0,60}|.{0,40}\d{4}.{0,20})\Z", re.I)
#: The page of a printed paper.
_PRINTED = re.compile(
    r"《[^《》]{2,16}》\s*[（(]\s*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日.{0,6}\d{1,3}\s*版\s*[)）]\Z"
)
_ORIGINAL = re.compile(
    r"\W{0,8}(?:原文|原始|来源|來源|出处|出處|original|source|via)[^\n:：]{0,24}[:：]\s*https?://\S+\Z", re.I
)
_ROW_SEPARATORS = re.compile(r"[\s|｜·•/»>,，、-]+")
_CAPTION = re.compile(
    r"(?:[▲△▼↑◎●]|(?:图|圖|图片|圖片|照片|写真|写真説明)\s?[\d一二三四五六七八九十上下左右]{0,5}\s?[:：為为/／\-—])"
)
_SEPARATOR = re.compile(r"[\s*＊·・•\-—–_=~#＃◇◆○●□■☆★※.。…|/]+\Z")


@cache
def _compiled(rules: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, rules))


def end_article(body: Blocks) -> None:
    """Everything from the publisher's end mark on is the publisher's own advertising."""
    for rule in _compiled(body.publisher.end):
        for index, block in enumerate(body.blocks):
            if rule.match(block.text):
                while len(body.blocks) > index:
                    body.cut(index, "promotion", f"{body.publisher.slug}: from {rule.pattern}")
                break


def drop_known_lines(body: Blocks) -> None:
    """Blocks that the publisher's file knows."""
    rules = _compiled(body.publisher.lines)
    for index, block in body.backwards() if rules else ():
        text = block.text
        rule = next((rule for rule in rules if rule.match(text)), None) if block.kind != "figure" else None
        if rule is not None:
            body.cut(index, "promotion", f"{body.publisher.slug}: {rule.pattern}")
            cut_links(index, body)


def keep_credits_aside(body: Blocks) -> None:
    """Editors' credits are data about the article; they leave the body."""
    rules = _compiled(body.publisher.credits)
    for index, block in body.backwards():
        if block.kind not in ("p", "h2", "h3", "h4", "h5", "h6") or len(block.text) > 120:
            continue
        text = block.text.strip()
        edge = index < 3 or index >= len(body.blocks) - 4
        known = any(rule.match(text) for rule in rules) or _CREDIT.match(text)
        if known or (edge and (_SOURCE.match(text) or correspondent(text))):
            body.credits.insert(0, text)
            body.cut(index, "credit", "editor's credit")


def drop_repeats(body: Blocks) -> None:
    """The title, the date and the copyright line that the page shows anyway."""
    title = squash(body.title)
    for index, block in body.backwards():
        text = block.text.strip()
        if block.kind in ("figure", "table", "pre", "hr"):
            continue
        if index < 6 and title and squash(text) in (title, squash(body.draft.title)):
            body.cut(index, "repeat", "title")
        elif index > len(body.blocks) - 3 and block.kind != "blockquote" and text and text == body.draft.author:
            body.cut(index, "repeat", "author")
        elif (index < 4 or index > len(body.blocks) - 4) and _is_date_line(block, body):
            body.cut(index, "repeat", "date")
        elif index > len(body.blocks) - 8 and _PRINTED.match(text):
            body.cut(index, "repeat", "page of the printed paper")
        elif index > len(body.blocks) - 8 and (_ORIGINAL.match(text) or _is_own_address(text, body)):
            body.cut(index, "repeat", "address of the original or of the mirror's copy")
        elif len(text) < 100 and _COPYRIGHT.match(text):
            body.cut(index, "promotion", "copyright line")


def _is_date_line(block: Block, body: Blocks) -> bool:
    """A line that says nothing but when the article was published; several in headings are those of a diary."""
    if not _says_when(block):
        return False
    return block.kind not in HEADINGS or sum(one.kind in HEADINGS and _says_when(one) for one in body.blocks) == 1


def _says_when(block: Block) -> bool:
    text = block.text.strip()
    return len(text) < 80 and (bool(_AGO.match(text)) or is_date(_DATED.sub("", text, count=1)))


def _is_own_address(text: str, body: Blocks) -> bool:
    """A line that is nothing but the address of the document in its mirror."""
    name = body.draft.document.path.rpartition("/")[2].rpartition(".")[0]
    return bool(re.fullmatch(r"https?://\S+", text)) and len(name) > 4 and (name in text or text.endswith(".md"))


def join_captions(body: Blocks) -> None:
    """A paragraph such as ``图1-2：…`` or ``▲…`` behind a picture without words is the caption of the picture."""
    for index, block in body.backwards():
        before = body.blocks[index - 1] if index else None
        if before is None or before.kind != "figure" or before.lines or block.kind != "p":
            continue
        if len(block.text) <= MAX_CAPTION and _CAPTION.match(block.text):
            markup = before.html.replace("</figure>", f"<figcaption>{bare(block)}</figcaption></figure>")
            body.blocks[index - 1 : index + 1] = [Block("figure", markup, block.lines)]


def drop_rows(body: Blocks) -> None:
    """Rows of links: headings that are links to another host and nothing else, and links with bars between them."""
    own, whole = host_of(body.base), body.draft.whole_page
    for index, block in body.backwards():
        if block.kind not in ("p", "h1", "h2", "h3", "h4", "h5", "h6") or not block.link_text:
            continue
        if not block.links and block.link_text == len(block.text) <= 6:
            body.cut(index, "promotion", "control")  # "back", "print": a link that only a script could follow
            continue
        in_links = block.links and block.link_text >= len(_ROW_SEPARATORS.sub("", block.text)) - 2
        if not in_links:
            continue
        elsewhere = not whole and all(host_of(link) not in (own, "") or link.endswith(".md") for link in block.links)
        bars = len(block.lines) == 1 and block.text.count("|") + block.text.count("｜") >= len(block.links) - 1 > 0
        if (block.kind != "p" and elsewhere) or bars:
            body.cut(index, "promotion", "row of links")


def drop_boilerplate(body: Blocks) -> None:
    """What recurs across the mirror, as learnt from the whole folder."""
    for index, block in body.backwards():
        if reason := repeats(block, body.repeats):
            body.cut(index, "boilerplate", reason)


def level_headings(body: Blocks) -> None:
    """Headings start at the second level (the title is the first) and leave none out."""
    levels = sorted({block.kind for block in body.blocks} & HEADINGS)
    new = {old: f"h{min(4, 2 + rank)}" for rank, old in enumerate(levels)}
    for index, block in enumerate(body.blocks):
        if block.kind in new:
            kind = new[block.kind]
            markup = re.sub(r"(?<=\A<)h[1-6]|h[1-6](?=>\Z)", kind, block.html)
            body.blocks[index] = Block(kind, markup, block.lines, block.links, block.link_text)


def raise_bold_lines(body: Blocks) -> None:
    """A short paragraph all in bold before a plain one is a heading; unless the author sets whole pages in bold."""
    bold = [index for index, block in enumerate(body.blocks) if _is_bold_line(block)]
    paragraphs = sum(block.kind == "p" for block in body.blocks)
    if not bold or len(bold) * 3 > paragraphs:
        return
    level = "h3" if any(block.kind == "h2" for block in body.blocks) else "h2"
    for index in bold:
        follower = body.blocks[index + 1] if index + 1 < len(body.blocks) else None
        if (
            (index or len(bold) > 1)
            and follower is not None
            and follower.kind in ("p", "figure", "ul", "ol", "blockquote")
            and not _is_bold_line(follower)
        ):
            block = body.blocks[index]
            text = re.sub(r"</?(?:strong|p)(?: [^>]*)?>", "", block.html)
            body.blocks[index] = Block(level, f"<{level}>{text}</{level}>", block.lines, block.links, block.link_text)


def _is_bold_line(block: Block) -> bool:
    if block.kind != "p" or len(block.lines) != 1 or not 2 <= len(block.text) <= 42:
        return False
    outside = re.sub(r"<strong>.*?</strong>|<[^>]*>", "", block.html).strip(" ：:")
    return not outside and not re.search(r"[。！!；;，,…\"”」]\Z|\A[“\"「（(]", block.text)


def trim(body: Blocks) -> None:
    """No rule or separator at the start (behind lead figures, too) or the end, none twice."""
    first = next((index for index, block in enumerate(body.blocks) if block.kind != "figure"), 0)
    if (
        body.draft.whole_page
        and body.blocks
        and body.blocks[-1].kind in HEADINGS
        and says("heads", body.blocks[-1].text)
    ):
        body.cut(len(body.blocks) - 1, "promotion", "heads nothing")
    for index, block in body.backwards():
        following = body.blocks[index + 1].kind if index + 1 < len(body.blocks) else "hr"
        edge = index <= first or index == len(body.blocks) - 1
        if (block.kind == "hr" and (edge or following == "hr")) or (
            edge and block.kind == "p" and _SEPARATOR.match(block.text)
        ):
            if block.lines:
                body.cut(index, "empty", "separator at the edge")
            else:
                body.blocks.pop(index)


STEPS = (
    end_article,
    join_captions,
    drop_known_lines,
    keep_credits_aside,
    drop_repeats,
    drop_boilerplate,
    drop_rows,
    drop_related,
    drop_teasers,
    trim,
    raise_bold_lines,
    level_headings,
)
