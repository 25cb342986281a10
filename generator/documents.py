"""content/ -> Document: walk the folder, decode what is there (declared, BOM, UTF-8, GB18030, Big5)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from generator.models import Document, LeftOut

SUFFIXES = (".md", ".markdown", ".html", ".htm", ".xhtml", ".txt")
#: Folders of the content folder that hold the site's own parts, not documents.
OWN_FOLDERS = frozenset(("publishers", "mirrors", "templates", "static", "terms"))
#: The largest article of the measured mirrors has 2.7 MB (a picture as base64); beyond this a file is not an article.
MAX_BYTES = 8_000_000
#: How the byte order marks begin.
_MARKS = (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe", b"\0\0")
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
    """A path as the site knows it: UTF-8 whatever the locale of the machine, so that ids are the same everywhere."""
    return os.fsencode(file.as_posix()).decode("utf-8", "backslashreplace")


def file_of(content: Path, path: str) -> Path:
    """The file at a path of the content folder; the other way round."""
    return content / os.fsdecode(path.encode("utf-8"))


def _own(here: Path, name: str, content: Path) -> bool:
    return (here == content and name in OWN_FOLDERS) or (here / name).is_symlink()


def read(found: Found) -> Document | LeftOut:
    """Read and decode one file; a file that cannot be a document comes back as left out, with the reason."""
    path = found.path
    if found.file.is_symlink():
        return LeftOut(path, "link", "a symbolic link is not followed")
    if _NAVIGATION.search(path):
        return LeftOut(path, "navigation", "an index page of the mirror, not an article")
    try:
        size = found.file.stat().st_size
        if size > MAX_BYTES:
            return LeftOut(path, "too large", f"{size:,} bytes; an article has at most {MAX_BYTES:,}")
        data = found.file.read_bytes()
    except OSError as error:
        return LeftOut(path, "unreadable", error.strerror or str(error))
    if not data.strip():
        return LeftOut(path, "empty", "the file has no text")
    text, encoding = decode(data)
    if text is None:
        return LeftOut(path, "encoding", "not text in UTF-8, UTF-16, GB18030 or Big5")
    return Document(
        path, text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""), encoding, sha256(data).hexdigest()
    )


def decode(data: bytes) -> tuple[str | None, str]:
    """The text of a file and the encoding it was found to be in; (None, "") when it is no text.

    A byte order mark wins, then UTF-8 (which is very unlikely to fit by chance, whatever the document declares), then
    what the document declares, then GB18030 or Big5, whichever gives the more usual characters.
    """
    if not data.startswith(_MARKS) and (text := _try(data, "utf-8")) is not None:
        return text, "utf-8"
    from bs4.dammit import EncodingDetector  # late: it costs 90 ms to import, and nearly every document is UTF-8

    stripped, marked = EncodingDetector.strip_byte_order_mark(data)
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


def _try(data: bytes, encoding: str | None) -> str | None:
    if not encoding:
        return None
    name = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(encoding.lower(), encoding)
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _usual(text: str) -> float:
    """Share of the non-ASCII characters that everyday Chinese uses most; tells GB18030 and Big5 apart."""
    foreign = [character for character in text if ord(character) > 127]
    everyday = (
        "的一是不了在人有我他這这個个们們中来來上大為为和國国地到以說说時时要就出會会可也你對对生能而子那得於于，。、"
    )
    return sum(character in everyday for character in foreign) / max(1, len(foreign))
