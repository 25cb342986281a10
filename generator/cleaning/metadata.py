"""What an article is called, who wrote it, how it begins, and how it is found."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from hashlib import blake2b
from html import unescape
from urllib.parse import unquote, urlsplit

from generator.bylines import correspondent
from generator.documents import UNSEEN
from generator.models import Block, Draft, Publisher

_SPACE = re.compile(r"\s+")
#: How a dateline ends: "综合报导", or an agency's "18日電".
_REPORT = r"(?:(?:综合|綜合|采访|採訪|专访|專訪|编译|編譯)?(?:报[导道]|報[導道])|\d{1,2}日(?:专|專)?[电電])"
#: "记者 name 报导"; where a place stands before 报导, the name has as many characters as the place or one more.
_REPORTER = re.compile(
    rf"(?:[记記]者|撰文|文[/／:：])\s*(?:([\u4e00-\u9fff·‧]{{2,3}})(?={_REPORT}|[)）】/／\s])|"
    rf"([\u4e00-\u9fff]{{3}})(?=[\u4e00-\u9fff]{{2,3}}{_REPORT})|([\u4e00-\u9fff]{{2}})(?=[\u4e00-\u9fff]{{2}}{_REPORT}))"
)
_CREDITED = re.compile(
    rf"(?:[记記]者|作者|撰文)\s*[:：]?\s*([\u4e00-\u9fff·‧]{{2,4}}?)(?={_REPORT}|[/／，,、；;）)\s]|\Z)"
)
#: How an article in Japanese ends: （name）.
_SIGNED = re.compile(r"(?:[。」？！]|\A)\s*（([\u4e00-\u9fff々]{2,4}[\s\u3000]?[\u3040-\u30ff\u4e00-\u9fff]{0,5})）\Z")
_NOBODY = re.compile(r"共同|時事|終|続|敬称|原文|写真|編集|記者|新聞|取材|連載|全文|抄訳|[談完]\Z")
_KANA = re.compile(r"[\u3040-\u30ff]")
_STOP = re.compile(r"(?<=[。！？!?…])(?:[”」』\"'）)]*)|(?<=[.!?؟])\s")
_NO_LETTER = re.compile(r"\W+")
_SHORT_LINK = re.compile(r'<a href="([^"]+)"[^>]*>([^<]{2,20})</a>')
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
_WORD = re.compile(r"[^\W_]+")
#: Readers' speeds: 440 Han characters or 238 words of other scripts a minute (studies on silent reading; see wallabag, Zola).
HAN_A_MINUTE, WORDS_A_MINUTE = 440, 238
_DATELINE = re.compile(r"\A(?:[【（(\[〔][^】）)\]〕]{2,40}[】）)\]〕]\s*){1,2}")
EXCERPT = 120


def title(draft: Draft, publisher: Publisher, first: Block | None) -> str:
    """The title without entities, site name, file ending or white space that does not belong."""
    text = draft.title
    heading = first.text if first is not None and re.fullmatch(r"h[1-3]", first.kind) else ""
    if heading and (not text or re.sub(r"[\W_]", "", heading) == re.sub(r"[\W_]", "", text)):
        text = heading  # mirrors write `_` for what a file name cannot hold
    text = text or _from_file_name(draft.document.path)
    text = _SPACE.sub(" ", UNSEEN.sub("", unescape(unescape(text)))).strip()
    names = {name for name in (*publisher.name.values(), *publisher.aliases, draft.source) if name}
    suffix = re.compile(rf"(?:\s*[-–—|｜_·]\s*(?:{'|'.join(map(re.escape, sorted(names)))}))+\s*\Z")
    text = suffix.sub("", text) if names else text
    return text[:300].strip() or _from_file_name(draft.document.path)


def _from_file_name(path: str) -> str:
    stem = posixpath.splitext(posixpath.basename(path))[0]
    return re.sub(r"\A(?:\d{4}-\d\d-\d\d[-_ ]|\d{4,}[_-])", "", stem).replace("_", " ").strip()


def author(draft: Draft, publisher: Publisher, blocks: list[Block], credits: list[str]) -> str:
    """The reporter: as the wrapper says, else from the dateline or the credits; never the publisher's own name."""
    names = {_fold(name) for name in (*publisher.name.values(), *publisher.aliases, publisher.slug, draft.source, "")}
    if _fold(draft.author) not in names and len(draft.author) <= 60:
        return draft.author
    head = "".join(block.text for block in blocks[:2] if block.kind == "p")[:90]
    found = _REPORTER.search(head) or next((m for line in credits if (m := _CREDITED.search(line))), None)
    if found:
        return next(filter(None, found.groups()), "")
    return next(filter(None, map(correspondent, credits)), "") or _signature(blocks)


