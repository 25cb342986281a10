"""Sentences that several reports share, and those that one has alone."""

from __future__ import annotations

from generator.comparison import compare, sentences

ONE = "海事处长方晓宣布渡船停航三天，调查雷达的维修记录。船长安若素说雷达在撞击前五分钟失灵。镇上的面包店当天照常开门营业，卖出两百个面包。"
TWO = "渡船停航三天，海事处长方晓说要调查雷达的维修记录。旅馆老板给十二名获救的乘客送去热汤与毛毯。"


def test_shared_and_own_sentences() -> None:
    found = compare([ONE, TWO])
    assert [(one.report, one.reports) for one in found.shared] == [(0, (0, 1))]
    assert found.shared[0].text.startswith("海事处长")
    assert found.alone == (
        ("船长安若素说雷达在撞击前五分钟失灵。", "镇上的面包店当天照常开门营业，卖出两百个面包。"),
        ("旅馆老板给十二名获救的乘客送去热汤与毛毯。",),
    )


def test_scripts_make_no_difference() -> None:
    found = compare([ONE, "渡船停航三天，海事處長方曉說要調查雷達的維修記錄。"])
    assert len(found.shared) == 1


def test_a_report_shares_nothing_with_itself() -> None:
    assert compare([f"{TWO}\n{TWO}", "别的事情与这里完全没有任何关系可言。"]).shared == ()


def test_what_most_say_comes_first() -> None:
    shared = "渡船停航三天，海事处长方晓说要调查雷达的维修记录。"
    both = "旅馆老板给十二名获救的乘客送去热汤与毛毯。"
    found = compare([f"{both}{shared}", f"{shared}{both}", shared])
    assert [one.reports for one in found.shared] == [(0, 1, 2), (0, 1)]


def test_datelines_and_scraps_are_no_sentences() -> None:
    assert [text for text, _ in sentences("【港湾日报3月9日讯】渡船停航三天，海事处长宣布调查雷达。\n完。")] == [
        "渡船停航三天，海事处长宣布调查雷达。"
    ]
    assert compare([]).shared == ()
