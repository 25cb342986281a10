"""When two texts are one: keys of equal texts, and samples by which nearly equal ones are found."""

from __future__ import annotations

import re
from array import array
from hashlib import blake2b
from html import unescape

from generator.models import Traces

#: From this many letters on, equal texts are one article whatever their titles.
LONG_TEXT = 600
#: A shorter text says nothing.
MIN_TEXT = 80
#: Characters of a piece; one in so many pieces is kept, told by its checksum.
_PIECE, _SAMPLED, _FACTOR = 8, 16, 0x9E3779B1
_SPACE = re.compile(r"[\s\u3000\u200b\ufeff]+")
_PICTURE = re.compile(r'<img[^>]*? src="([^"]+)"')
_LINK = re.compile(r'<a href="([^"]+)"')


def squash(text: str) -> str:
    """Text as it is compared: no white space, one form of case."""
    return closed_up(text).casefold()


def closed_up(text: str) -> str:
    """Text without white space."""
    return _SPACE.sub("", text)


def traces(title: str, html: str, text: str) -> Traces:
    """What other articles have to know of a body."""
    links = dict.fromkeys(address.replace("&amp;", "&") for address in _LINK.findall(html))
    return Traces(
        len(text),
        tuple(dict.fromkeys(unescape(address) for address in _PICTURE.findall(html))),
        text_key(title, text),
        shingles(text),
        tuple(links),
    )


def text_key(title: str, text: str) -> str:
    """Equal for equal texts, whatever their white space, case and punctuation; "" for one that says nothing.

    A short text may be a programme's standing words below a video, so there the titles have to be equal, too.
    """
    plain = re.sub(r"\W", "", squash(text))
    if len(plain) < LONG_TEXT:
        plain += re.sub(r"\W", "", squash(title))
    return blake2b(plain.encode(), digest_size=12).hexdigest() if len(plain) >= MIN_TEXT else ""


def shingles(text: str) -> array[int]:
    """A fixed sample of the 8-character pieces of a text: the checksums that are divisible by 16, rising."""
    import numpy as np  # late, since few commands need it and it takes a while

    letters = np.frombuffer(re.sub(r"\W", "", text).encode("utf-32-le", "surrogatepass"), "<u4")
    count = max(0, len(letters) - _PIECE + 1)
    sums = np.zeros(count, np.uint32)
    for place in range(_PIECE):
        sums = (sums + letters[place : place + count]) * _FACTOR
    sums ^= sums >> 15  # a product's low bits know nothing of its high ones
    return array("I", np.unique(sums[sums % _SAMPLED == 0]).tobytes())
