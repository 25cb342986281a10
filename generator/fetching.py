"""What the network has to give: the mirrors of the settings, then copies of the pictures in their articles.

The one part of the generator that asks other machines for anything; a build never does. It can be stopped and run again
at any time: what is at hand is kept, and only what is missing or old is asked for.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

from generator.build import kept_in, opened
from generator.cloning import Cloned, clone
from generator.collecting import Progress, collect, load_rules
from generator.downloads import Downloader, RefusedError, UnreachableError
from generator.models import Article
from generator.pictures import FOLDER, Kept, at_hand, is_whole, place, read_index, write_index
from generator.resizing import NoPictureError, resize
from generator.settings import Settings, load_settings

#: Connections to one host, and hosts at the same time.
PER_HOST, HOSTS = 4, 8
#: After so many pictures in a row without an answer a host is left in peace until the next run.
PATIENCE = 5
#: Days until a picture that is here, or gone, is asked for again; how often what is gone is.
FRESH, FORGOTTEN, MOST_TRIES = 90, 14, 3
_SAVE_EVERY = 200


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch gave: the mirrors; of the pictures how many are here, new, gone and out of reach, and why."""

    mirrors: tuple[Cloned, ...] = ()
    pictures: int = 0
    new: int = 0
    gone: int = 0
    away: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def lacks(self) -> bool:
        """Whether there is nothing at all of a mirror: it was out of reach, and no earlier fetch had reached it."""
        return any(not mirror.commit for mirror in self.mirrors)


def fetch(content: Path, jobs: int = 0, progress: Progress | None = None) -> Fetched:
    """Bring the mirrors and the pictures of a site up to date.

    Raises QingduError for settings that are wrong; a mirror that is out of reach keeps no other from being fetched.
    """
    settings = load_settings(content)
    mirrors = tuple(clone(source, content, settings.images != "none") for source in settings.sources)
    if settings.images != "local":
        return Fetched(mirrors)
    with opened(kept_in(content)) as store:
        articles = collect(load_rules(content), store, jobs, progress).library.articles
        return replace(fetch_pictures(settings, articles, Downloader(), progress), mirrors=mirrors)


def fetch_pictures(
    settings: Settings, articles: Iterable[Article], downloader: Downloader, progress: Progress | None = None
) -> Fetched:
    """Keep a copy of every picture that these articles show from other sites; what none shows any more goes."""
    content = settings.content
    wanted = list(dict.fromkeys(address for article in articles for address in _shown(article)))
    index = read_index(content)
    run = _Run(settings, {url: index.get(url, Kept()) for url in wanted}, downloader, progress)
    due = [url for url, kept in run.index.items() if run.is_due(kept)]
    try:
        asyncio.run(run.all(due))
    finally:
        if wanted:
            run.save()
            _drop_unused(content, run.index)
    return run.outcome()


def _shown(article: Article) -> Iterator[str]:
    yield from (address for address in article.traces.pictures if not place(address))
    if article.lead_figure.startswith(("http://", "https://")):
        yield article.lead_figure


def _drop_unused(content: Path, index: Mapping[str, Kept]) -> None:
    used = {kept.file(width) for kept in index.values() for width in kept.widths}
    for name in at_hand(content):
        if name.endswith(".webp") and name not in used:
            (content / FOLDER / name).unlink()


class _Run:
    """One round through the pictures of a site; ``index`` is what is known of each, and grows true."""

    def __init__(
        self, settings: Settings, index: dict[str, Kept], downloader: Downloader, progress: Progress | None
    ) -> None:
        self.settings, self.index, self.downloader = settings, index, downloader
        self.asked = (settings.picture_width, settings.picture_quality)
        self.there = at_hand(settings.content)
        self.today = dt.datetime.now(dt.UTC).date()
        self.tell: Callable[[str, int, int], None] = progress or (lambda stage, done, of: None)
        self.silent: Counter[str] = Counter()  # host -> pictures in a row without an answer
        self.done = self.new = 0

    def is_due(self, kept: Kept) -> bool:
        """Whether a picture is to be asked for now."""
        age = (self.today - dt.date.fromisoformat(kept.seen)).days if kept.seen else FRESH
        if kept.name:
            return age >= FRESH or not self._fits(kept)
        return not kept.gone or (age >= FORGOTTEN and kept.tries < MOST_TRIES)

    def _fits(self, kept: Kept) -> bool:
        """Whether the copies are there, and as the settings want them now."""
        return bool(kept.name) and kept.asked == self.asked and is_whole(kept, self.there)

    async def all(self, due: list[str]) -> None:
        """Ask for what is due, several hosts at a time."""
        hosts: dict[str, list[str]] = {}
        for url in due:
            hosts.setdefault(urlsplit(url).hostname or "", []).append(url)
        at_once = asyncio.Semaphore(HOSTS)
        async with self.downloader:
            await asyncio.gather(*(self._host(host, urls, at_once, len(due)) for host, urls in hosts.items()))

    async def _host(self, host: str, urls: list[str], at_once: asyncio.Semaphore, of: int) -> None:
        waiting = iter(urls)

        async def worker() -> None:
            for url in waiting:
                if self.silent[host] < PATIENCE:
                    await self._one(host, url)
                self.done += 1
                self.tell("pictures", self.done, of)
                if self.done % _SAVE_EVERY == 0:
                    self.save()

        async with at_once:
            await asyncio.gather(*(worker() for _ in range(PER_HOST)))

    async def _one(self, host: str, url: str) -> None:
        kept = self.index[url]
        known = (kept.etag, kept.modified) if self._fits(kept) else ("", "")
        try:
            came = await self.downloader.fetch(url, *known)
            self.silent[host] = 0
            if came.data is not None:
                kept = replace(await asyncio.to_thread(self._keep, came.data), etag=came.etag, modified=came.modified)
                self.new += 1
            self.index[url] = replace(kept, seen=self.today.isoformat(), tries=0, reason="")
        except UnreachableError as error:
            self.silent[host] += 1
            self._note(url, str(error), gone=False)
        except (RefusedError, NoPictureError) as error:
            self.silent[host] = 0
            self._note(url, str(error), gone=True)

    def _note(self, url: str, reason: str, gone: bool) -> None:
        """Remember a failure. A copy that is at hand stays: the publisher may well have thrown the picture away."""
        kept = self.index[url]
        seen = self.today.isoformat() if gone or kept.name else kept.seen
        tries = kept.tries + 1
        gone = gone and not kept.name
        self.index[url] = replace(kept, reason=reason, seen=seen, tries=tries, gone=gone)

    def _keep(self, data: bytes) -> Kept:
        """Write the copies of a picture."""
        resized = resize(data, *self.asked)
        name = blake2b(repr(self.asked).encode() + data, digest_size=8).hexdigest()
        kept = Kept(name, resized.width, resized.height, resized.tone, tuple(resized.copies), self.asked)
        folder = self.settings.content / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        for width, copy in resized.copies.items():
            fresh = folder / f"{kept.file(width)}.new"
            fresh.write_bytes(copy)
            fresh.replace(folder / kept.file(width))
        return kept

    def save(self) -> None:
        """Write down what is known so far."""
        write_index(self.settings.content, self.index)

    def outcome(self) -> Fetched:
        """What the round gave."""
        kept = self.index.values()
        reasons = Counter(one.reason for one in kept if one.reason and not one.name)
        here, gone = sum(bool(one.name) for one in kept), sum(one.gone for one in kept)
        return Fetched((), here, self.new, gone, len(self.index) - here - gone, dict(reasons.most_common()))