def _signature(blocks: list[Block]) -> str:
    """The name in brackets that ends an article in Japanese, "" for none."""
    last = [block.text.strip() for block in blocks if block.kind == "p"][-2:]
    match = _SIGNED.search(last[-1]) if last and _KANA.search("".join(last)) else None
    return match[1] if match and not _NOBODY.search(match[1]) else ""


def credit(line: str) -> str:
    """An editor's credit without the brackets and marks round it."""
    return _SPACE.sub(" ", line).strip(" （）()【】[]#＃*")


def _fold(name: str) -> str:
    return _NO_LETTER.sub("", name).casefold()


def tags(draft: Draft, blocks: list[Block]) -> tuple[str, ...]:
    """Tags of the wrapper, and the words that the publisher links to its tag pages."""
    found = [tag for tag in draft.tags if 1 < len(tag) <= 30]
    for block in blocks:
        for target, label in _SHORT_LINK.findall(block.html) if "<a " in block.html else ():
            if re.search(r"/(?:tags?|topics?|gb)/[^/]+(?:\.html?)?\Z", target):
                found.append(unescape(label).strip())
    return tuple(dict.fromkeys(found))[:10]


def identifier(draft: Draft, publisher: Publisher) -> str:
    """Make a short, stable ASCII name: the publisher's own id, else from the address or the place in the content folder."""
    if publisher.id and (match := re.search(publisher.id, draft.url)):
        own = _ascii(unquote(next(filter(None, match.groups()), "")))
        if own:
            return f"{publisher.slug}-{own}"
    last = posixpath.splitext(urlsplit(draft.url).path.rstrip("/").rpartition("/")[2])[0] if draft.url else ""
    if re.fullmatch(r"[A-Za-z0-9][\w-]{2,60}", last, re.A):
        return f"{publisher.slug}-{last.lower().replace('_', '-').strip('-')}"
    key = draft.url or draft.document.path
    return f"{publisher.slug}-{blake2b(key.encode(), digest_size=5).hexdigest()}"


def _ascii(name: str) -> str:
    """An id in small ASCII letters, digits and ``-``; where that loses letters, with a digest of the whole."""
    short = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:48]
    if name.isascii() and len(name) <= 48:
        return short
    return f"{short[:24]}-{blake2b(name.encode(), digest_size=4).hexdigest()}".lstrip("-")


def excerpt(blocks: Iterable[Block]) -> str:
    """The beginning of the text without its dateline, cut at the end of a sentence or a word."""
    text = ""
    for block in blocks:
        if block.kind == "p" and len(block.text) > 12:
            text += (" " if text and not re.search(r"[\u3000-\u9fff]\Z", text) else "") + " ".join(block.lines)
        if len(text) > 3 * EXCERPT:
            break
    text = _DATELINE.sub("", text).strip()
    limit = EXCERPT if re.search(r"[\u3040-\u9fff]", text[:40]) else 2 * EXCERPT
    if len(text) <= limit:
        return text
    ends = [match.end() for match in _STOP.finditer(text[: limit + 1]) if match.end() > limit // 3]
    if ends:
        return text[: ends[-1]].strip()
    cut = text[:limit]
    return (cut.rpartition(" ")[0] if " " in cut[limit // 2 :] else cut).rstrip("，、；：,;:—-（( ") + "…"


def reading_minutes(text: str) -> int:
    """Minutes of reading, Han characters and words counted apart; at least one."""
    others, runs = _HAN.subn(" ", text)
    han, words = len(text) - len(others) + runs, len(_WORD.findall(others))
    return max(1, round(han / HAN_A_MINUTE + words / WORDS_A_MINUTE))
