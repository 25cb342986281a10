"""Library -> the index that the search page reads: one for all editions, in small files that are fetched as needed.

An article becomes `facts.Facts`, a function of this article alone. Facts are numbered from the oldest article to the
newest and lie in two segments: all whole `BATCH`es, and the rest, so that a new article changes the files of the second
only. Files below ``search/``:

    index.json      the segments: version, articles, shards
    letters.txt     character, folded character, …: those of which this site has a use
    days.json       articles without a date, then for each day: days since the last one, articles
    <segment>/<n>   a shard: the keys of its share of all numbers, each with its articles (see `generator.search.shards`)

The modules, in the order of the work: ``folding`` (text -> keys), ``facts``, ``bits`` (numbers -> codes), ``shards``,
``segments``. They import NumPy, so they are imported by those only who write an index: it takes a tenth of a second.
"""

from __future__ import annotations

from generator.models import Article, Library

FOLDER = "search"
#: Articles after which the large segment is made again.
BATCH = 256
#: Titles in one file of an edition.
CARDS = 16


def in_order(library: Library) -> tuple[Article, ...]:
    """The articles as the index numbers them: the undated, then from the oldest to the newest."""
    return library.articles[::-1]
