"""Steps on the blocks: what the tree could not tell by its marks, the words tell. One function a step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from generator.addresses import host_of
from generator.boilerplate import Repeats, repeats
from generator.cleaning.blocks import HEADINGS, bare
from generator.cleaning.figures import MAX_CAPTION
from generator.copies import squash
from generator.models import Block, Draft, Publisher, Removal

_SPACE = re.compile(r"[\s\u3000\u200b\ufeff]+")
#: An editor's credit, by form: a role, a colon or slash, a name; or a bracketed "(reporter …/editor …)" line.
_CREDIT = re.compile(
    r"[（(【\[]?\s*(?:(?:转自|轉自|记者|記者|特约记者)?.{0,24}[/／\s])?"
    r"(?:责任编辑|責任編輯|责编|責編|网编|網編|編輯|编辑|审校|審校|编译|編譯|校对|校對)\s*[:：/／\s].{1,30}\Z"
)
#: Whose report it is, at one of its ends.
_SOURCE = re.compile(
    r"(?:(?:文章|新闻|新聞)?(?:来源|來源)|المصدر|Source)\s*[:：]\s*[^\s。.!?！？/][^。.!?！？/]{0,40}\Z", re.I
)
_DATE_LINE = re.compile(
    r"(?:(?:发布|發布|更新|发表|發表)?(?:时间|時間|日期)?\s*[:：]?\s*)?(?:\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{4}\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}\s?日?)"
    r"(?:\s*[-–T ]?\s*\d{1,2}:\d\d(?::\d\d)?)?(?:\s*(?:GMT|UTC|CST)?[+-]?\d*)?\Z|\d{1,2}\s*(?:分钟|分鐘|小时|小時|天)(?:之)?前\Z"
)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|Copyright)\s*(?:\d{4}.{0,60}|.{0,40}\d{4}.{0,20})\Z", re.I)
#: Heads of lists of other articles, and lines that lead to one.
_RELATED = re.compile(
    r"(?:【|\[|「)?(?:相关|相關|延伸|推荐|推薦|更多|热门|熱門|精彩|往期|关联|猜你喜欢)(?:新闻|新聞|阅读|閱讀|文章|报[导道]|報[導道]|链接|鏈接|連結|视频|視頻|内容|內容|推荐|推薦)?"
    r"(?:】|\]|」)?\s*[:：]?\s*\Z|(?:相关|相關|延伸|推荐|推薦)(?:新闻|新聞|阅读|閱讀|文章|报[导道]|報[導道]|链接|鏈接|連結|视频|視頻)\s*[:：]|"
    r"(?:点阅|點閱|点击(?:阅读|观看|下载|查看)|點擊(?:閱讀|觀看)).{0,60}\Z|"
    r"(?:related|read (?:more|next|also)|more (?:on this|stories)|see also|you may also like|recommended)\b.{0,30}\Z|"
    r"[【\[]?(?:関連(?:記事|ニュース)|あわせて読みたい|おすすめ記事|[إا]قرأ (?:أيضا|أيضًا|المزيد)|شاهد أيضا|مواضيع ذات صلة|الأكثر قراءة).{0,20}\Z|"
    r"explore more on these topics\Z|(?:list (?:of \d+ items?|\d+ of \d+)|end of list)\Z",
    re.I,
)
#: What a page says to those who read it there, wherever in the text.
_CONTROL = re.compile(
    r"\W{0,3}(?:(?:请|請)?(?:继续|繼續)往下(?:阅读|閱讀)|文章(?:未完|继续|繼續).{0,12}|(?:点|點|按)(?:击|擊|我|此|这里|這裡)?(?:下载|下載)\s?APP|按我看活(?:动|動).{0,6}|(?:广告|廣告|advertisement|إعلان)"
    r"|reuse this content|(?:阅读|閱讀)(?:全文|更多)|(?:字体|字體)(?:大小)?|收藏|(?:我要)?(?:举报|舉報|反馈|反饋)|[点點][赞讚]|打印|列印|(?:纠|糾)(?:错|錯)|听全文|\+\d)\W{0,5}\Z",
    re.I,
)
_PITCH = re.compile(
    r"\W{0,4}(?:.{0,10}(?:欢迎|歡迎|请|請|敬请|敬請|点击|點擊|想|＞|▶))?.{0,4}(?:长按|長按|识别|識別).{0,30}(?:二维码|二維碼|链接|連結)|(?:订阅|訂閱|关注|關注|扫描|掃描|长按|長按|下载|下載|加入).{0,24}(?:频道|頻道|公众号|公眾號|二维码|二維碼|电子报|電子報|邮件|郵件|快讯|Telegram|YouTube|APP|客户端|會員|会员)|"
    r".{0,24}(?:sign up|subscribe|join us|follow us|download our app|support our|become a member|donate)\b.{0,80}(?:newsletter|inbox|channel|app|journalism|today|now|twitter|facebook|telegram)|"
    r".{0,24}(?:用|下载|下載)\s?APP\s?看新(?:闻|聞)|海量(?:资讯|資訊).{0,24}APP|.{0,4}(?:点击|點擊)?(?:上方|下方|文末)(?:蓝字|藍字).{0,8}(?:关注|關注)|(?:推荐|推薦)(?:进入|進入).{0,10}(?:数据库|數據庫)|※?\s*提醒您[:：]|.{0,8}(?:报料|報料|爆料|投稿)(?:热线|電話|电话|邮箱|信箱)?[:：].{4,40}\Z|.{0,20}有\s?(?:Instagram|Telegram|WhatsApp|LINE).{0,6}(?:欢迎|歡迎)|"
    r".{0,12}(?:本台|本站|本报|本報).{0,8}(?:商标|商標|版权|版權|著作权)|.{0,24}(?:未经|未經|非经|非經)(?:许可|許可|授权|授權|同意).{0,20}(?:转载|轉載|使用|播送)|(?:版权|版權)所有|all rights reserved|"
    r".{0,8}版[权權](?:归|歸).{0,12}所有|(?:本文|本篇).{0,16}(?:自动|自動|机器人|機器人|程序).{0,20}\Z|(?:archived|mirrored|crawled|scraped) (?:by|from|at|on)\b.{0,60}\Z|"
    r"(?:分享|转发|轉發)(?:到|至|本文|此文).{0,20}\Z|.{0,20}(?:メールマガジン|会員登録|無断転載)",
    re.I,
)
#: How a line begins that leads to another article.
_LEADS_ON = re.compile(
    r"\W{0,2}(?:see also|read (?:more|also|next)|related|more|watch|listen|相关(?:阅读|报道|新闻)?|相關(?:閱讀|報導|新聞)?|延伸(?:阅读|閱讀)|另请阅读|関連記事|[إا]قرأ (?:أيضا|أيضًا|المزيد))\s*[:：|｜–-]",
    re.I,
)
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


@dataclass(slots=True)
class Body:
    """The blocks of an article while the last steps cut from them."""

    blocks: list[Block]
    draft: Draft
    publisher: Publisher
    title: str
    base: str
    repeats: Repeats
    credits: list[str] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)

    def cut(self, index: int, step: str, rule: str) -> None:
        """Take one block out and record it."""
        block = self.blocks.pop(index)
        self.removals.append(Removal(step, rule, (block.text or block.kind)[:300]))

    def backwards(self) -> Iterator[tuple[int, Block]]:
        """Every block with its index, last first, so that cutting is safe."""
        for index in range(len(self.blocks) - 1, -1, -1):
            yield index, self.blocks[index]


@cache
def _compiled(rules: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, rules))


def end_article(body: Body) -> None:
    """Everything from the publisher's end mark on is the publisher's own advertising."""
    for rule in _compiled(body.publisher.end):
        for index, block in enumerate(body.blocks):
            if rule.match(block.text):
                while len(body.blocks) > index:
                    body.cut(index, "promotion", f"{body.publisher.slug}: from {rule.pattern}")
                break


def drop_known_lines(body: Body) -> None:
    """Blocks that the publisher's file knows."""
    rules = _compiled(body.publisher.lines)
    for index, block in body.backwards() if rules else ():
        text = block.text
        rule = next((rule for rule in rules if rule.match(text)), None) if block.kind != "figure" else None
        if rule is not None:
            body.cut(index, "promotion", f"{body.publisher.slug}: {rule.pattern}")
            _cut_links(index, body)


