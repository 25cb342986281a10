"""What a built site weighs, against what its host takes, said before a deployment fails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest

#: From this part of a limit on it is spoken of.
NEAR = 0.8


@dataclass(frozen=True, slots=True)
class Host:
    """What a host takes; 0 where it sets no limit. ``traffic`` is bytes a month, ``minutes`` those of a deployment."""

    name: str
    size: int = 0
    files: int = 0
    file_size: int = 0
    traffic: int = 0
    minutes: int = 0


#: As the hosts' own pages say (read November 2026); a git host refuses single files over 100 MB.
HOSTS = {
    "github-pages": Host("GitHub Pages", size=10**9, file_size=100 * 2**20, traffic=10**11, minutes=10),
    "cloudflare-pages": Host("Cloudflare Pages", files=20_000, file_size=25 * 2**20),
    "none": Host("this host"),
}
_SMALLER = 'fewer [[editions]], a smaller [pictures] width or images = "none", a limit in [[mirrors]], or a site of its own for old years'


@dataclass(frozen=True, slots=True)
class Weight:
    """What a site weighs: bytes and files of all, number and bytes of its pages, the largest files first."""

    size: int
    files: int
    pages: int
    page_size: int
    largest: tuple[tuple[int, str], ...]


def weigh(files: Iterable[tuple[str, int]]) -> Weight:
    """Weigh a site by its files (path, size); hidden ones are not deployed and do not count."""
    rows = [(size, path) for path, size in files if not path.startswith(".") and "/." not in path]
    pages = [size for size, path in rows if path.endswith(".html")]
    largest = tuple(nsmallest(5, rows, key=lambda row: (-row[0], row[1])))
    return Weight(sum(size for size, _ in rows), len(rows), len(pages), sum(pages), largest)


def summary(weight: Weight, host: Host) -> str:
    """One line: ``12.3 MB in 345 files, 1 % of what GitHub Pages takes``."""
    share = max(weight.size / host.size if host.size else 0, weight.files / host.files if host.files else 0)
    of = f", {_percent(share)} of what {host.name} takes" if share else ""
    return f"{in_words(weight.size)} in {counted(weight.files, 'file')}{of}"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %" if share >= 0.01 else "less than 1 %"


def details(weight: Weight, host: Host) -> list[str]:
    """The largest files, and what the monthly traffic is good for."""
    lines = [f"  {in_words(size):>9}  {path}" for size, path in weight.largest]
    if host.traffic and weight.pages:
        visits = host.traffic // max(1, weight.page_size // weight.pages)
        lines.append(
            f"  {in_words(weight.page_size // weight.pages)} a page on average; {host.name} asks for at most "
            f"{in_words(host.traffic)} a month: about {counted(visits, 'page')}, fewer with pictures"
        )
    return lines


def exceeded(weight: Weight, host: Host) -> list[tuple[bool, str]]:
    """What is over a limit (True) or near it (False), each with what to do."""
    found: list[tuple[bool, str]] = []
    if host.size and weight.size > host.size * NEAR:
        also = f", and deployments end after {counted(host.minutes, 'minute')}" if host.minutes else ""
        text = f"the site has {in_words(weight.size)} and {host.name} takes {in_words(host.size)}{also}; {_SMALLER}"
        found.append((weight.size > host.size, text))
    if host.files and weight.files > host.files * NEAR:
        text = f"the site has {counted(weight.files, 'file')} and {host.name} takes {host.files:,}; {_SMALLER}"
        found.append((weight.files > host.files, text))
    for size, path in weight.largest:
        if host.file_size and size > host.file_size:
            found.append(
                (
                    True,
                    f"{path}: {in_words(size)} and {host.name} takes {in_words(host.file_size)} a file; leave it out",
                )
            )
    return found


def counted(number: int, noun: str) -> str:
    """How many there are of something, for people: ``1 article``, ``1,234 articles``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def in_words(size: int) -> str:
    """Bytes for people: ``12.3 MB``."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:,.1f} {unit}" if size < 100 * factor else f"{size / factor:,.0f} {unit}"
    return counted(size, "byte")
