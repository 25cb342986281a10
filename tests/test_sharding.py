"""The index after a change: the same files as if it were made anew, and few of them written."""

from __future__ import annotations

import dataclasses
import random
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from generator import sharding
from generator.indexing import write_index
from generator.models import Article, Body, Traces
from generator.output import Output, Site
from generator.records import Result, pack
from generator.search import segments
from generator.settings import load_settings
from generator.stamps import key_of
from generator.store import Store, open_store
from tests.conftest import ROOT
from tests.test_search import article

SETTINGS = load_settings(ROOT / "content")
#: The size of segments for a small site: 75 articles lie in two of 32, one of 8, one of 2 and one of 1.
LEVELS = (("", 32, 300), ("large", 8, 200), ("middle", 2, 100), ("new", 1, 60))
WORDS = "潮水涨落 灯塔守夜 渡口换班 暗礁浮标 云港新船 harbour lights change at dawn 漢江大橋 السفن في الميناء".split()


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of few articles, which are edited whenever they can be."""
    monkeypatch.setattr(segments, "_LEVELS", LEVELS)
    monkeypatch.setattr(sharding, "_DEAREST", 1000)
    monkeypatch.setattr(sharding, "_GROUP", 5)


def told(number: int, dice: random.Random) -> Article:
    """An article that says something."""
    text = "，".join(dice.choices(WORDS, k=12))
    html = f"<p>{text}。</p><p>{number * 7919 % 1000}</p>"
    return article(id=f"a{number}", path=f"{number}.md", title=f"第{number}号{dice.choice(WORDS)}", html=html)


class Shelf:
    """A site's articles in the order of the index, with a store and a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = open_store(folder / "store")
        self.dice = random.Random(11)  # noqa: S311 - a dice, not a secret
        self.first = tuple(told(number, self.dice) for number in range(75))
        self.articles = list(self.first)

    def build(self, public: str = "public") -> set[str]:
        """Write the index; the paths of the files that were written."""
        return build(self.articles, self.store, self.folder / public)

    def edit(self, number: int, **changed: object) -> None:
        """An article says something else."""
        self.articles[number] = dataclasses.replace(self.articles[number], **changed)  # type: ignore[arg-type]

    def edit_body(self, number: int, more: str) -> None:
        """An article says something more."""
        self.edit(number, body=Body(self.articles[number].html + more, ""))

    def check(self, public: str = "public") -> None:
        """The files are those of a clean build."""
        clean = self.folder / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        store = Store(None)
        store.lay_out()
        build(self.articles, store, clean / "public")
        store.close()
        assert files(self.folder / public) == files(clean / "public")


def build(articles: list[Article], store: Store, public: Path) -> set[str]:
    """Write the index of some articles as a build does; the paths of the files that were written."""
    kept, every = store.keys(), [packed(one) for one in articles]
    fresh = [one for one in every if one.key not in kept]
    store.keep(fresh)
    store.settle([], [], {one.key for one in every}, kept)
    place = Output(public, ROOT / "content")
    try:
        place.open()
        site = Site(place, place.made())
        known = [one for one in store.results([one.key for one in every]) if isinstance(one, Article)]
        write_index(known, SETTINGS, store, site, 1)
        place.commit(site.files, site.staged)
        return site.staged
    finally:
        place.close()


def packed(one: Article) -> Result:
    """The result of an article, with the key that it has in a store."""
    plain = pack("", dataclasses.replace(one, publisher_name={}, traces=Traces(), picture_files=(), mirrored=None))
    return dataclasses.replace(plain, key=key_of(plain.record.hex(), plain.body.hex()))


def files(folder: Path) -> dict[str, bytes]:
    """Every file of the index."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in (folder / "search").rglob("*")
        if file.is_file()
    }


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A site that was built once."""
    made = Shelf(tmp_path)
    assert {path.split("/")[1] for path in made.build()} >= {"full0", "full1", "large", "middle", "new"}
    return made


def folders(paths: Iterable[str]) -> set[str]:
    """The segments of shards."""
    return {path.split("/")[1] for path in paths if path.endswith(".bin")}