def keep_credits_aside(body: Body) -> None:
    """Editors' credits are data about the article; they leave the body."""
    rules = _compiled(body.publisher.credits)
    for index, block in body.backwards():
        if block.kind not in ("p", "h2", "h3", "h4", "h5", "h6") or len(block.text) > 120:
            continue
        text = block.text.strip()
        edge = index < 3 or index >= len(body.blocks) - 4
        if any(rule.match(text) for rule in rules) or _CREDIT.match(text) or (edge and _SOURCE.match(text)):
            body.credits.insert(0, text)
            body.cut(index, "credit", "editor's credit")


def drop_repeats(body: Body) -> None:
    """The title, the date and the copyright line that the page shows anyway."""
    title = squash(body.title)
    for index, block in body.backwards():
        text = block.text.strip()
        if block.kind in ("figure", "table", "pre", "hr"):
            continue
        if index < 6 and title and squash(text) in (title, squash(body.draft.title)):
            body.cut(index, "repeat", "title")
        elif (index < 4 or index > len(body.blocks) - 4) and len(text) < 80 and _DATE_LINE.match(text):
            body.cut(index, "repeat", "date")
        elif index > len(body.blocks) - 8 and _PRINTED.match(text):
            body.cut(index, "repeat", "page of the printed paper")
        elif index > len(body.blocks) - 8 and (_ORIGINAL.match(text) or _is_own_address(text, body)):
            body.cut(index, "repeat", "address of the original or of the mirror's copy")
        elif len(text) < 100 and _COPYRIGHT.match(text):
            body.cut(index, "promotion", "copyright line")


