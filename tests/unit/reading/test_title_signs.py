"""Works are told by what sets their titles off: a name or date below, a count or rule above, a label, an opening."""

from __future__ import annotations

import pytest

from qa.reading.reader import read_works
from qa.types import Reading

TITLES = ("渡口的老周退休了", "书屋里坐满了孩子", "末班车多等了五分钟", "菜摊搬进了阴凉里")
PARAGRAPHS = (
    "　　老周守了三十年渡口，船换过四条，登记簿写满了二十六本，两岸的人都认得他的旱烟袋，也记得他的嗓门。",
    "　　今年三月，镇里给渡口修了候船亭，添了救生衣四十件，末班船由十七点改到二十点，赶集的人不再跑着上船。",
    "　　问起今后，他说人可以退，规矩不能退，风大停航、超载不开，这两条写在船舱里，谁来当班都得照办，一天也不含糊。",
)


def read(lines: list[str], name: str = "材料.txt") -> Reading:
    return read_works("\n".join(lines).encode(), name)


def works(above: str = "{title}", below: tuple[str, ...] = (), opening: str = "") -> list[str]:
    lines: list[str] = []
    for number, title in enumerate(TITLES):
        lines += above.format(title=title, chinese="一二三四"[number], number=number + 1).split("\n")
        lines += [*below, "　　" + opening + PARAGRAPHS[0].strip(), *PARAGRAPHS[1:], *PARAGRAPHS, *PARAGRAPHS]
    return lines


@pytest.mark.parametrize(
    "lines",
    [
        works(below=("许清和",)),
        works(below=("2023-05-12 08:30　青屿日报　许清和",)),
        works(below=("柳溪县交通运输局", "2023年5月12日")),
        works(opening="本报讯（记者 许清和）"),
        works(opening="云泽社青屿5月12日电　"),
        works(below=("同志们：",)),
        works(below=("摘要：渡口管护要有人、有钱、有规矩。",)),
        works("标题：{title}\n时间：2023-05-12\n正文："),
        works("案例{chinese}\n{title}"),
        works("案例{chinese}：{title}"),
        works("{title}（之{chinese}）"),
        works("==========\n{title}"),
        works("附件{number}\n{title}"),
        works("{title}\n——访柳溪县水务局局长许清和"),
        works("第00{number}号提案\n案由：{title}\n提案人：许清和"),
    ],
)
def test_titles_that_a_sign_sets_off_begin_works(lines):
    assert len(read(lines).documents) == len(TITLES)


@pytest.mark.parametrize("form", ["【{title}】", "■ {title}", "0{number}\n{title}"])
def test_a_weak_sign_counts_in_a_file_that_calls_itself_a_collection(form):
    assert len(read(["便民服务故事选编", *works(form)]).documents) == len(TITLES)


@pytest.mark.parametrize("form", ["【{title}】", "■ {title}", "0{number}\n{title}"])
def test_a_weak_sign_alone_splits_nothing(form):
    assert len(read(["柳溪县渡口工作情况报告", *works(form)]).documents) == 1


def test_a_label_is_no_part_of_the_title():
    found = read(works("标题：{title}\n时间：2023-05-12\n正文："))
    assert [document.title for document in found.documents] == list(TITLES)


def test_a_count_above_a_title_is_in_no_work():
    found = read(works("交流材料之{chinese}\n{title}\n许清和"))
    assert not any("交流材料" in document.text for document in found.documents)


def test_a_masthead_belongs_to_the_work_below_it():
    head = "渡口工作简报\n第{number}期\n柳溪县交通运输局编　2023年{number}月12日\n{title}"
    found = read(works(head, below=("许清和",)))
    assert [document.published for document in found.documents] == [f"2023-0{month}-12" for month in range(1, 5)]


def test_a_notice_and_what_it_issues_are_one_work():
    lines = ["柳溪县人民政府关于印发渡口管护方案的通知", "柳政发〔2023〕5号", *PARAGRAPHS]
    assert len(read([*lines, "柳溪县渡口管护方案", *PARAGRAPHS]).documents) == 1


def test_sections_that_are_ruled_off_are_no_works():
    lines = ["柳溪县渡口管护工作汇报"]
    for head in ("一、船要勤修", "二、人要定岗", "三、账要公开"):
        lines += ["--------------", head, *PARAGRAPHS]
    assert len(read(lines).documents) == 1


def test_a_rule_is_no_text():
    assert "==" not in read(works("==========\n{title}")).documents[0].text


def test_headings_with_a_date_alone_below_are_no_works():
    lines = ["柳溪县渡口改造进展情况"]
    for month, head in enumerate(("东岸渡口工程开工", "西岸渡口工程开工", "候船亭主体封顶"), 3):
        lines += [head, f"2023年{month}月5日", *PARAGRAPHS]
    assert len(read(lines).documents) == 1


def test_titles_on_two_lines_begin_works():
    lines = ["渡口工作材料汇编"]
    for place in ("柳溪县", "青屿市", "桐湾区"):
        lines += [f"关于进一步做好{place}渡口建设管护", "切实方便群众出行的情况报告", *PARAGRAPHS, *PARAGRAPHS]
    titles = [document.title for document in read(lines).documents]
    assert titles == [
        f"关于进一步做好{p}渡口建设管护切实方便群众出行的情况报告" for p in ("柳溪县", "青屿市", "桐湾区")
    ]


def test_cuttings_are_parted_by_the_papers_that_they_name():
    lines = []
    for number, title in enumerate(TITLES, 1):
        lines += [f"{number}．{title}", *PARAGRAPHS, PARAGRAPHS[0] + "（2023年5月12日《青屿日报》）"]
    assert [document.title for document in read(lines).documents] == list(TITLES)


def test_fields_below_a_title_are_no_titles():
    lines = []
    for number in "一二三":
        lines += [
            f"柳溪县人民政府第{number}次常务会议纪要",
            "时间：2023年5月12日",
            "地点：县政府会议室",
            "主持：许清和",
            *PARAGRAPHS,
            *PARAGRAPHS,
        ]
    assert [document.title[-2:] for document in read(lines).documents] == ["纪要"] * 3
