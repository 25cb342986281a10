"""The imprint of a plain document: what its first and last lines say of the article, where no front matter does.

People who keep articles as text write it in lines of their own: ``> 作者：…``, ``- **Date**: …``, ``| 来源 | … |``,
``[港湾日报](https://…) | 沈牧之 | 2026-05-08``; and below the text ``[原文链接](https://…)``, hashtags, ways back to a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from generator.bylines import correspondent
from generator.dates import read_date
from generator.mirrors.front_matter import plain
from generator.models import Published

#: So many lines at either end are looked at, none longer than this.
_HEAD, _FOOT, _LONG = 14, 10, 300
#: What a line says, by the word before its colon.
_LABELS = {
    "title": r"(?:文章)?(?:标题|標題)|题目|題目|title|タイトル|العنوان",
    "author": r"作者|撰文|文|(?:本报|本報)?(?:记者|記者)|(?:written )?by|authors?|著者|筆者|الكاتب|بقلم",
    "date": r"(?:发布|發布|发表|發表|更新)?(?:时间|時間|日期)|(?:发布|發布|发表|發表)于?|(?:publish(?:ed)?(?: (?:date|at|on))?|date|posted(?: on)?)|公開日|日付|التاريخ",
    "url": r"原文(?:链接|連結|鏈接|地址|网址|網址|出处|出處|url)?|(?:文章)?(?:链接|連結|鏈接|网址|網址|地址)|(?:source |original )?(?:url|link)|original(?: article)?|元記事|الرابط",
    "source": r"(?:文章|新闻|新聞)?(?:来源|來源|出处|出處)|媒体|媒體|转载自|轉載自|source|publisher|site|via|出典|المصدر",
    "tags": r"标签|標籤|tags|keywords|タグ|الوسوم",
    "": r"分类|分類|栏目|欄目|category|编辑|編輯|字数|字數|阅读量|閱讀量|views|译者|譯者|translator",
}
_LABEL = re.compile("|".join(f"(?P<{name or 'rest'}>{words})" for name, words in _LABELS.items()), re.I)
_COLON = re.compile("[:：|]")
_LINK = re.compile(r"\[([^\]\n]{0,200})\]\(\s*<?([^\s)>]+)[^)]*\)")
_ADDRESS = re.compile(r"https?://[^\s<>\"'()\[\]|，。；]+")
#: How a line of a list, a quotation or a table begins and ends, and how words are set off.
_DRESS = re.compile(r"\A[\s>|*+_-]+|[\s|*_]+\Z|\*\*|__|(?<=\S)\*(?=\s*[:：])")
_RULE = re.compile(r"[-*_=]{3,}|[|:-]{5,}")
_BARS = re.compile(r"\s+[|｜·•/／]\s+|[|｜•]")
_TAGS = re.compile(r"(?:#[^\s#]{1,30}\s*)+\Z")
_TO_ORIGINAL = re.compile(
    r"(?:查看|阅读|閱讀|点击查看|點擊查看|點擊閱讀)?原文(?:链接|連結|鏈接|地址|网址|網址)?|(?:read )?(?:the )?original(?: article)?|source|元記事(?:を読む)?|المصدر",
    re.I,
)
_WAY = re.compile(r"(?:\W{0,3}(?:返回|回到|上一|下一|back to|previous|next|home|目录|目錄|首页|首頁)).{0,40}\Z", re.I)
_KEPT_BY = re.compile(
    r".{0,12}(?:机器人|機器人|自动|自動|程序|bot\b|script|archived|mirrored|crawled|版[权權]|copyright|all rights reserved).{0,60}\Z",
    re.I,
)
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,6}|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}")
_BY = re.compile(r"\A(?:by|作者|撰文|文)\s+", re.I)
#: How a last line says where the text stood before.
_STOOD = re.compile(
    r"(?:this (?:article|story|post) )?(?:was )?(?:originally|first) (?:published|appeared)|(?:本文)?(?:首发|首發|原载|原載|转载|轉載|来自|來自)(?:于|於|自)?",
    re.I,
)
#: How a sentence ends; the first line of a text without one may be its title.
_SENTENCE = re.compile(r"[。.；;：:，,、…]\W*\Z")
_TITLE_LENGTH = 60


@dataclass(slots=True)
class Imprint:
    """What the lines say; ``lines`` are those that only say it, ``rest`` is the text without them."""

    title: str = ""
    url: str = ""
    published: Published | None = None
    author: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    lines: list[str] = field(default_factory=list)
    rest: str = ""


def read_imprint(text: str) -> Imprint:
    """Read the first and the last lines of a text without front matter."""
    found = Imprint()
    rows = text.split("\n")
    taken = {*_head(rows, found), *_foot(rows, found)}
    found.lines = [bare for number in sorted(taken) if (bare := _bare(rows[number]))]
    found.rest = "\n".join("" if number in taken else row for number, row in enumerate(rows))
    return found


def _head(rows: list[str], found: Imprint) -> list[int]:
    """Read the first lines, up to the text; the numbers of those that belong to no text."""
    taken: list[int] = []
    rules: list[int] = []
    titled = False
    for number, row in enumerate(rows[:_HEAD]):
        if not row.strip() or row.lstrip().startswith(("![", "<img")):
            continue
        if len(row) > _LONG:
            break
        if row.startswith("#") or _is_underlined(rows, number) or _is_underlined(rows, number - 1):
            titled = True
        elif _is_rule(row):
            rules.append(number)
        elif _said(row, found) or _pieces(row, found) or _names_writer(row, found):
            taken += [*rules, number]
            rules.clear()
        elif not titled and not taken and _is_title(rows, number):
            found.title, titled = _bare(row), True
            taken.append(number)
        else:
            break
    return taken if found.url or found.published or found.author or found.title else []


def _is_underlined(rows: list[str], number: int) -> bool:
    """Whether a line is a heading by the line of signs below it."""
    below = rows[number + 1 : number + 2]
    return number >= 0 and bool(below and rows[number].strip() and re.fullmatch(r"={3,}\s*", below[0]))


def _is_rule(row: str) -> bool:
    """Whether a line is a rule, or the one below the head of a table."""
    return bool(_RULE.fullmatch("".join(row.split())))


def _is_title(rows: list[str], number: int) -> bool:
    """A short line that is no sentence, alone above the text or above its byline."""
    line = _bare(rows[number])
    if not 4 <= len(line) <= _TITLE_LENGTH or _SENTENCE.search(line) or _ADDRESS.search(line):
        return False
    following = [row for row in rows[number + 1 :] if row.strip()][:3]
    alone = rows[number + 1 : number + 2] == [""] and len(following[:1]) == 1 and len(following[0]) > 2 * len(line)
    byline = [row for row in following if read_date(row)]
    return alone or bool(byline and (byline[0] is following[0] or _NAME.fullmatch(_name(following[0]))))


def _foot(rows: list[str], found: Imprint) -> list[int]:
    """Read the last lines, back to the text; the numbers of those that belong to no text."""
    taken: list[int] = []
    last = [number for number in range(len(rows) - 1, -1, -1) if rows[number].strip()][:_FOOT]
    for number in last:
        row = rows[number]
        if len(row) > _LONG or not (_is_rule(row) or _closes(row, found)):
            break
        taken.append(number)
    return [] if all(_is_rule(rows[number]) for number in taken) else taken  # a rule alone is the text's own


def _closes(row: str, found: Imprint) -> bool:
    line = _bare(row)
    if _TAGS.match(row.strip()):
        found.tags = found.tags or tuple(tag for tag in row.replace("#", " ").split())
        return True
    links = _LINK.findall(row)
    if found.url == "" and _ADDRESS.fullmatch(line):
        found.url = line
        return True
    if _STOOD.match(line) and len(line) < 160 and _address(row):
        found.url = found.url or _address(row)
        return True
    named = next((url for text, url in links if _TO_ORIGINAL.fullmatch(plain(text).strip("*_ "))), "")
    if named.startswith("http"):
        found.url = found.url or named
        return len(_LINK.sub("", line)) < 60
    if len(links) > 1 and not _BARS.sub("", _LINK.sub("", row)).strip():
        return True
    local = bool(links) and not any(url.startswith("http") for _, url in links)
    if local and all(_WAY.match(_bare(text)) for text, _ in links):
        return True
    return bool(_KEPT_BY.match(line)) or (bool(_ADDRESS.search(row)) and _said(row, found))


def _said(row: str, found: Imprint) -> bool:
    """Take down what a line with a label says."""
    words, *values = map(str.strip, _COLON.split(_bare(row), maxsplit=1))
    label = _LABEL.fullmatch(words)
    if label is None or not values or not values[0]:
        return False
    value, name = values[0], label.lastgroup
    address = _address(row)
    if name == "date":
        when = read_date(value)
        found.published = found.published or when
        return when is not None
    if name == "url" or (name == "source" and address):
        found.url = found.url or address
    if name == "source":
        found.source = found.source or plain(_LINK.sub(r"\1", value) if "](" in value else _ADDRESS.sub("", value))
    elif name == "tags":
        found.tags = found.tags or tuple(filter(None, (tag.strip(" #`") for tag in re.split(r"[,，、;\s]+", value))))
    elif name == "author" and len(value) <= _TITLE_LENGTH:
        found.author = found.author or plain(_LINK.sub(r"\1", value))
    elif name == "title":
        found.title = found.title or plain(_LINK.sub(r"\1", value))
    return name != "url" or bool(address)


def _pieces(row: str, found: Imprint) -> bool:
    """Take down a line of pieces between bars: one is a day, others are a name and a link."""
    pieces = _between_bars(row)
    days = [day for piece in pieces if (day := read_date(piece))]
    shown = [_LINK.sub(r"\1", piece) for piece in pieces]
    if not days or sum(map(len, shown)) > 120 or max(map(len, shown)) > 40:
        return False
    found.published = found.published or days[0]
    for piece in pieces:
        if link := _LINK.search(piece):
            found.url, found.source = found.url or _address(piece), found.source or plain(link[1])
        elif _NAME.fullmatch(name := _name(piece)):
            found.author = found.author or name
    return True


def _between_bars(row: str) -> list[str]:
    """The pieces of a line; the strokes in addresses are no bars."""
    apart = _BARS.split(_LINK.sub(lambda link: link[0].replace("/", "\0"), row))
    return [piece for part in apart if (piece := _bare(part.replace("\0", "/")))]


def _names_writer(row: str, found: Imprint) -> bool:
    """Take down a line that is a name, below the title, behind ``by`` or beside its place."""
    bare, name = _bare(row), _name(row)
    placed = correspondent(bare)
    if not placed and (not _NAME.fullmatch(name) or (name == bare and not found.title)):
        return False
    found.author = found.author or placed or name
    return True


def _name(row: str) -> str:
    """A line without ``by`` and marks."""
    return _BY.sub("", _LINK.sub(r"\1", _bare(row)))


def _address(row: str) -> str:
    link = _LINK.search(row)
    if link and link[2].startswith("http"):
        return link[2]
    match = _ADDRESS.search(row)
    return match[0] if match else ""


def _bare(row: str) -> str:
    """A line without the marks of Markdown round it."""
    return plain(_DRESS.sub("", _DRESS.sub("", row)).lstrip("#").strip())
