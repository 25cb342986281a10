"""Library -> the files of the search index, by way of the store: what is known of an article is worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from generator import search
from generator.models import Article
from generator.output import Files, Site, write
from generator.parallel import spread
from generator.scripts import TermStore
from generator.settings import Settings
from generator.stamps import code, folder, key_of
from generator.store import Store

if TYPE_CHECKING:
    from generator.search.facts import Facts
    from generator.search.segments import Part
    from generator.search.shards import Postings, Segment

_INDEX = f"{search.FOLDER}/index.json"


def write_index(articles: Sequence[Article], settings: Settings, store: Store, site: Site, jobs: int) -> None:
    """Stage the files of the index that the site has not; ``articles`` in the order of the index."""
    terms = key_of(code(), folder(settings.content / "terms"), repr(settings.regional), repr(settings.editions))
    keys = [key_of(terms, one.stamp, *(made.stamp for _, made in one.by_hand)) for one in articles]
    before = {path: entry for path, entry in site.made.items() if path.startswith(f"{search.FOLDER}/")}
    whole = key_of(*keys)
    if before.get(_INDEX, (0, ""))[1] == f"{whole} {len(before)}":
        site.files.update(before)
        return
    from generator.search.segments import segments, tables  # late, as whatever imports NumPy

    made = segments(_facts(articles, keys, settings, store, jobs))
    shards = sum(_write_shards(segment, before, site, jobs) for segment in made)
    rest = list(tables(articles, made))
    for path, data in rest:
        site.add(path, data, f"{whole} {shards + len(rest)}" if path == _INDEX else key_of(data.decode()))


def _facts(articles: Sequence[Article], keys: list[str], settings: Settings, store: Store, jobs: int) -> list[Facts]:
    """What is known of each article, from the store where it is there."""
    from generator.search.facts import Facts

    kept = store.facts()
    scripts = dict.fromkeys(edition.script for edition in settings.editions if edition.script != "original")
    stores = [TermStore(settings.content, script, settings.regional) for script in scripts]
    missing = [number for number, key in enumerate(keys) if key not in kept]
    fresh = {keys[number]: data for number, data in spread(_facts_of, missing, (articles, stores), jobs)}
    store.keep_facts(fresh, kept.keys() - set(keys))
    return [Facts(fresh.get(key) or kept[key]) for key in keys]


def _facts_of(state: tuple[Sequence[Article], list[TermStore]], number: int) -> tuple[int, bytes]:
    from generator.search.facts import facts

    articles, stores = state
    return number, facts(articles[number], stores).data


def _write_shards(segment: Segment, before: Files, site: Site, jobs: int) -> int:
    """Stage the shards of a segment that the site has not; returns how many there are."""
    from generator.search.segments import parts
    from generator.search.shards import postings

    wanted = []
    for part in parts(segment):
        site.files.update((path, before[path]) for path in part.paths() if path in before)
        if not all(before.get(path, (0, ""))[1] == part.key for path in part.paths()):
            wanted.append(part)
    state = (site, wanted, postings(segment.facts)) if wanted else None
    for path, size, key in (row for rows in spread(_write_part, range(len(wanted)), state, jobs, 8) for row in rows):
        site.note(path, size, key)
    return segment.shards


def _write_part(state: tuple[Site, list[Part], Postings], number: int) -> list[tuple[str, int, str]]:
    site, parts, postings = state
    rows = []
    for path, data in parts[number].files(postings):
        write(site.place.staging, path, data)
        rows.append((path, len(data), parts[number].key))
    return rows