def _is_own_address(text: str, body: Body) -> bool:
    """A line that is nothing but the address of the document in its mirror."""
    name = body.draft.document.path.rpartition("/")[2].rpartition(".")[0]
    return bool(re.fullmatch(r"https?://\S+", text)) and len(name) > 4 and (name in text or text.endswith(".md"))


def join_captions(body: Body) -> None:
    """A paragraph such as ``图1-2：…`` or ``▲…`` behind a picture without words is the caption of the picture."""
    for index, block in body.backwards():
        before = body.blocks[index - 1] if index else None
        if before is None or before.kind != "figure" or before.lines or block.kind != "p":
            continue
        if len(block.text) <= MAX_CAPTION and _CAPTION.match(block.text):
            markup = before.html.replace("</figure>", f"<figcaption>{bare(block)}</figcaption></figure>")
            body.blocks[index - 1 : index + 1] = [Block("figure", markup, block.lines)]


def drop_rows(body: Body) -> None:
    """Rows of links: headings that are links to another host and nothing else, and links with bars between them."""
    own = host_of(body.base)
    for index, block in body.backwards():
        if block.kind not in ("p", "h1", "h2", "h3", "h4", "h5", "h6") or not block.link_text:
            continue
        if not block.links and block.link_text == len(block.text) <= 6:
            body.cut(index, "promotion", "control")  # "back", "print": a link that only a script could follow
            continue
        only_links = block.links and block.link_text >= len(_ROW_SEPARATORS.sub("", block.text)) - 2
        if not only_links:
            continue
        elsewhere = all(host_of(link) != own or link.endswith(".md") for link in block.links)
        bars = len(block.lines) == 1 and block.text.count("|") + block.text.count("｜") >= len(block.links) - 1 > 0
        if (block.kind != "p" and elsewhere) or bars:
            body.cut(index, "promotion", "row of links")


def drop_related(body: Body) -> None:
    """Heads like 相关新闻 with the links below them, lists of links to the publisher's own pages, pitches."""
    index = 0
    total = sum(len(block.text) for block in body.blocks)
    while index < len(body.blocks):
        block = body.blocks[index]
        text = block.text
        if (
            block.kind not in ("figure", "table", "pre", "hr", "blockquote")
            and len(text) < 200
            and (_RELATED.match(text.strip()) or (_LEADS_ON.match(text) and block.link_text * 2 >= len(text)))
        ):
            body.cut(index, "promotion", "related articles")
            _cut_links(index, body)
        elif _is_link_list(block, body) and len(text) * 4 < total:
            body.cut(index, "promotion", "list of links to the publisher's own pages")
        elif block.kind in ("p", "h2", "h3", "h4") and len(text) < 60 and _CONTROL.match(text):
            body.cut(index, "promotion", "control")
        elif block.kind in ("p", "h2", "h3", "h4") and len(text) < 160 and _at_edge(index, body) and _PITCH.match(text):
            body.cut(index, "promotion", "pitch")
        else:
            index += 1


def _cut_links(index: int, body: Body) -> None:
    """Cut the links below a head such as 相关新闻."""
    while index < len(body.blocks) and _only_links(body.blocks[index]):
        body.cut(index, "promotion", "related articles")


def _only_links(block: Block) -> bool:
    """Whether all that a block says stands in links, also in such as lead nowhere any more."""
    return block.link_text > 0 and block.link_text >= 0.85 * len(_SPACE.sub("", block.text))


def _is_link_list(block: Block, body: Body) -> bool:
    """A short list in which every item is one link to the article's own host: other articles, not the text."""
    if block.kind not in ("ul", "ol") or not block.links or not _only_links(block):
        return False
    own = host_of(body.base)
    return bool(own) and all(host_of(link) == own for link in block.links)


def _at_edge(index: int, body: Body) -> bool:
    return index < 2 or index >= len(body.blocks) - 6


def drop_boilerplate(body: Body) -> None:
    """What recurs across the mirror, as learnt from the whole folder."""
    for index, block in body.backwards():
        if reason := repeats(block, body.repeats):
            body.cut(index, "boilerplate", reason)


def level_headings(body: Body) -> None:
    """Headings start at the second level (the title is the first) and leave none out."""
    levels = sorted({block.kind for block in body.blocks} & HEADINGS)
    new = {old: f"h{min(4, 2 + rank)}" for rank, old in enumerate(levels)}
    for index, block in enumerate(body.blocks):
        if block.kind in new:
            kind = new[block.kind]
            markup = re.sub(r"(?<=\A<)h[1-6]|h[1-6](?=>\Z)", kind, block.html)
            body.blocks[index] = Block(kind, markup, block.lines, block.links, block.link_text)


def raise_bold_lines(body: Body) -> None:
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


def trim(body: Body) -> None:
    """No rule or separator at the start (behind lead figures, too) or the end, none twice."""
    first = next((index for index, block in enumerate(body.blocks) if block.kind != "figure"), 0)
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
    trim,
    raise_bold_lines,
    level_headings,
)
