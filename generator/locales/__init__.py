"""The words of the interface: one catalogue a language, written by people, dates and plurals by CLDR.

A catalogue is ``<tag>.toml``: ``name`` (how the language calls itself), ``babel`` (its CLDR locale), ``dir``
(``ltr`` or ``rtl``) and ``[messages]``. A message is a text with ``{values}``, or a table of plural forms
named as CLDR names them (``zero one two few many other``). All catalogues hold the same keys.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import babel
from babel.core import UnknownLocaleError, get_global
from babel.dates import format_date, format_interval, format_skeleton, format_time
from babel.numbers import format_decimal

from generator.errors import ConfigError

Message = str | dict[str, str]

SHIPPED = Path(__file__).parent
DIRECTIONS = ("ltr", "rtl")


@dataclass(frozen=True, slots=True, eq=False)
class Locale:
    """A language of the interface: its words, its dates, its numbers."""

    tag: str
    name: str
    dir: str
    babel: str
    messages: dict[str, Message]

    def t(self, key: str, **values: object) -> str:
        """The message ``key`` with its ``{values}`` filled in."""
        message = self._message(key)
        if not isinstance(message, str):
            raise self._wrong(key, "has plural forms", "ask for it with n()")
        return self._fill(key, message, values)

    def n(self, key: str, count: int, **values: object) -> str:
        """The message ``key`` in the plural form that ``count`` asks for, ``{count}`` filled in."""
        forms = self._message(key)
        if isinstance(forms, str):
            raise self._wrong(key, "has no plural forms", "ask for it with t()")
        form = forms.get(_plural_form(self.babel, count), forms["other"])
        return self._fill(key, form, {"count": self.number(count), **values})

    def day(self, date: dt.date) -> str:
        """The date with its day of the week: 2021年5月20日星期四."""
        return _format_day(self.babel, date)

    def month(self, date: dt.date) -> str:
        """Month and year: 2021年5月."""
        return _format_month(self.babel, date)

    def date(self, published: dt.date) -> str:
        """The date alone: 2021年5月20日."""
        return _format_date(self.babel, published.date() if isinstance(published, dt.datetime) else published)

    def day_of_month(self, date: dt.date) -> str:
        """A day where its year is clear: 5月20日周四."""
        return _format_day_of_month(self.babel, date)

    def span(self, first: dt.date, last: dt.date) -> str:
        """From a day to a later one: 2021年5月5日至12日."""
        return _format_span(self.babel, first, last)

    def month_name(self, number: int) -> str:
        """The short name of a month (1 to 12): 5月."""
        return str(_cldr(self.babel).months["format"]["abbreviated"][number])

    def language(self, tag: str) -> str:
        """The name of a language (BCP 47) in this one; the tag itself where CLDR knows no name."""
        return str(_cldr(self.babel).languages.get(tag.replace("-", "_"), tag))

    @property
    def territory(self) -> str:
        """The locale as Open Graph wants it, language and country: ``zh_TW``."""
        cldr = _cldr(self.babel)
        likely = get_global("likely_subtags")
        full = likely.get(self.babel) or likely.get(cldr.language) or self.babel
        country = cldr.territory or ("CN" if cldr.script == "Hans" else full.rpartition("_")[2])
        return f"{cldr.language}_{country}"

    def time(self, published: dt.date) -> str:
        """The date, with the time of day where it is known: 2021年5月20日 14:05."""
        if not isinstance(published, dt.datetime):
            return self.date(published)
        return _join(self.babel, self.date(published), self.clock(published))

    def clock(self, published: dt.date) -> str:
        """Only the time of day, as the publisher's clock showed it; empty where it is not known."""
        if not isinstance(published, dt.datetime):
            return ""
        return _format_clock(self.babel, published.time().replace(second=0, microsecond=0))

    def weekday(self, i: int) -> str:
        """The short name of the day ``i`` (0 to 6) of a week that begins on ``first_weekday``."""
        return _weekdays(self.babel)[(self.first_weekday + i) % 7]

    @property
    def first_weekday(self) -> int:
        """The day a week begins on in this language: 0 is Monday, 6 Sunday."""
        return int(_cldr(self.babel).first_week_day)

    def number(self, n: int) -> str:
        """A whole number, grouped as the language groups its digits."""
        return _format_number(self.babel, n)

    def _message(self, key: str) -> Message:
        if key not in self.messages:
            raise self._wrong(key, "does not exist", "add it to [messages] in every catalogue")
        return self.messages[key]

    def _fill(self, key: str, text: str, values: dict[str, object]) -> str:
        try:
            return text.format(**values)
        except (KeyError, IndexError, ValueError) as error:
            raise self._wrong(
                key, f"cannot be filled in ({error})", f"it knows: {', '.join(values) or 'no values'}"
            ) from error

    def _wrong(self, key: str, what: str, todo: str) -> ConfigError:
        return ConfigError(f"locale {self.tag}", f'message "{key}" {what}', todo)


