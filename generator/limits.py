"""How much of a document is looked at, and for how long: a stranger's file costs its article, never the build."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from generator.models import LeftOut

#: A picture written into the text; pages never show those, and one may make a line of a million characters.
_PAYLOAD = re.compile(r"(data:image/[\w.+-]{1,40};base64,[\w+/]{8})[\w+/=%]{64,}+", re.A)
#: A tag as browsers read it: its name, then attributes with or without quotes up to ``>``. Nothing is tried twice.
_ATTRIBUTE = re.compile(r"""[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+""")
_TAG = re.compile(rf"(<[a-zA-Z][^\s/>]*+)((?:{_ATTRIBUTE.pattern})*+)")
#: libxml2 compares each attribute of a tag with those before it; real tags have at most forty.
MOST_ATTRIBUTES = 400
#: Shorter texts cannot hold enough attributes to matter.
_LONG = 20_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The ``[limits]`` of ``site.toml``; measured articles stay far below each."""

    document_bytes: int = 8_000_000
    picture_bytes: int = 10_000_000
    elements: int = 50_000
    depth: int = 200
    seconds: int = 30  # of the processor, for each of the three stages of a document


DEFAULTS = Limits()


class TooSlowError(Exception):
    """A document took more than its time."""


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise TooSlowError after so many seconds of processor time inside.

    Signals reach the main thread only, and Windows has no such clock; there this does nothing.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TooSlowError


def too_slow(path: str, limits: Limits) -> LeftOut:
    """What is said of a document that took more than its time."""
    return LeftOut(path, "too slow", f"it takes more than {limits.seconds} seconds ([limits] seconds in site.toml)")


def tame(text: str, path: str, limits: Limits) -> str | LeftOut:
    """The text without what only costs time: pictures in base64, tags with hundreds of attributes."""
    if "base64," in text:
        text = _PAYLOAD.sub(r"\1", text)
    tags = text.count("<")
    if tags > limits.elements and (tags := len(re.findall(r"<[a-zA-Z]", text))) > limits.elements:
        return LeftOut(path, "too large", f"{tags:,} tags; an article has at most {limits.elements:,}")
    return _TAG.sub(_few_attributes, text) if len(text) > _LONG else text


def _few_attributes(match: re.Match[str]) -> str:
    many = len(match[2]) > 2 * MOST_ATTRIBUTES and len(_ATTRIBUTE.findall(match[2])) > MOST_ATTRIBUTES
    return match[1] if many else match[0]