def test_an_edit_writes_the_shards_in_which_a_posting_changed(shelf: Shelf) -> None:
    assert shelf.build() == set()
    shelf.edit_body(3, "<p>蓝</p>")
    written = shelf.build()
    assert len([path for path in written if path.endswith(".bin")]) == 1
    assert folders(written) == {"full0"}
    shelf.check()
    shelf.edit_body(3, "<p>蓝</p>")
    assert folders(shelf.build()) == set()
    shelf.check()


def test_a_title_edit_renews_the_titles(shelf: Shelf) -> None:
    before = files(shelf.folder / "public")["search/index.json"]
    shelf.edit(40, title="改了的标题", face="another")
    assert folders(shelf.build()) == {"full1"}
    shelf.check()
    assert files(shelf.folder / "public")["search/index.json"] != before


def test_a_new_article_changes_no_file_of_the_old_ones(shelf: Shelf) -> None:
    shelf.articles.append(told(100, shelf.dice))
    assert folders(shelf.build()) <= {"middle", "new"}
    shelf.check()


def insert(shelf: Shelf) -> None:
    """An article comes between old ones."""
    shelf.articles.insert(shelf.dice.randrange(len(shelf.articles)), told(shelf.dice.randrange(200, 900), shelf.dice))


def remove(shelf: Shelf) -> None:
    """An article goes."""
    shelf.articles.pop(shelf.dice.randrange(len(shelf.articles)))


def move(shelf: Shelf) -> None:
    """An article gets another date, perhaps another segment."""
    shelf.articles.insert(
        shelf.dice.randrange(len(shelf.articles)), shelf.articles.pop(shelf.dice.randrange(len(shelf.articles)))
    )


def edit_body(shelf: Shelf) -> None:
    """A few words more, or other words altogether."""
    number = shelf.dice.randrange(len(shelf.articles))
    shelf.edit_body(number, f"<p>{shelf.dice.choice(WORDS)}{shelf.dice.choice('金木水火土')}</p>")
    if shelf.dice.random() < 0.3:
        shelf.edit(number, body=told(1, shelf.dice).body)


def edit_title(shelf: Shelf) -> None:
    """A word of the text stands in the title now."""
    number = shelf.dice.randrange(len(shelf.articles))
    shelf.edit(number, title=shelf.dice.choice(WORDS))


def rename(shelf: Shelf) -> None:
    """Another document says the same."""
    shelf.edit(shelf.dice.randrange(len(shelf.articles)), path=f"renamed{shelf.dice.random()}.md")


def revert(shelf: Shelf) -> None:
    """Everything is as it was in the beginning."""
    shelf.articles = list(shelf.first)


CHANGES: tuple[Callable[[Shelf], None], ...] = (insert, remove, move, edit_body, edit_title, rename, revert)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_the_index_after_a_change_equals_a_clean_one(shelf: Shelf, change: Callable[[Shelf], None]) -> None:
    for _ in range(3):
        change(shelf)
        shelf.build()
        shelf.check()


@pytest.mark.parametrize("seed", range(3))
def test_the_index_after_any_changes_equals_a_clean_one(shelf: Shelf, seed: int) -> None:
    shelf.dice.seed(seed)
    for _ in range(6):
        for change in shelf.dice.choices(CHANGES, (1, 1, 1, 6, 4, 2, 0), k=shelf.dice.randrange(1, 6)):
            change(shelf)
        shelf.build()
        shelf.check()


def test_what_cannot_be_edited_is_made_anew(shelf: Shelf) -> None:
    for shard in (shelf.folder / "public/search/full0").iterdir():
        data = shard.read_bytes()
        shard.write_bytes(data[:-1] + bytes([data[-1] ^ 255]))  # of the size that the ledger knows
    shelf.edit_body(3, "<p>蓝</p>")
    assert folders(shelf.build()) == {"full0"}
    shelf.build("elsewhere")
    shelf.check("elsewhere")
    shelf.edit_body(3, "<p>绿</p>")
    shelf.build()
    shelf.build("elsewhere")
    shelf.check("elsewhere")


def test_what_an_article_said_is_kept_until_the_index_has_seen_the_change(shelf: Shelf) -> None:
    first = shelf.store.keys()
    shelf.edit_body(3, "<p>蓝</p>")
    shelf.build()
    assert len(first - shelf.store.keys()) == 0
    shelf.edit_body(5, "<p>蓝</p>")
    shelf.build()
    assert len(first - shelf.store.keys()) == 1
