"""The bytes of a picture -> smaller ones in WebP, its size, and the colour that stands in its place while it loads.

What a picture is, its bytes say and not its server. WebP alone: on the pictures of the sample site it needs 124 kB where
AVIF needs 127 kB at seven times the processor time (163 kB at the same time), and every browser shows it.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps

#: Pixels of a picture that is still opened; a bomb of a few kilobytes unpacks to thousands of millions.
MAX_PIXELS = 50_000_000
#: The least a picture of an article measures; below it is an icon, a spacer or a counter.
MIN_SIDE = 16
#: What a picture may be. The decoders of rarer formats are the ones with the holes.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
#: The width of the smaller copy: lists show pictures at 160 px, and screens have two or three pixels for each.
SMALL = 400
#: WebP goes no higher.
_TALLEST = 16_383


class NoPictureError(Exception):
    """The bytes are no picture that a page could show."""


@dataclass(frozen=True, slots=True)
class Resized:
    """Copies of one picture: ``copies`` is width -> bytes; ``tone`` is its mean colour, as ``#rrggbb`` ("" where the page shows through)."""

    width: int
    height: int
    tone: str
    copies: dict[int, bytes]


def resize(data: bytes, widest: int, quality: int) -> Resized:
    """Copies at the width of lists and at ``widest`` pixels (never wider than the original).

    Raises NoPictureError for what is none, is damaged, or would fill the memory.
    """
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            warnings.simplefilter("ignore")  # Pillow warns at sizes far below ours, and of odd metadata
            _check_size(*opened.size)
            opened.draft("RGB", (widest * 2, widest * 2))  # JPEG: decode at a fraction where that is enough
            picture = _upright(opened)
            return _copies(picture, widest, quality)
    except NoPictureError:
        raise
    except Exception as error:  # the decoders of damaged files raise almost anything
        raise NoPictureError(f"no picture that can be opened ({type(error).__name__})") from None


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise NoPictureError(f"{width:,} × {height:,} pixels")
    if min(width, height) < MIN_SIDE:
        raise NoPictureError(f"{width} × {height} pixels are no picture of an article")


def _upright(picture: Image.Image) -> Image.Image:
    """The first frame, turned as the camera was held, in RGB; what is transparent stays so."""
    turned = ImageOps.exif_transpose(picture)
    clear = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
    return turned.convert("RGBA" if clear else "RGB")


def _copies(picture: Image.Image, widest: int, quality: int) -> Resized:
    width, height = picture.size
    largest = max(1, min(width, widest, width * _TALLEST // height))
    sizes = {largest} | ({SMALL} if largest > SMALL * 1.25 else set())
    copies: dict[int, bytes] = {}
    for size in sorted(sizes, reverse=True):
        shown = (
            picture
            if size == width
            else picture.resize((size, _scaled(height, size, width)), Image.Resampling.LANCZOS, reducing_gap=3)
        )
        copies[size] = _webp(shown, quality)
    tone = _tone(picture) if picture.mode == "RGB" else ""
    return Resized(largest, _scaled(height, largest, width), tone, dict(sorted(copies.items())))


def _scaled(height: int, size: int, width: int) -> int:
    return max(1, round(height * size / width))


def _webp(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    options: dict[str, Any] = {"quality": quality, "method": 4}
    picture.save(out, "WEBP", **options)  # without metadata: no place, no camera, no thumbnail
    return out.getvalue()


def _tone(picture: Image.Image) -> str:
    return "#" + picture.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes().hex()
