"""Which pictures of other sites are at hand, and what a page shows of each: a copy, a link to it, or nothing.

`qingdu fetch` keeps copies under ``.qingdu/pictures`` of the content folder, with ``index.json`` that says what each
address gave. A build only reads them: it asks nobody for anything, and gives the same site from the same copies.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from markupsafe import escape

from generator import permalinks
from generator.documents import file_of
from generator.errors import ConfigError
from generator.places import KEPT
from generator.sanitizer import MEDIA
from generator.settings import Settings

#: Where the copies stand in the content folder.
FOLDER = f"{KEPT}/pictures"
_INDEX = "index.json"
_IMAGE = re.compile(r'<img([^>]*?)src="([^"]*)"([^>]*)>')
_SIZE = re.compile(r'\s(?:width|height)="\d*"')
_ALT = re.compile(r'\balt="([^"]*)"')
#: The formats whose size is read (those of `cleaning.pictures`), and the EXIF field that says how a camera was held.
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
_ORIENTATION = 0x0112
_EMPTY = re.compile(r"<figure[^>]*>\s*</figure>\n?")
_LATE = ' loading="lazy" decoding="async"'
#: How wide the column of an article is: the whole screen on a phone, else what site.css gives it.
_SIZES = "(min-width: 48rem) 42rem, 100vw"


@dataclass(frozen=True, slots=True)
class Kept:
    """What an address gave when it was last asked.

    ``name`` is that of the copies and "" where there are none: then the picture is ``gone`` for good, or its server did
    not answer. ``widths`` are those of the copies, smallest first; ``asked`` for which largest width and quality.
    """

    name: str = ""
    width: int = 0
    height: int = 0
    tone: str = ""
    widths: tuple[int, ...] = ()
    asked: tuple[int, int] = (0, 0)
    gone: bool = False
    reason: str = ""
    seen: str = ""
    tries: int = 0
    etag: str = ""
    modified: str = ""

    def file(self, width: int) -> str:
        """The name of a copy in the folder of copies."""
        return f"{self.name}-{width}.webp"

    def path(self, width: int) -> str:
        """The place of a copy in the site."""
        return permalinks.copy(self.name, width)


def read_index(content: Path) -> dict[str, Kept]:
    """What every address gave; empty before the first `qingdu fetch`. Raises ConfigError when the list is damaged."""
    file = content / FOLDER / _INDEX
    try:
        rows = json.loads(file.read_text("utf-8"))
        return {url: _kept(row) for url, row in rows.items()}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, TypeError, AttributeError):
        raise ConfigError(str(file), "is damaged", "delete it and run `qingdu fetch` again") from None


def _kept(row: Mapping[str, object]) -> Kept:
    kept = Kept(**row)  # type: ignore[arg-type]
    asked: tuple[int, int] = tuple(kept.asked)  # type: ignore[assignment]
    return replace(kept, widths=tuple(kept.widths), asked=asked)


def write_index(content: Path, index: Mapping[str, Kept]) -> None:
    """Keep what every address gave; the list is whole at every moment."""
    plain = Kept()
    rows = {
        url: {key: value for key, value in asdict(kept).items() if value != getattr(plain, key)}
        for url, kept in sorted(index.items())
    }
    file = content / FOLDER / _INDEX
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(rows, ensure_ascii=False, indent=0) + "\n", "utf-8")
    fresh.replace(file)


@dataclass(frozen=True)
class Gallery:
    """The pictures as one site shows them: ``images`` is what its owner decided, see `settings.IMAGES`."""

    images: str
    kept: Mapping[str, Kept]
    content: Path = Path()

    def known(self, address: str) -> Kept | tuple[int, int] | None:
        """All that a page shows of a picture besides its address: its copies; of one in the content folder its size."""
        return self._size(address) if place(address) else self.kept.get(address)

    def _size(self, address: str) -> tuple[int, int] | None:
        """Width and height of a picture in the content folder, as shown; None where its bytes do not say."""
        try:
            file = file_of(self.content, unquote(address.partition(":")[2]))
            seen = file.stat()
        except (OSError, ValueError):
            return None
        return _measured(file, (seen.st_mtime_ns, seen.st_size))

    def thumbnail(self, address: str, large: bool = False) -> str:
        """The picture of an article in lists: a path in the site or, where the owner wants it, an address; else ""."""
        if not address or self.images == "none":
            return ""
        if own := place(address):
            return own
        if self.images == "remote":
            return address
        kept = self.kept.get(address)
        return kept.path(kept.widths[-1 if large else 0]) if kept and kept.name else ""

    def files(self, addresses: Iterable[str]) -> dict[str, str]:
        """Path in the site -> path in the content folder, of every copy of these pictures."""
        found = (self.kept[address] for address in addresses if address in self.kept) if self.images == "local" else ()
        return {
            kept.path(width): f"{FOLDER}/{kept.file(width)}" for kept in found if kept.name for width in kept.widths
        }

    def show(self, html: str, href: Callable[[str], str], t: Callable[[str], str]) -> str:
        """Sanitised HTML with each picture as a page shows it; ``href`` links from the page, ``t`` gives its words."""

        def image(match: re.Match[str]) -> str:
            address = unescape(match[2])
            rest = match[1] + match[3]
            if self.images == "none":
                return ""
            if own := place(address):
                return _own(href(own), rest, self._size(address))
            if self.images == "remote":
                return f'<img{match[1]}src="{escape(address)}"{match[3]}{_LATE} referrerpolicy="no-referrer">'
            kept = self.kept.get(address, Kept())
            return (
                _copy(kept, rest, href) if kept.name else _absent(kept, address, rest, _in_link(html, match.start()), t)
            )

        shown = _IMAGE.sub(image, html)
        return _EMPTY.sub("", shown) if self.images == "none" else shown


@lru_cache(1 << 14)
def _measured(file: Path, stamp: tuple[int, int]) -> tuple[int, int] | None:
    from PIL import Image  # takes longer to load than a small site to build

    try:
        with warnings.catch_warnings(), Image.open(file, formats=_FORMATS) as opened:
            warnings.simplefilter("ignore")
            width, height = opened.size
            # Pillow unpacks the whole of a PNG to look for the field that only cameras write.
            lies = opened.format != "PNG" and opened.getexif().get(_ORIENTATION, 1) > 4
    except Exception:  # the decoders of damaged files raise almost anything
        return None
    return (height, width) if lies else (width, height)


def _own(source: str, attributes: str, size: tuple[int, int] | None) -> str:
    """A picture from the content folder; browsers keep room for one whose size is known."""
    room = f' width="{size[0]}" height="{size[1]}"' if size else ""
    rest = " ".join(_SIZE.sub("", f" {attributes}").split())
    return f'<img src="{escape(source)}" {rest}{room}{_LATE}>'


def _copy(kept: Kept, attributes: str, href: Callable[[str], str]) -> str:
    """A picture in the sizes that there are; site.css paints its tone until it has come."""
    choices = ", ".join(f"{href(kept.path(width))} {width}w" for width in kept.widths)
    several = f' srcset="{escape(choices)}" sizes="{_SIZES}"' if len(kept.widths) > 1 else ""
    tone = f' data-tone="{escape(kept.tone)}"' if kept.tone else ""
    size = f' width="{kept.width}" height="{kept.height}"{tone}'
    rest = " ".join(_SIZE.sub("", f" {attributes}").split())
    return f'<img src="{escape(href(kept.path(kept.widths[-1])))}"{several} {rest}{size}{_LATE}>'


def _absent(kept: Kept, address: str, attributes: str, in_link: bool, t: Callable[[str], str]) -> str:
    """What stands in the place of a picture that is not here: words, and the way to it where there is one."""
    alt = _ALT.search(attributes)
    said = unescape(alt[1]) if alt else ""
    words = escape(t("pictures.gone" if kept.gone else "pictures.away") + (f": {said}" if said else ""))
    if kept.gone or in_link:
        return f'<span class="no-picture">{words}</span>'
    return (
        f'<a class="no-picture away" rel="noopener noreferrer nofollow external" href="{escape(address)}">{words}</a>'
    )


def _in_link(html: str, at: int) -> bool:
    return html.rfind("<a ", 0, at) > html.rfind("</a>", 0, at)


def addresses(html: str) -> list[str]:
    """The addresses of the pictures in an article's HTML that stand on other sites."""
    found = (unescape(match[2]) for match in _IMAGE.finditer(html))
    return [address for address in found if not place(address)]


