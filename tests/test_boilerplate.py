"""What repeats across a mirror is chrome; some kinds of line repeat innocently."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.boilerplate import (
    MIN_COUNT,
    MIN_DOCUMENTS,
    Boilerplate,
    dump,
    learn,
    line_key,
    link_key,
    load,
    merge,
    repeats,
    sample,
)
from generator.errors import ConfigError
from generator.models import Article, Block
from tests.samples import blocks, cleaned

MANY = 80


def mirror(html: str, count: int = MANY, every: int = 1, publisher: str = "harbour") -> Boilerplate:
    """Learn from documents of which every n-th holds the given fragment beside a text of its own."""
    return learn(
        sample("mirror", publisher, blocks(f"<p>第{chr(0x4E00 + n)}篇的正文。</p>{html if n % every == 0 else ''}"))
        for n in range(count)
    )


def block(html: str) -> Block:
    """Write one block."""
    (one,) = blocks(html)
    return one


def found(learnt: Boilerplate, scope: str, publisher: str, one: Block) -> str:
    """Say why a block is boilerplate in a document that holds nothing else."""
    return repeats(one, learnt.of(sample(scope, publisher, [one])))


ROW = '<p><a href="http://198.51.100.24/v/1">短片一</a> | <a href="http://198.51.100.24/v/2">短片二</a></p>'


def test_a_line_of_every_document_is_chrome() -> None:
    learnt = mirror("<p>扫码关注我们的频道</p>")
    assert found(learnt, "mirror", "harbour", block("<p>扫码关注我们的频道</p>")) == "repeats in mirror mirror"
    assert found(learnt, "mirror", "harbour", block("<p>扫码关注他们的频道</p>")) == ""


def test_a_line_is_compared_without_white_space_and_numbers() -> None:
    learnt = mirror("<p>点击数 1024 次，见 http://a.example/1</p>")
    assert found(learnt, "mirror", "harbour", block("<p>点击数7次， 见https://a.example/other?x</p>")) == ""
    assert found(learnt, "mirror", "harbour", block("<p>点击数 7777 次，见 https://a.example/other?x</p>"))


def test_every_line_of_a_block_has_to_recur() -> None:
    learnt = mirror("<p>扫码关注<br>我们的频道</p>")
    assert found(learnt, "mirror", "harbour", block("<p>扫码关注<br>我们的频道</p>"))
    assert found(learnt, "mirror", "harbour", block("<p>扫码关注<br>守塔人说，他不用手机。</p>")) == ""


def test_links_to_targets_that_recur_are_chrome_whatever_they_say() -> None:
    learnt = mirror(ROW)
    other = '<p><a href="http://203.0.113.9/v/88">全新的影片</a></p>'
    assert found(learnt, "mirror", "harbour", block(other)) == "links repeat in mirror mirror"
    assert (
        found(
            learnt,
            "mirror",
            "harbour",
            block('<p>他在<a href="http://203.0.113.9/v/88">影片</a>里说，灯塔从来没有灭过，一天也没有。</p>'),
        )
        == ""
    )


def test_a_bare_address_is_text() -> None:
    learnt = mirror('<p><a href="https://www.youtube.com/watch?v=abc">看影片</a></p>')
    address = "https://www.youtube.com/watch?v=xyz"
    assert found(learnt, "mirror", "harbour", block(f'<p><a href="{address}">{address}</a></p>')) == ""


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑：方晓",
        "（记者宁静远综合报导/责任编辑：方晓）",
        "【港湾日报2026年03月09日讯】",
        "（記者：舒望   責編：申遲）",
        "结语",
        "* * *",
        "————————",
        "华盛顿 —",
        "LONDON —",
        "图片来源：港湾日报",
        "（文章只代表作者个人的立场和观点）",
        "大家好，欢迎收看今天的节目",
    ],
)
def test_innocent_kinds_of_line_survive(line: str) -> None:
    assert found(mirror(f"<p>{line}</p>"), "mirror", "harbour", block(f"<p>{line}</p>")) == ""


@pytest.mark.parametrize(
    "html",
    [
        "<pre>扫码关注</pre>",
        "<table><tr><td>姓名</td><td>电话</td></tr><tr><td>合计</td><td>十二人</td></tr></table>",
        "<figure><img src='/a'><figcaption>雾中的灯塔</figcaption></figure>",
    ],
)
def test_tables_code_and_captions_may_repeat(html: str) -> None:
    assert found(mirror(html), "mirror", "harbour", block(html)) == ""


def test_a_small_mirror_teaches_nothing() -> None:
    row = block("<p>扫码关注我们的频道</p>")
    assert found(mirror(row.html, MIN_DOCUMENTS - 1), "mirror", "harbour", row) == ""
    assert found(mirror(row.html, MIN_DOCUMENTS), "mirror", "harbour", row)


def test_a_line_of_few_documents_is_not_chrome() -> None:
    row = block("<p>扫码关注我们的频道</p>")
    few, enough = MIN_COUNT - 1, MIN_COUNT
    assert found(mirror(row.html, MANY, -(-MANY // few)), "mirror", "harbour", row) == ""
    assert found(mirror(row.html, MANY, MANY // enough), "mirror", "harbour", row)


def test_a_body_stored_many_times_counts_once() -> None:
    story = block("<p>灯塔在雾里亮着，渔民们都看见了回家的路。</p>")
    one = sample("mirror", "harbour", [story])
    others = [sample("mirror", "harbour", blocks(f"<p>第{chr(0x4E00 + n)}篇的正文。</p>")) for n in range(MANY)]
    assert found(learn([*others, *[one] * 30]), "mirror", "harbour", story) == ""


def test_the_same_publisher_in_many_mirrors_is_learnt_as_one() -> None:
    row = block("<p>收听更多节目请到首页</p>")
    samples = [
        sample(f"mirror{n}", "harbour", [*blocks(f"<p>第{chr(0x4E00 + n)}篇的正文。</p>"), row]) for n in range(MANY)
    ]
    assert found(learn(samples), "mirror1", "harbour", row) == "repeats in publisher harbour"
    assert found(learn(samples), "mirror1", "another", row) == ""


def test_what_was_learnt_is_cut_and_told() -> None:
    learnt = mirror("<p>扫码关注我们的频道</p>")
    html = "<p>灯塔在雾里亮着，渔民们都看见了回家的路，谁也没有迷路。</p>"
    article = cleaned(f"{html}<p>扫码关注我们的频道</p>", learnt=learnt, path="mirror/a.html")
    assert isinstance(article, Article)
    assert article.html == html
    assert [(r.step, r.rule, r.text) for r in article.removals] == [
        ("boilerplate", "repeats in mirror mirror", "扫码关注我们的频道")
    ]


def test_keys() -> None:
    assert (
        line_key(" 第 12 期\u3000https://a.example/x?y=1 ")
        == line_key("第 34期 http://a.example/z")
        == "第00期a.example"
    )
    assert link_key("http://198.51.100.24:10000/v/12.html?x=1") == "IP/v/0.html"
    assert link_key("https://[::1/") == ""


def test_what_a_large_folder_taught_serves_a_small_one(tmp_path: Path) -> None:
    taught = mirror("<p>扫码关注我们的频道</p>")
    file = tmp_path / "boilerplate.json"
    file.write_text(dump(taught), "utf-8")
    kept = merge(load(file), mirror("", count=3))
    assert kept.lines == taught.lines
    assert found(kept, "mirror", "harbour", block("<p>扫码关注我们的频道</p>"))
    assert merge(load(file), learn([])).links == taught.links


def test_without_a_file_nothing_is_known_and_a_damaged_one_is_said(tmp_path: Path) -> None:
    assert load(tmp_path / "none.json") == Boilerplate({}, {})
    damaged = tmp_path / "damaged.json"
    damaged.write_text('{"lines": []}', "utf-8")
    with pytest.raises(ConfigError, match=r"cannot be used.*qingdu check --learn"):
        load(damaged)
