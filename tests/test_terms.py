"""Tables of terms override OpenCC, layer over layer; markup, names and hand-made files override the tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.build import shelves_of
from generator.collecting import collect, load_rules
from generator.errors import ConfigError
from generator.pages import Shelf
from generator.scripts import Change, Terms, TermStore, changes, convert_html, convert_text, unresolved
from generator.scripts.terms import rows

TW, HK, HANS = "zh-Hant-TW", "zh-Hant-HK", "zh-Hans"


def site(tmp_path: Path, **files: str) -> Path:
    """Write a content folder with term tables; ``__`` in a name stands for a dot."""
    folder = tmp_path / "terms"
    folder.mkdir()
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, "utf-8")
    return tmp_path


def shelf(content: Path, script: str) -> Shelf:
    """Read a content folder and shelve it for an edition in a script."""
    rules = load_rules(content)
    edition = next(edition for edition in rules.settings.editions if edition.script == script)
    return shelves_of(collect(rules, jobs=1), edition)[0]


def test_layers_override_one_another(tmp_path: Path) -> None:
    content = site(
        tmp_path,
        all__tsv="灯语\t燈語一\n渔汛\t漁汛一\n",
        publisher__harbour__tsv="渔汛\t漁汛二\n",
        topic__society__tsv="渔汛\t漁汛三\n",
        protect__txt="# 人名\n余里\n",
    )
    store = TermStore(content, TW)
    text = "余里说灯语和渔汛"
    assert convert_text(text, HANS, TW, store.of("tide", "world")) == "余里說燈語一和漁汛一"
    assert convert_text(text, HANS, TW, store.of("harbour", "world")) == "余里說燈語一和漁汛二"
    assert convert_text(text, HANS, TW, store.of("harbour", "society")) == "余里說燈語一和漁汛三"
    own = store.of("harbour", "society", [("灯语", "燈語四")])
    assert convert_text(text, HANS, TW, own) == "余里說燈語四和漁汛三"


def test_a_column_that_is_left_out_is_as_in_taiwan() -> None:
    table = "甲乙\t甲一\n丙丁\t丙一\t丙二\n"
    assert {source: target for source, (target, _) in rows(table, "t", HK).items()} == {"甲乙": "甲一", "丙丁": "丙二"}
    assert {source: target for source, (target, _) in rows(table, "t", HANS).items()} == {
        "甲一": "甲乙",
        "丙一": "丙丁",
        "丙二": "丙丁",
    }


@pytest.mark.parametrize("line", ["一个格子", "甲\t", "\t乙", "甲\t乙\t丙\t丁"])
def test_a_row_that_is_none_is_said_with_its_line(line: str) -> None:
    with pytest.raises(ConfigError, match=r"^terms/a\.tsv:2: "):
        rows(f"# 注\n{line}\n", "terms/a.tsv", TW)


def test_the_longest_term_wins_and_a_term_reaches_across_inline_tags() -> None:
    terms = Terms({"灯": ("甲", "t"), "灯塔": ("乙丙", "t")})
    assert convert_text("灯塔灯", HANS, TW, terms) == "乙丙甲"
    assert convert_html("<p>灯<b>塔</b>灯</p>", HANS, TW, terms) == "<p>乙<b>丙</b>甲</p>"


@pytest.mark.parametrize(
    ("text", "script", "shown"),
    [
        ("-{发}-展", TW, "发展"),
        ("-{zh-hans:鼠标;zh-tw:滑鼠;zh-hk:滑鼠器}-", TW, "滑鼠"),
        ("-{zh-hans:鼠标;zh-tw:滑鼠;zh-hk:滑鼠器}-", HK, "滑鼠器"),
        ("-{zh-hans:鼠标;zh-tw:滑鼠}-", HANS, "鼠标"),
        ("-{zh-hans:鼠标;zh-tw:滑鼠}-", "original", "鼠标"),
        ("-{H|zh-hans:灯语;zh-tw:燈號}-他读灯语", TW, "他讀燈號"),
        ("没有-{合上的记号", TW, "沒有-{合上的記號"),
    ],
)
def test_markup_in_the_text_is_what_its_author_fixed(text: str, script: str, shown: str) -> None:
    assert convert_text(text, HANS, script) == shown


@pytest.mark.parametrize("fixed", ["https://a.example/发里", "office@a.example", "@发里后"])
def test_addresses_and_handles_in_a_text_are_no_words(fixed: str) -> None:
    assert convert_text(f"见 {fixed} 里", HANS, TW) in (f"見 {fixed} 裡", f"見 {fixed} 里")


@pytest.mark.parametrize(
    ("text", "script", "shown"),
    [
        ("他说：“好的‘好’。”", TW, "他說：「好的『好』。」"),
        ("It’s “fine”，他说", TW, "It’s 「fine」，他說"),
        ("没有合上的“引号", TW, "沒有合上的“引號"),
        ("他說：「好的『好』。」", HANS, "他说：“好的‘好’。”"),
    ],
)
def test_quotation_marks_take_the_form_of_the_script_by_pairs(text: str, script: str, shown: str) -> None:
    lang = HANS if script == TW else TW
    assert convert_text(text, lang, script, quotes=True) == shown


def test_a_mixed_article_comes_out_in_one_script() -> None:
    text = "干预选举的报道。\n這段是繁體，干涉與樹幹、皇后與公里。\n又是简体，理发。"
    assert convert_text(text, HANS, TW) == "干預選舉的報道。\n這段是繁體，干涉與樹幹、皇后與公里。\n又是簡體，理髮。"
    assert convert_text(text, HANS, HANS) == "干预选举的报道。\n这段是繁体，干涉与树干、皇后与公里。\n又是简体，理发。"


def test_simplified_characters_that_are_traditional_ones_too_stay() -> None:
    text = "眼镜被打坏了，乾安县的县志写作後來。"
    assert convert_text(text, HANS, HANS) == "眼镜被打坏了，乾安县的县志写作后来。"


def test_changes_name_the_rule() -> None:
    terms = Terms({"灯语": ("燈號", "terms/all.tsv")})
    found = list(changes("灯语好，发展", HANS, TW, terms))
    assert Change("灯语", "燈號", "terms/all.tsv") in found
    assert Change("发", "發", "OpenCC s2tw") in found


def test_what_no_rule_decides_is_listed() -> None:
    assert [character for character, _ in unresolved("余先生的船，理发", HANS, TW, Terms({}))] == ["余"]
    assert list(unresolved("余先生的船，理发", HANS, TW, Terms({"余先生": ("余先生", "t")}))) == []


def test_front_matter_and_hand_made_files_win(tmp_path: Path) -> None:
    story = "守塔人每晚六点上楼，数完四十七级台阶，再点一支烟，望着雾里的灯。"
    (tmp_path / "a.md").write_text(f"---\ntitle: 灯下\nconvert: false\n---\n\n<p>{story}</p>\n", "utf-8")
    (tmp_path / "b.md").write_text(f"---\ntitle: 灯语\nterms:\n  灯语: 燈號\n---\n\n<p>{story}二。</p>\n", "utf-8")
    (tmp_path / "c.md").write_text(f"---\ntitle: 灯上\n---\n\n<p>{story}三。</p>\n", "utf-8")
    (tmp_path / "c.zh-Hant-TW.md").write_text(f"---\ntitle: 燈塔之上\n---\n\n<p>{story}親手寫的。</p>\n", "utf-8")
    taiwan = shelf(tmp_path, TW)
    by_path = {article.path: taiwan.in_script(article) for article in taiwan.library.articles}
    assert {path: article.title for path, article in by_path.items()} == {
        "a.md": "灯下",
        "b.md": "燈號",
        "c.md": "燈塔之上",
    }
    assert by_path["a.md"].lang == HANS
    assert by_path["c.md"].lang == TW
    assert "親手寫的" in taiwan.html_of(next(a for a in taiwan.library.articles if a.path == "c.md"))
    hans = shelf(tmp_path, HANS)
    assert sorted(hans.in_script(article).title for article in hans.library.articles) == ["灯上", "灯下", "灯语"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("相关系统和海关系统", "相關系統和海關系統"),
        ("各自制定规则", "各自制定規則"),
        ("意大利面临开发带动的防御准备", "意大利面臨開發帶動的防禦準備"),
        ("电视台风波与对冲突然失效", "電視臺風波與對沖突然失效"),
        ("恢复议会和钢铁制裁", "恢復議會和鋼鐵制裁"),
        ("他将于本周赴会，于下周返回", "他將於本週赴會，於下週返回"),
    ],
)
def test_no_term_of_ours_bites_into_other_words(text: str, shown: str) -> None:
    assert convert_text(text, HANS, TW) == shown
