"""Files of the site that are no pages: static files and the content folder's pictures."""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import Path

from generator import documents
from generator.output import Site
from generator.places import shipped

#: White space before a line, and comments that have lines for themselves; our scripts have no text of several lines.
_BARE = re.compile(rb"^[ \t]*(?://[^\n]*\n|/\*\*[^\n]*\*/[ \t]*\n)?", re.M)


def template_folders(content: Path) -> list[Path]:
    """Where templates are looked for: the site's own win over the shipped ones."""
    return [folder for folder in (content / "templates", shipped("templates")) if folder.is_dir()]


def sources(content: Path, pictures: dict[str, str]) -> dict[str, Path]:
    """Path in the site -> file: the site's own static files over the shipped ones, and the pictures, by path in the site."""
    found: dict[str, Path] = {}
    for folder in (shipped("static"), content / "static"):
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if file.is_file() and not file.is_symlink():
                found[f"static/{file.relative_to(folder).as_posix()}"] = file
    found.update((place, documents.file_of(content, path)) for place, path in sorted(pictures.items()))
    return found


def bare(script: bytes) -> bytes:
    """A script of ours without indents and the comments that stand alone: readers' browsers have no use for them."""
    return _BARE.sub(b"", script)


def copy(found: dict[str, Path], site: Site) -> dict[str, str]:
    """Stage the files that the site has not; returns the versions of static files."""
    versions: dict[str, str] = {}
    own = shipped("static")
    for path, file in found.items():
        data = file.read_bytes()
        if file.suffix == ".js" and file.is_relative_to(own):
            data = bare(data)
        key = f"={blake2b(data, digest_size=8).hexdigest()}"
        site.add(path, data, key)
        if path.startswith("static/"):
            versions[path.removeprefix("static/")] = key[1:9]
    return versions