def place(address: str) -> str:
    """The path in the site of a picture from the content folder; "" for a picture that stands elsewhere."""
    scheme, colon, path = address.partition(":")
    return permalinks.media(unquote(path)) if scheme == MEDIA and colon else ""


def load_gallery(settings: Settings) -> Gallery:
    """The pictures of a site as its settings and its folder of copies have them now."""
    if settings.images != "local":
        return Gallery(settings.images, {}, settings.content)
    file = settings.content / FOLDER / _INDEX
    stamp = file.stat().st_mtime_ns if file.is_file() else 0
    return Gallery(settings.images, _index(settings.content.absolute(), stamp), settings.content)


@lru_cache(2)
def _index(content: Path, stamp: int) -> dict[str, Kept]:
    """The list as it is true: copies that somebody deleted are not at hand."""
    there = at_hand(content)
    return {url: kept if is_whole(kept, there) else Kept() for url, kept in read_index(content).items()}


def at_hand(content: Path) -> frozenset[str]:
    """The names of the files in the folder of copies."""
    folder = content / FOLDER
    return frozenset(file.name for file in folder.iterdir()) if folder.is_dir() else frozenset()


def is_whole(kept: Kept, there: frozenset[str]) -> bool:
    """Whether every copy that an entry names is there."""
    return all(kept.file(width) in there for width in kept.widths)
