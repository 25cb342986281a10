"""Library -> the index that the search page reads: one for all editions, in small files that are fetched as needed.

An article becomes its postings, a function of this article alone (`facts`). Articles are numbered from the oldest to the
newest and lie in segments, old ones in large, new ones in small ones (`segments`), so that few files change. Files below
``search/``:

    index.json      the segments: name, version of the numbers, articles, shards, versions of the shards; versions of the
                    letters and of the files of titles
    letters.txt     character, folded character, …: those of which this site has a use
    days.json       articles without a date, then for each day: days since the last one, articles
    <segment>/<n>   a shard: the keys of its share of all numbers, each with its articles (see `generator.search.shards`)

The modules, in the order of the work: ``bits`` (numbers -> codes), ``postings``, ``folding`` (text -> keys), ``facts``,
``shards``, ``reading`` (shard -> postings), ``segments``. They import NumPy, so they are imported by those only who write an
index: it takes a tenth of a second.
"""

from __future__ import annotations

from generator.models import Article, Library

FOLDER = "search"
#: Titles in one file of an edition.
CARDS = 16


def in_order(library: Library) -> tuple[Article, ...]:
    """The articles as the index numbers them: the undated, then from the oldest to the newest."""
    return library.articles[::-1]