def load_locale(tag: str, folder: Path | None = None) -> Locale:
    """The locale ``tag`` from the catalogues in ``folder`` (by default those that ship with the generator).

    Raises ConfigError for an unknown tag, naming the known ones, and for a catalogue that cannot be used.
    """
    folder = folder or SHIPPED
    path = folder / f"{tag}.toml"
    known = known_locales(folder)
    if tag not in known:
        raise ConfigError(str(folder), f'no locale "{tag}"', f"use one of: {', '.join(known)}")
    try:
        catalogue = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), f"not TOML ({error})", "mend the file") from error
    _check(path, catalogue)
    return Locale(tag, catalogue["name"], catalogue["dir"], catalogue["babel"], catalogue["messages"])


def known_locales(folder: Path | None = None) -> list[str]:
    """The tags of the catalogues in ``folder``, sorted."""
    return sorted(path.stem for path in (folder or SHIPPED).glob("*.toml"))


def in_locale(names: Mapping[str, str], locale: str) -> str:
    """The text for a locale, else for the nearest one (``zh-Hant-TW`` -> ``zh-Hant`` -> ``zh-…`` -> English -> any)."""
    return names.get(nearest_locale(names, locale), "")


def nearest_locale(names: Mapping[str, str], locale: str) -> str:
    """The key of ``names`` that serves a locale best; "" where nothing better is there than a text for every locale."""
    tag = locale
    while tag:
        if tag in names:
            return tag
        tag = tag.rpartition("-")[0]
    kin = [key for key in sorted(names) if key and key.split("-")[0] == locale.split("-")[0]]
    return next((key for key in (*kin, "", "en", *sorted(names)) if key in names), "")


def _check(path: Path, catalogue: dict[str, object]) -> None:
    """Refuse a catalogue that would only fail later, on some page."""
    wrong = {"name", "babel", "dir", "messages"}.symmetric_difference(catalogue)
    if wrong:
        raise ConfigError(
            str(path),
            f"missing or unknown: {', '.join(sorted(wrong))}",
            "a catalogue has name, babel, dir, [messages]",
        )
    if catalogue["dir"] not in DIRECTIONS:
        raise ConfigError(str(path), f'dir "{catalogue["dir"]}"', f"use one of: {', '.join(DIRECTIONS)}")
    try:
        _cldr(str(catalogue["babel"]))
    except (UnknownLocaleError, ValueError) as error:
        raise ConfigError(
            str(path), f'babel "{catalogue["babel"]}" is unknown', "use a CLDR locale such as zh_Hans"
        ) from error
    _check_messages(path, catalogue["messages"])


def _check_messages(path: Path, messages: object) -> None:
    if not isinstance(messages, dict):
        raise ConfigError(str(path), "messages is not a table", "write [messages]")
    for key, message in messages.items():
        forms = message if isinstance(message, dict) else {"other": message}
        if "other" not in forms or not all(isinstance(form, str) for form in forms.values()):
            raise ConfigError(
                str(path),
                f'message "{key}" is neither a text nor plural forms',
                'quote a key with dots: "removed.empty"',
            )


# CLDR is slow and a site asks for the same few dates thousands of times.


@lru_cache
def _cldr(tag: str) -> babel.Locale:
    return babel.Locale.parse(tag)


@lru_cache(maxsize=4096)
def _format_number(babel_tag: str, number: int) -> str:
    return str(format_decimal(number, locale=_cldr(babel_tag)))


@lru_cache(maxsize=1 << 12)
def _format_day(tag: str, date: dt.date) -> str:
    return format_date(date, "full", locale=_cldr(tag))


@lru_cache(maxsize=4096)
def _format_date(tag: str, date: dt.date) -> str:
    return format_date(date, "long", locale=_cldr(tag))


@lru_cache(maxsize=4096)
def _format_day_of_month(tag: str, date: dt.date) -> str:
    return format_skeleton("MMMEd", date, locale=_cldr(tag))


@lru_cache(maxsize=4096)
def _format_span(tag: str, first: dt.date, last: dt.date) -> str:
    return str(format_interval(first, last, "yMMMd", locale=_cldr(tag)))


@lru_cache(maxsize=4096)
def _format_month(tag: str, date: dt.date) -> str:
    return format_skeleton("yMMMM", date, locale=_cldr(tag))


@lru_cache(maxsize=4096)
def _format_clock(tag: str, time: dt.time) -> str:
    return format_time(time, "short", locale=_cldr(tag))


@lru_cache(maxsize=4096)
def _plural_form(tag: str, count: int) -> str:
    return str(_cldr(tag).plural_form(count))


@lru_cache
def _weekdays(tag: str) -> tuple[str, ...]:
    names = _cldr(tag).days["stand-alone"]["short"]
    return tuple(names[i] for i in range(7))


def _join(tag: str, date: str, time: str) -> str:
    """Date and time in the order and with the mark between them that the language uses."""
    return str(_cldr(tag).datetime_formats["medium"]).format(time, date)
