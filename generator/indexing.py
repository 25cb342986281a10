"""Library -> the files of the search index, by way of the store: what is known of an article is worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator import search
from generator.models import Article
from generator.output import Files, Output, write
from generator.parallel import spread
from generator.scripts import TermStore
from generator.settings import Settings
from generator.stamps import code, folder, key_of
from generator.store import Store

_INDEX = f"{search.FOLDER}/index.json"


@dataclass(frozen=True, slots=True)
class Site:
    """The site that is being written: its folder, what stands there, what it will consist of, what was staged."""

    place: Output
    made: Files
    files: Files
    staged: set[str]

    def add(self, path: str, data: bytes, key: str) -> None:
        """Stage a file unless the site has it as it is."""
        self.files[path] = (len(data), key)
        if self.made.get(path) != self.files[path]:
            write(self.place.staging, path, data)
            self.staged.add(path)


def write_index(articles: Sequence[Article], settings: Settings, store: Store, site: Site, jobs: int) -> None:
    """Stage the files of the index that the site has not; ``articles`` in the order of the index."""
    tables = key_of(code(), folder(settings.content / "terms"), repr(settings.regional), repr(settings.editions))
    keys = [key_of(tables, one.stamp, *(made.stamp for _, made in one.by_hand)) for one in articles]
    before = {path: entry for path, entry in site.made.items() if path.startswith(f"{search.FOLDER}/")}
    whole = key_of(*keys)
    if before.get(_INDEX, (0, ""))[1] == f"{whole} {len(before)}":
        site.files.update(before)
        return
    segments = search.segments(_facts(articles, keys, settings, store, jobs))
    parts = [part for segment in segments for part in search.parts(segment)]
    wanted = [part for part in parts if not all(before.get(path, (0, ""))[1] == part.key for path in part.paths())]
    for part in parts:
        site.files.update((path, before[path]) for path in part.paths() if path in before)
    written = spread(_write_part, range(len(wanted)), (site, wanted), jobs, 8)
    for path, size, key in (row for rows in written for row in rows):
        site.files[path] = (size, key)
        site.staged.add(path)
    tables_of_site = list(search.tables(articles, segments))
    count = sum(len(list(part.paths())) for part in parts) + len(tables_of_site)
    for path, data in tables_of_site:
        site.add(path, data, f"{whole} {count}" if path == _INDEX else key_of(data.decode()))


def _facts(
    articles: Sequence[Article], keys: list[str], settings: Settings, store: Store, jobs: int
) -> list[search.Facts]:
    """What is known of each article, from the store where it is there."""
    kept = store.facts()
    scripts = dict.fromkeys(edition.script for edition in settings.editions if edition.script != "original")
    stores = [TermStore(settings.content, script, settings.regional) for script in scripts]
    missing = [number for number, key in enumerate(keys) if key not in kept]
    fresh = {keys[number]: data for number, data in spread(_facts_of, missing, (articles, stores), jobs)}
    store.keep_facts(fresh, kept.keys() - set(keys))
    return [search.Facts.unpacked(fresh.get(key) or kept[key]) for key in keys]


def _facts_of(state: tuple[Sequence[Article], list[TermStore]], number: int) -> tuple[int, bytes]:
    articles, stores = state
    return number, search.facts(articles[number], stores).packed()


def _write_part(state: tuple[Site, list[search.Part]], number: int) -> list[tuple[str, int, str]]:
    site, part, rows = state[0], state[1][number], []
    for path, data in part.files():
        write(site.place.staging, path, data)
        rows.append((path, len(data), part.key))
    return rows
