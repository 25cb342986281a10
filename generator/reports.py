"""What was left out, what a fetch gave, what a built site weighs, said on the terminal: facts to stdout, what is wrong to stderr."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from generator.output import sizes
from generator.weights import HOSTS, counted, details, exceeded, summary, weigh

if TYPE_CHECKING:
    from generator.collecting import Outcome
    from generator.fetching import Fetched
    from generator.models import Article, LeftOut
    from generator.settings import Settings


def say_fetched(fetched: Fetched, content: Path, verbose: bool, quiet: bool) -> bool:
    """Say what a fetch gave; whether a mirror was out of reach."""
    trouble = [mirror.trouble for mirror in fetched.mirrors if mirror.trouble]
    for text in trouble:
        print(f"warning: {text}", file=sys.stderr)
    if not quiet:
        for mirror in fetched.mirrors:
            if mirror.commit:
                print(f"{content / mirror.name}: {counted(mirror.documents, 'document')} at {mirror.commit[:12]}")
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


def clear() -> None:
    """Take the line of progress off the terminal."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")


def say_left_out(left_out: Sequence[LeftOut], warnings: Sequence[str], verbose: bool) -> None:
    """Say which documents are left out, grouped by reason, and warnings; a few of each, all with -v."""
    most = None if verbose else 3
    groups: dict[str, list[LeftOut]] = {}
    for one in left_out:
        groups.setdefault(one.reason, []).append(one)
    for reason, group in sorted(groups.items()):
        print(f"left out, {reason}: {len(group):,}", file=sys.stderr)
        for one in group[:most]:
            print(f"  {one.path}: {one.detail}", file=sys.stderr)
        if most and len(group) > most:
            print(f"  … and {len(group) - most:,} more (-v lists all)", file=sys.stderr)
    for text in warnings[:most]:
        print(f"warning: {text}", file=sys.stderr)
    if most and len(warnings) > most:
        print(f"warning: … and {len(warnings) - most:,} more (-v lists all)", file=sys.stderr)


def say_unresolved(outcome: Outcome, script: str) -> None:
    """Say the one-to-many characters that neither a word nor a term decides, most frequent first, each with where it stands."""
    from generator.explain import checked_script
    from generator.scripts import TermStore, unresolved

    settings = outcome.rules.settings
    store = TermStore(settings.content, checked_script(script), settings.regional)
    found: dict[str, Counter[str]] = {}
    for article in outcome.library.articles:
        terms = store.of(article.publisher, article.topic, article.terms)
        for character, place in unresolved(f"{article.title}\n{article.text}", article.lang, script, terms):
            found.setdefault(character, Counter())[place] += 1
    for character, places in sorted(found.items(), key=lambda item: (-item[1].total(), item[0])):
        examples = "  ".join(place for place, _ in places.most_common(5))
        print(f"{places.total():>7,}  {character}  {examples}")
