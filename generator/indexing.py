"""Library -> the files of the search index, as far as they are to be made anew."""

from __future__ import annotations

from collections.abc import Sequence

from generator import search
from generator.models import Article
from generator.output import Site
from generator.scripts import TermStore
from generator.settings import Settings
from generator.stamps import code, folder, key_of
from generator.store import HOLDING, Store, StoredBody

_INDEX = f"{search.FOLDER}/index.json"


def write_index(articles: Sequence[Article], settings: Settings, store: Store, site: Site, jobs: int) -> None:
    """Stage the files of the index that the site has not; ``articles`` in the order of the index."""
    terms = key_of(folder(settings.content / "terms"), repr(settings.regional), repr(settings.editions))
    whole = key_of(code(), terms, *(text for one in articles for text in _shown(one)))
    before = {path: entry for path, entry in site.made.items() if path.startswith(f"{search.FOLDER}/")}
    last = before.get(_INDEX, (0, ""))[1]
    if last == f"{whole} {len(before)}":
        site.files.update(before)
        return
    from generator.search.segments import tables  # late, as whatever imports NumPy
    from generator.sharding import Past, Texts, write_segments

    noted = store.notes(HOLDING)
    rules = key_of(code(), terms)
    past = Past.of(noted) if noted.get("rules") == rules and noted["whole"] == last.partition(" ")[0] else Past()
    scripts = dict.fromkeys(edition.script for edition in settings.editions if edition.script != "original")
    stores = tuple(TermStore(settings.content, script, settings.regional) for script in scripts)
    texts = Texts(articles, [_results(one) for one in articles], stores)
    made = write_segments(texts, past, store, site, jobs)
    rest = list(tables(articles, [one for _, one in made], terms))
    files = sum(one.segment.shards for _, one in made) + len(rest)
    for path, data in rest:
        site.add(path, data, f"{whole} {files}" if path == _INDEX else key_of(data.decode()))
    store.note(HOLDING, {"rules": rules, "whole": whole, **Past.noted(made, texts.results)})


def _shown(article: Article) -> list[str]:
    """What a number of the index stands for, and what is found and shown of it."""
    return [article.id, article.stamp, *(made.stamp for _, made in article.by_hand)]


def _results(article: Article) -> str:
    """The results of the store that an article is made of, between spaces; "" where it is not from there."""
    every = [article, *(made for _, made in article.by_hand)]
    return " ".join(one.body.key for one in every if isinstance(one.body, StoredBody))
