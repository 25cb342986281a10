"""Stamps: short texts that change when what they are made of changes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_LIBRARIES = (
    "ahocorasick-rs",
    "babel",
    "beautifulsoup4",
    "cssselect",
    "jinja2",
    "lxml",
    "markdown-it-py",
    "nh3",
    "numpy",
    "opencc",
    "pyyaml",
    "rjieba",
)


def key_of(*parts: str) -> str:
    """The stamp of texts."""
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


@cache
def code() -> str:
    """Changes with the generator itself and with its libraries: whoever edits it never sees old results."""
    digest = blake2b(digest_size=12)
    for file in sorted(file for kind in ("*.py", "*.toml", "*.tsv") for file in _HERE.rglob(kind)):
        digest.update(file.relative_to(_HERE).as_posix().encode() + b"\0" + file.read_bytes())
    digest.update(json.dumps([version(name) for name in _LIBRARIES]).encode())
    return digest.hexdigest()


def folder(path: Path) -> str:
    """Changes with the names and contents of the files below a folder."""
    digest = blake2b(digest_size=12)
    for file in sorted(path.rglob("*")) if path.is_dir() else ():
        if file.is_file():
            digest.update(
                file.relative_to(path).as_posix().encode("utf-8", "surrogateescape") + b"\0" + file.read_bytes()
            )
    return digest.hexdigest()


def fields_of(one: Any) -> Iterator[tuple[str, Any]]:
    """The fields of a dataclass with their values."""
    return ((field.name, getattr(one, field.name)) for field in fields(one))


def text_of(value: Any) -> str:
    """A rule or a setting as text: equal for equal ones."""
    if isinstance(value, re.Pattern):
        return f"/{value.pattern}/{value.flags}"
    if is_dataclass(value):
        return text_of(dict(fields_of(value)))
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{text_of(one)}" for key, one in sorted(value.items())) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(text_of(one) for one in value) + "]"
    return repr(value)
