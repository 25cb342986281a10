"""A paragraph set from its pieces: its markup, its visible lines, its links; white space is what a browser shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from generator.documents import UNSEEN

#: Beside these characters a line break of the source is no space. Hangul is not among them: Korean has spaces.
_CJK = re.compile(
    r"[\u2e80-\u2fdf\u3000-\u30ff\u31c0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]"
)
_PIECES = re.compile(r"[ \t\n\r\f\v]+|[^ \t\n\r\f\v]+")
_LINE_BREAK = re.compile(r"[\n\r\f]")
#: White space of more than one blank.
_GAPS = re.compile(r"[\t\n\r\f\v]|  ")
_EMPTY_INLINE = re.compile(
    r"<(a|strong|em|u|s|del|ins|sub|sup|small|q|cite|abbr|mark|code|ruby|rt|rp|span)(?: [^>]*)?>(\s*)</\1>"
)
_DEAD_LINKS = re.compile(r"<a>(.*?)</a>")
#: Breaks and blanks at the start of a paragraph. ``\s`` holds the ideographic space.
_LEADING = re.compile(r"^((?:<[^/b][^>]*>)*)(?:<br>|\s)+")
#: Typographic spaces: mirrors and publishers use them to place things; a reader sees a space.
_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]")
_ODD = re.compile(f"{UNSEEN.pattern}|{_SPACES.pattern}")
#: A link that leads nowhere: its text counts as a link's, the element goes.
DEAD_LINK = "<a>"
_EDGE = "\u3000"
#: Blanks before the end of a paragraph and of a line; looked for from the start of a run only, since runs may be long.
_BLANK_END = re.compile(rf"(?<!<br>)(?<![\s{_EDGE}])(?:<br>|[\s{_EDGE}])++((?:</[a-z]+>)*+)$")
_BLANK_LINE_END = re.compile(rf"(?<![\s{_EDGE}])[\s{_EDGE}]++((?:</[a-z]+>)*<br>)")
#: Punctuation that Chinese and Western texts share: it belongs to the script of the character behind it.
_SHARED = "“”‘’—…·"
#: What a paragraph is made of: a piece's kind, and its text or tag.
TEXT, OPEN, CLOSE, BREAK = range(4)
Token = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Composed:
    """A paragraph's inside: its HTML, its visible lines, the targets of its links and how much text they carry."""

    html: str
    lines: tuple[str, ...]
    links: tuple[str, ...]
    link_text: int


def compose(tokens: list[Token]) -> Composed:
    """Set a paragraph from its tokens.

    White space is what a browser shows: a run of it is one space, none at the edges of a line. One thing differs: a run
    with a line break beside a Chinese or Japanese character is the source's indentation, not a space, and vanishes.
    """
    if len(tokens) == 1 and tokens[0][0] == TEXT and (plain := _plain(tokens[0][1])) is not None:
        return Composed(escape(plain, quote=False), (plain,), (), 0)
    setting = _Setting()
    for kind, value in tokens:
        if kind == TEXT:
            setting.text(value)
        elif kind == BREAK:
            setting.line_break(value)
        else:
            setting.tag(kind, value)
    return setting.composed()


def _usual(value: str) -> str:
    """A text without characters that nobody sees, and with blanks for spaces of any width."""
    return _SPACES.sub(" ", UNSEEN.sub("", value)) if _ODD.search(value) else value


def _plain(value: str) -> str | None:
    """A paragraph that is a single line of text, set; None when its white space has to be looked at piece by piece."""
    value = _usual(value).strip()
    return value if value and not _GAPS.search(value) else None


@dataclass(slots=True)
class _Setting:
    """A paragraph while it is set: what is out, and the tags and the white space since the last visible character."""

    out: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=lambda: [""])
    links: list[str] = field(default_factory=list)
    held: list[Token] = field(default_factory=list)
    gap: str = ""
    depth: int = 0
    in_links: int = 0

    def text(self, value: str) -> None:
        if value.isprintable() and "  " not in value:
            self._words(value)
            return
        if value.isspace() and _EDGE not in value:
            self.gap += value
            return
        for piece in _PIECES.findall(_usual(value)):
            if piece.isspace() and piece[0] not in _EDGE:
                self.gap += piece
            elif shown := piece if self.lines[-1] else piece.lstrip(_EDGE):
                self._show(shown)

    def _words(self, value: str) -> None:
        """A text in which blanks stand alone and nothing is invisible: its words need not be looked at one by one."""
        words = value.strip(" ")
        self.gap += " " if value[:1] == " " else ""
        if words:
            self._show(words)
            self.gap = " " if value[-1] == " " else ""

    def _show(self, piece: str) -> None:
        space = _space(self.gap, self.lines[-1][-2:], piece[:2]) if self.gap else ""
        if self.held or space:
            self.out += _placed(self.held, space)
        self.lines[-1] += space + piece
        self.in_links += len(piece) - piece.count(" ") if self.depth else 0
        self.out.append(escape(piece, quote=False))
        self.held, self.gap = [], ""

    def line_break(self, value: str) -> None:
        self.held.append((BREAK, value))
        if self.lines[-1]:
            self.lines.append("")
        self.gap = ""

    def tag(self, kind: int, value: str) -> None:
        self.held.append((kind, value))
        if value == DEAD_LINK or value.startswith("<a "):
            self.links += [] if value == DEAD_LINK else [_href(value)]
            self.depth += 1
        elif value == "</a>":
            self.depth -= 1

    def composed(self) -> Composed:
        markup = "".join([*self.out, *(value for kind, value in self.held if kind != BREAK)])
        lines = tuple(text for line in self.lines if (text := line.strip(_EDGE + " ")))
        return Composed(_tidy(markup), lines, tuple(self.links), self.in_links)


def _space(gap: str, before: str, after: str) -> str:
    """Say what a run of white space shows between the last two characters before it and the first two behind it."""
    if not before:
        return ""
    if not _LINE_BREAK.search(gap):
        return " "
    return "" if _is_cjk(before[::-1]) or _is_cjk(after) else " "


def _is_cjk(pair: str) -> bool:
    """Whether the first character is Chinese or Japanese, or shared punctuation beside such a character."""
    return bool(_CJK.match(pair) or (pair[0] in _SHARED and _CJK.match(pair[1:])))


def _placed(held: list[Token], space: str) -> list[str]:
    """Put the space between two words behind the tags that close; breaks at a block's start are kept out by `_tidy`."""
    closing = 0
    while closing < len(held) and held[closing][0] == CLOSE:
        closing += 1
    values = [value for _, value in held]
    return [*values[:closing], space, *values[closing:]] if space else values


def _href(opened: str) -> str:
    match = re.search(r'href="([^"]*)"', opened)
    return match[1].replace("&amp;", "&") if match else ""


def _tidy(markup: str) -> str:
    """Without empty inline elements, without breaks and blanks at the edges."""
    if "<" not in markup:
        return markup.strip()
    markup = _DEAD_LINKS.sub(r"\1", markup)
    before = ""
    while before != markup:
        before = markup
        markup = _EMPTY_INLINE.sub(r"\2", markup)
    markup = _LEADING.sub(r"\1", markup)
    markup = _BLANK_END.sub(r"\1", markup)
    return _BLANK_LINE_END.sub(r"\1", markup)
