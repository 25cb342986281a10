"""Postings: that a key stands in an article, whether in its title, and what follows it. One number each, in columns.

A column of them that rises is sorted by keys, then by articles: so are the postings of an article, of many, of a shard.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from generator.search.bits import Column, firsts

#: The parts of a posting: four bits say what follows, one whether it stands in the title, the next 26 which article it
#: is (so that it can be added), the upper 32 are the key.
AFTER, TITLED, ARTICLE, KEY = 15, 16, 5, 31


def united(rows: Column) -> Column:
    """Each key of an article once, rising, with all that is said of it anywhere; ``rows`` in any order."""
    rows = np.sort(rows)
    return np.bitwise_or.reduceat(rows, firsts(rows >> KEY)) if len(rows) else rows


def merged(parts: Sequence[Column]) -> Column:
    """Columns that rise as one that does."""
    rows = np.concatenate([np.zeros(0, np.int64), *parts])
    rows.sort(kind="stable")  # which merges what is sorted already
    return rows


def numbered(known: Sequence[Column], first: int = 0) -> Column:
    """The postings of articles as one column; the articles are numbered from ``first`` on as they come."""
    return merged([rows + (number << ARTICLE) for number, rows in enumerate(known, first)])


def between(rows: Column, low: int, high: int) -> Column:
    """Those of the keys from ``low`` to before ``high``."""
    return rows[np.searchsorted(rows, low << KEY) : np.searchsorted(rows, (high << KEY) - 1, side="right")]
