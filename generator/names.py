"""What a tag names: a person, a place, an organisation, or a subject.

Places and organisations are known by their names: countries and cities from CLDR, lists and endings from `names.toml`.
A person is known by what stands beside the name in the texts: an office before it, or that somebody said something.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

from babel import Locale

from generator.languages import one_script
from generator.words import aliases

PERSON, PLACE, ORGANISATION = "person", "place", "organisation"
KINDS = (PERSON, PLACE, ORGANISATION)
#: The languages in which CLDR is asked for countries and cities.
_LANGUAGES = ("zh_Hans", "zh_Hant", "en", "ja", "ar")
#: What CLDR lists among the countries and is none.
_UNIONS = ("EU", "EZ", "UN", "ZZ", "XA", "XB")
#: So much of a text is searched for people; a name of Han characters has so many.
READ, LONGEST = 3000, 8
#: This part of the articles has to treat a name as a person's that could be anything.
SURE = 0.4
#: ``Ansel Ruo``, 亨特·拜登: how a foreigner's name looks.
_FOREIGN = re.compile(r"[\u4e00-\u9fff]{1,6}(?:[·‧・•][\u4e00-\u9fff]{1,8}){1,3}")


def people(tags: Iterable[str], text: str) -> tuple[str, ...]:
    """Which of an article's tags its text treats as persons."""
    names = [tag for tag in tags if len(tag) > 1 and (not tag.isascii() or " " in tag)]
    if not names:
        return ()
    rules = _rules()[PERSON]
    text = folded(text[:READ])
    return tuple(tag for tag in names if _as_person(folded(tag), text, rules["before"], rules["after"]))


def kind(name: str, borne: int, as_person: int) -> str:
    """What a folded name names; ``as_person`` of the ``borne`` articles that bear it treat it as a person. "": a subject."""
    rules = _rules()
    if name in places() or name in rules[PLACE]["names"]:
        return PLACE
    if name in rules[ORGANISATION]["names"]:
        return ORGANISATION
    if _is_person(name, borne, as_person):
        return PERSON
    for one in (ORGANISATION, PLACE):
        ends, not_ends = rules[one]["ends"], rules[one]["not_ends"]
        if len(name) > 2 and name.endswith(ends) and not name.endswith(not_ends):
            return one
    return ""


@lru_cache(1 << 15)
def folded(name: str) -> str:
    """What is the same for every spelling of a name: Simplified characters, small letters, single spaces."""
    return " ".join(one_script(name).split())


def known_as(name: str) -> str:
    """The one name, folded, of whom or what people call by several: 特朗普 of 川普."""
    plain = folded(name)
    return aliases()[0].get(plain, plain)


@cache
def places() -> frozenset[str]:
    """The countries and cities that CLDR knows, folded, in several languages."""
    found: set[str] = set()
    for language in _LANGUAGES:
        locale = Locale.parse(language)
        found.update(name for code, name in locale.territories.items() if code.isalpha() and code not in _UNIONS)
        found.update(zone["city"] for zone in locale.time_zones.values() if "city" in zone)
    return frozenset(folded(name) for name in found if len(name) > 1)


def _is_person(name: str, borne: int, as_person: int) -> bool:
    """Chinese names begin with a surname, so little evidence will do; of other names the texts have to be surer."""
    rules = _rules()
    if _FOREIGN.fullmatch(name):
        return True
    if len(name) in (2, 3) and name[0] in rules[PERSON]["surnames"]:
        return as_person >= 1 and as_person * (4 if len(name) == 2 else 12) >= borne
    ends = (*rules[ORGANISATION]["ends"], *rules[PERSON]["before"], *rules[PERSON]["not_ends"])
    looks_so = " " in name if name.isascii() else 1 < len(name) <= LONGEST and not name.endswith(ends)
    return looks_so and as_person >= 2 and as_person >= SURE * borne


def _as_person(name: str, text: str, before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        said = end + (text[end : end + 1] in (")", "）"))  # 川普（特朗普）说
        if text.endswith(before, 0, start) or text.startswith(after, said):
            return True
        start = text.find(name, end)
    return False


@cache
def _rules() -> dict[str, dict[str, tuple[str, ...]]]:
    table = tomllib.loads((files("generator") / "names.toml").read_text("utf-8"))
    return {one: {key: tuple(found) for key, found in rules.items()} for one, rules in table.items()}
