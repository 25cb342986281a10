"""content/ -> Document: walk the folder, decode what is there (declared, BOM, UTF-8, GB18030, Big5)."""

from __future__ import annotations

import codecs
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from generator.limits import DEFAULTS, Limits
from generator.models import Document, LeftOut

SUFFIXES = (".md", ".markdown", ".html", ".htm", ".xhtml", ".txt")
#: Folders of the content folder that hold the site's own parts, not documents.
OWN_FOLDERS = frozenset(("publishers", "mirrors", "templates", "static", "terms"))
#: How the byte order marks begin.
_MARKS = (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe", b"\0\0")
#: What Python calls encodings and no page is in: escapes, and the slow forms of host names.
_NO_ENCODINGS = frozenset(("unicode-escape", "raw-unicode-escape", "punycode", "idna"))
#: Controls, turns of direction, and what takes no room: they hide what a text says. The joiners of emoji, Persian and
#: Indic words are not among them, nor is white space.
UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
    r"\U000e0000-\U000e007f]"
)
_STEERING = re.compile(rf"{UNSEEN.pattern}|[\t-\r\x85\u2028\u2029]")
#: What `path_of` writes for a byte and for a character.
_ESCAPED = re.compile(rb"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")
_NAVIGATION = re.compile(r"(?i)(?:\A|/)(?:readme|summary|license|changelog|contributing)\.(?:md|txt)\Z")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be a document: where it is, and its path in the content folder."""

    file: Path
    path: str


def find(content: Path) -> Iterator[Found]:
    """Every file below ``content`` that looks like a document, sorted by path; symbolic links are not followed."""
    for folder, folders, names in os.walk(content):
        here = Path(folder)
        wanted = [name for name in folders if not name.startswith(".") and not _own(here, name, content)]
        folders[:] = sorted(wanted, key=os.fsencode)
        for name in sorted(names, key=os.fsencode):
            own_words = name == "about.md" and here == content and (content / "site.toml").is_file()
            if name.lower().endswith(SUFFIXES) and not name.startswith(".") and not own_words:
                file = here / name
                yield Found(file, path_of(file.relative_to(content)))


def path_of(file: Path) -> str:
    """A path as the site knows it: UTF-8 whatever the locale of the machine, so that ids are the same everywhere.

    What would steer a terminal or turn the direction of a page is written as its escape, and so are bytes that are no
    UTF-8 and the stroke that begins an escape: no two files share a path, and `file_of` leads back.
    """
    path = os.fsencode(file.as_posix()).replace(b"\\", b"\\x5c").decode("utf-8", "backslashreplace")
    return _STEERING.sub(lambda match: _escape(ord(match[0])), path)


def _escape(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def file_of(content: Path, path: str) -> Path:
    """The file at a path of the content folder; the other way round."""
    return content / os.fsdecode(_ESCAPED.sub(_unescape, path.encode("utf-8")))


def _unescape(match: re.Match[bytes]) -> bytes:
    return (
        bytes([int(match[1], 16)]) if match[1] else chr(int(match[2] or match[3], 16)).encode("utf-8", "surrogatepass")
    )


def _own(here: Path, name: str, content: Path) -> bool:
    return (here == content and name in OWN_FOLDERS) or (here / name).is_symlink()


def read(found: Found, limits: Limits = DEFAULTS) -> Document | LeftOut:
    """Read and decode one file; a file that cannot be a document comes back as left out, with the reason."""
    path, most = found.path, limits.document_bytes
    if found.file.is_symlink():
        return LeftOut(path, "link", "a symbolic link is not followed")
    if _NAVIGATION.search(path):
        return LeftOut(path, "navigation", "an index page of the mirror, not an article")
    try:
        data, size = contents(found.file, most)
    except OSError as error:
        return LeftOut(path, "unreadable", error.strerror or str(error))
    if data is None:
        return LeftOut(path, "no file", "a pipe, a socket or a device, not a file")
    if size > most:
        return LeftOut(path, "too large", f"{size:,} bytes; an article has at most {most:,}")
    if not data.strip():
        return LeftOut(path, "empty", "the file has no text")
    text, encoding = decode(data)
    if text is None:
        return LeftOut(path, "encoding", "not text in UTF-8, UTF-16, GB18030 or Big5")
    return Document(
        path, text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""), encoding, sha256(data).hexdigest()
    )


def contents(file: Path, most: int) -> tuple[bytes | None, int]:
    """What a file holds (at most one byte more than ``most``) and its size; None for a pipe, a socket or a device.

    It may be exchanged or grow while it is read: so it is opened first and looked at then, and never waited for.
    """
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    with open(handle, "rb") as opened:  # noqa: PTH123 - a descriptor
        known = os.fstat(handle)
        if not stat.S_ISREG(known.st_mode):
            return None, 0
        data = opened.read(most + 1) if known.st_size <= most else b""
        return data, max(known.st_size, len(data))


def decode(data: bytes) -> tuple[str | None, str]:
    """The text of a file and the encoding it was found to be in; (None, "") when it is no text.

    A byte order mark wins (or NULs beside most bytes), then UTF-8 (which is very unlikely to fit by chance, whatever the
    document declares), then what the document declares, then GB18030 or Big5, whichever gives the more usual characters.
    """
    if not data.startswith(_MARKS) and (text := _try(data, "utf-8")) is not None:
        return text, "utf-8"
    from bs4.dammit import EncodingDetector  # late: it costs 90 ms to import, and nearly every document is UTF-8

    stripped, marked = EncodingDetector.strip_byte_order_mark(data)
    marked = marked or _wide(data)
    declared = EncodingDetector.find_declared_encoding(data, is_html=True, search_entire_document=False)
    for encoding in (marked, "utf-8", declared):
        text = _try(stripped, encoding)
        if text is not None:
            return text, encoding or ""
    if b"\0" in data[:4096]:
        return None, ""
    guesses = [(text, name) for name in ("gb18030", "big5hkscs") if (text := _try(data, name)) is not None]
    if not guesses:
        damaged = data.decode("utf-8", "replace")
        few = damaged.count("\ufffd") * 50 < len(damaged)  # a byte cut here and there leaves a readable article
        return (damaged, "utf-8") if few else (None, "")
    return max(guesses, key=lambda guess: _usual(guess[0]))


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: markup and line breaks leave a NUL in every second byte."""
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < 16:
        return None
    return "utf-16-le" if odd > 4 * even else "utf-16-be" if even > 4 * odd else None


def _try(data: bytes, encoding: str | None) -> str | None:
    if not encoding:
        return None
    name = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(encoding.lower(), encoding)
    try:
        return None if codecs.lookup(name).name in _NO_ENCODINGS else data.decode(name)
    except (ValueError, LookupError):  # UnicodeDecodeError is a ValueError, as is a name with a NUL in it
        return None


def _usual(text: str) -> float:
    """Share of the non-ASCII characters that everyday Chinese uses most; tells GB18030 and Big5 apart."""
    foreign = [character for character in text if ord(character) > 127]
    everyday = (
        "的一是不了在人有我他這这個个们們中来來上大為为和國国地到以說说時时要就出會会可也你對对生能而子那得於于，。、"
    )
    return sum(character in everyday for character in foreign) / max(1, len(foreign))
