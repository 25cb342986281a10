"""Pictures that stand in the content folder: found from a document's relative address, known by their bytes."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from urllib.parse import quote, unquote

from generator.cleaning.workspace import Workspace
from generator.documents import file_of
from generator.sanitizer import MEDIA

_KINDS = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"}
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"\0\0\0")


def local_picture(src: str, work: Workspace) -> str:
    """``media:<path in the content folder>`` for a relative address that leads to a picture there, else ""."""
    if re.match(r"[a-zA-Z][\w+.-]*:|/|\\|#|\?", src):
        return ""
    folder = posixpath.dirname(work.draft.document.path)
    path = posixpath.normpath(posixpath.join(folder, unquote(src.partition("?")[0].partition("#")[0])))
    if path.startswith(("../", "/")) or "\\" in path or posixpath.splitext(path)[1].lower() not in _KINDS:
        return ""
    work.pictures[path] = is_picture_file(work.content, path, work.picture_bytes)
    if not work.pictures[path]:
        return ""
    return f"{MEDIA}:" + re.sub(r"[\s<>\"'?#%&]", lambda match: quote(match[0]), path)


def is_picture_file(content: Path, path: str, most: int) -> bool:
    """Whether a path of the content folder is that of a picture of at most so many bytes."""
    try:
        file = file_of(content, path)
        inside = file.resolve().is_relative_to(content.resolve())
        if not inside or not file.is_file() or file.stat().st_size > most:
            return False
        with file.open("rb") as opened:
            return opened.read(12).startswith(_MAGIC)
    except (OSError, ValueError):
        return False
