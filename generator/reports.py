"""What a fetch gave and what a built site weighs, said on the terminal: facts to stdout, what is wrong to stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from generator.output import sizes
from generator.weights import HOSTS, details, exceeded, summary, weigh

if TYPE_CHECKING:
    from generator.fetching import Fetched
    from generator.models import Article
    from generator.settings import Settings


def say_fetched(fetched: Fetched, content: Path, verbose: bool, quiet: bool) -> bool:
    """Say what a fetch gave; whether a mirror was out of reach."""
    trouble = [mirror.trouble for mirror in fetched.mirrors if mirror.trouble]
    for text in trouble:
        print(f"warning: {text}", file=sys.stderr)
    if not quiet:
        for mirror in fetched.mirrors:
            print(f"{content / mirror.name}: {mirror.documents:,} documents at {mirror.commit[:12]}")
        print(
            f"pictures: {fetched.pictures:,} here ({fetched.new:,} new), {fetched.gone:,} cannot be had, "
            f"{fetched.away:,} out of reach for now"
        )
        for reason, count in list(fetched.reasons.items())[: None if verbose else 3]:
            print(f"  {count:,}: {reason}", file=sys.stderr)
    return bool(trouble)


def say_pictures(articles: Iterable[Article], settings: Settings) -> None:
    """Say how many of the articles' pictures a build can show, where some are missing."""
    if settings.images != "local":
        return
    from generator.pictures import addresses, load_gallery

    wanted = {address for article in articles for address in addresses(article.html)}
    kept = load_gallery(settings).kept
    here = sum(bool(kept[address].name) for address in wanted if address in kept)
    gone = sum(kept[address].gone for address in wanted if address in kept)
    if waiting := len(wanted) - here - gone:
        print(f"pictures: {here:,} here, {gone:,} cannot be had; `qingdu fetch` may bring {waiting:,} more")


def say_weight(
    output: Path,
    host: str,
    verbose: bool,
    quiet: bool = False,
    made: str = "",
    files: Iterable[tuple[str, int]] | None = None,
) -> bool:
    """Say what a built site weighs against what its host takes, after how it was ``made``; whether it is too much.

    ``files`` are those of the site with their sizes, where they are known.
    """
    weight = weigh(sizes(str(output)) if files is None else files)
    over = exceeded(weight, HOSTS[host])
    if not quiet:
        print(f"{output}: {made}{summary(weight, HOSTS[host])}")
        for line in details(weight, HOSTS[host]) if verbose or over else ():
            print(line)
    for too_much, text in over:
        print(f"{'too much' if too_much else 'warning'}: {text}", file=sys.stderr)
    return any(too_much for too_much, _ in over)


def say_site(output: Path, settings: Settings, verbose: bool, quiet: bool) -> bool:
    """Look through a built site, when there is one, and say what is wrong with it; whether something is."""
    if not (output / "index.html").is_file():
        if not quiet:
            print(f"{output}: no site is built there, so its links and its size are not checked")
        return False
    from generator.inspection import dead

    found = list(dead(output, settings.base_url))
    for page, address in found[: None if verbose else 5]:
        print(f"dead link: {page}: {address}", file=sys.stderr)
    if len(found) > 5 and not verbose:
        print(f"dead links: {len(found):,} (-v lists all)", file=sys.stderr)
    return say_weight(output, settings.host, verbose, quiet) or bool(found)
