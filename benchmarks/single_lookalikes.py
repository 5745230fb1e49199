"""Single works that look like collections: reports in chapters, statutes, questions and answers, papers, news pages.

Each is one work, however many titles stand in it. Knows nothing of the product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from random import Random

from benchmarks import collected_words as words
from benchmarks.made_works import CHINESE, INDENT, Case, Expected, word_case
from benchmarks.single_works import one
from tests.unit.reading.formats import office_files as office


def _paragraphs(rng: Random, count: int) -> list[str]:
    return [INDENT + words.paragraph(rng) for _ in range(count)]


def report_in_chapters(rng: Random) -> Case:
    title = "青屿市公共服务发展报告（2023）"
    chapters = [
        f"第{CHINESE[n]}章　{place}{thing}发展报告"
        for n, (place, thing) in enumerate(zip(words.PLACES[:5], words.THINGS, strict=False))
    ]
    listed, body, page = [], [], 1
    for chapter in chapters:
        listed.append(f"{chapter}……{page}")
        body.append(chapter)
        for n, head in enumerate(words.heads(rng, 3, "")):
            section = f"第{CHINESE[n]}节　{head}"
            listed.append(f"{INDENT}{section}……{page + n}")
            body += [section, *_paragraphs(rng, 2)]
        page += 5
    return one("a report in chapters and 节 of places", title, [title, "目录", *listed, *body])


def report_of_sub_reports(rng: Random) -> Case:
    title = "2023年青屿市民生实事评估报告"
    heads = [
        "总报告",
        *[f"分报告{CHINESE[n]}　{thing}评估" for n, thing in enumerate(rng.sample(words.THINGS, 4))],
        "附录　评估方法说明",
    ]
    body = [line for head in heads for line in (head, *_paragraphs(rng, 3))]
    return one(
        "a report with 分报告 and 附录",
        title,
        [title, "目录", *[f"{h}……{3 * n + 1}" for n, h in enumerate(heads)], *body],
    )


def statute(rng: Random) -> Case:
    title = "云泽省公共服务条例"
    names = ["总则", "渡口管理", "公共交通", "社区食堂", "图书服务", "法律责任", "附则"]
    listed = [f"第{CHINESE[n]}章　{name}" for n, name in enumerate(names)]
    body, number = [], 1
    for head in listed:
        body.append(head)
        for _ in range(rng.randint(3, 6)):
            body.append(f"{INDENT}第{_chinese(number)}条　{words.paragraph(rng)}")
            number += 1
    parts = [title, "（2023年3月28日云泽省第十四届人民代表大会常务委员会第二次会议通过）"]
    return one("a statute in chapters", title, [*parts, *(["目　录", *listed] if rng.random() < 0.7 else []), *body])


def code_in_books(rng: Random) -> Case:
    title = "云泽省便民服务规程"
    listed, body, number = [], [], 1
    for n, name in enumerate(("总则", "窗口服务", "上门服务", "附则")):
        listed.append(f"第{CHINESE[n]}编　{name}")
        body.append(listed[-1])
        for m, thing in enumerate(rng.sample(words.THINGS, 2)):
            listed.append(f"第{CHINESE[m]}章　{thing}服务规定")
            body.append(listed[-1])
            for _ in range(3):
                body.append(f"{INDENT}第{_chinese(number)}条　{words.paragraph(rng)}")
                number += 1
    return one("a code in 编, 章 and 条", title, [title, "目录", *listed, *body])


def questions(rng: Random) -> Case:
    title = "柳溪县便民服务百问百答"
    lines = [title]
    if rng.random() < 0.5:
        lines += ["一、渡口与公交"]
    form = rng.choice(["{n}．{q}？", "问：{q}？", "问题{c}：{q}？", "Q{n}：{q}？", "{c}、{q}？"])
    for n in range(10):
        lines.append(form.format(n=n + 1, c=CHINESE[n], q=f"{words.THINGS[n]}归哪个部门管"))
        lines.append(("答：" if "问" in form or "Q" in form else INDENT) + words.paragraph(rng))
    return one("questions and answers", title, lines)


def yearly_report(rng: Random) -> Case:
    title = "青屿市水务局2023年度工作报告"
    heads = words.heads(rng, 4)
    body = [line for head in heads for line in (head, *_paragraphs(rng, 2))]
    for n, name in enumerate(("石门镇渡口管护情况报告", "白鹭街道河堤巡查工作总结", "双河乡灌溉渠建设情况汇报"), 1):
        body += [f"附录{n}" if rng.random() < 0.5 else f"附件{n}：", name, *_paragraphs(rng, 3)]
    return one("a yearly report with titled appendices", title, [title, *body])


def plan_with_boxes(rng: Random) -> Case:
    title = "柳溪县公共服务“十四五”规划"
    body = []
    for head in words.heads(rng, 4):
        body += [head, *_paragraphs(rng, 2), f"专栏　{rng.choice(words.THINGS)}提升工程", *_paragraphs(rng, 1)]
    return one("a plan with boxes", title, [title, *body])


def minutes(rng: Random) -> Case:
    title = "青屿市便民服务联席会议纪要"
    lines = [title, "时间：2023年5月12日上午", "地点：市政府第二会议室", "主持人：许清和", "记录：方既白"]
    for person in rng.sample(words.PEOPLE, 6):
        lines += [f"{person}（{rng.choice(words.PLACES)}{rng.choice(words.OFFICES)}局长）：{words.paragraph(rng)}"]
        lines += _paragraphs(rng, 1)
    return one("minutes with speakers", title, lines)


def news_page(rng: Random) -> Case:
    title = "守渡人的三十年"
    related = [f"<li><a href='/{n}.html'>{escape(story)}</a></li>" for n, story in enumerate(words.STORIES[4:12])]
    inner = "".join(f"<p>{escape(line.strip())}</p>" for line in _paragraphs(rng, 5))
    heads = "".join(f"<h3>{t}</h3><p>{escape(words.paragraph(rng))}</p>" for t in rng.sample(words.STORIES[4:], 3))
    page = (
        f"<html><head><title>{title}_青屿日报</title></head><body><h1>{title}</h1>"
        f"<p>来源：青屿日报 2023-05-12</p>{inner}{heads}"
        f"<div><h2>相关阅读</h2><ul>{''.join(related)}</ul></div></body></html>"
    )
    return Case("one: a news page with other titles", "新闻.html", page.encode(), (Expected(title, "", ""),))


def paper(rng: Random) -> Case:
    title = "乡村渡口管护机制研究——以柳溪县为例"
    lines = [
        title,
        "许清和",
        "（青屿大学 公共管理学院，云泽 青屿 300000）",
        "摘要：" + words.paragraph(rng),
        "关键词：渡口；管护",
    ]
    for n, head in enumerate(("引言", "文献综述", "研究设计", "柳溪县的实践", "青屿市的实践", "结论与讨论"), 1):
        lines += [f"{n} {head}", f"{n}.1 {rng.choice(words.THINGS)}的现状", *_paragraphs(rng, 2)]
    lines += [
        "参考文献",
        *[f"[{n}] {p}. 乡村服务研究[J]. 云泽学刊, 2020({n}): 1-9." for n, p in enumerate(words.PEOPLE[:6], 1)],
    ]
    return one("a paper", title, lines)


def story_in_numbers(rng: Random) -> Case:
    title = "堤上走过四千里"
    form = rng.choice(["{}", "（{}）", "之{}"])
    lines = [title, "许清和"]
    for n in range(5):
        lines += [form.format(CHINESE[n]), *_paragraphs(rng, 3)]
    return one("a story parted by numbers alone", title, lines)


def ruled_sections(rng: Random) -> Case:
    title = "柳溪县渡口管护工作情况汇报"
    rule = rng.choice(["=" * 20, "-" * 30, "* * *", "～～～～～～"])
    lines = [title]
    for head in words.heads(rng, 4, rng.choice(["", "{}、"])):
        lines += [rule, head, *_paragraphs(rng, 2)]
    return one("sections ruled off", title, lines)


def chronicle(rng: Random) -> Case:
    title = "2023年青屿市公共服务大事记"
    lines = [title]
    for month in range(1, 11):
        lines.append(f"{month}月" if rng.random() < 0.9 else f"{month}月份")
        lines += [f"{INDENT}{day}日　{words.paragraph(rng)}" for day in sorted(rng.sample(range(1, 28), 2))]
    return one("a chronicle by months", title, lines)


def speech(rng: Random) -> Case:
    title = "在全市渡口安全工作会议上的讲话"
    lines = [title, "（2023年3月8日）", "许清和", "同志们："]
    for head in words.heads(rng, 3, rng.choice(["{}、", "第{}，"])):
        lines += [head, *_paragraphs(rng, 3)]
    return one("a speech with date and name", title, lines)


def notice_with_plan(rng: Random) -> Case:
    title = "柳溪县人民政府关于印发渡口管护工作方案的通知"
    lines = [
        title,
        "柳政发〔2023〕5号",
        "各乡镇人民政府，县直各部门：",
        INDENT + words.paragraph(rng),
        "柳溪县人民政府",
        "2023年3月8日",
    ]
    lines += ["柳溪县渡口管护工作方案", *_paragraphs(rng, 1)]
    for head in words.heads(rng, 4):
        lines += [head, *_paragraphs(rng, 1)]
    return one("a notice with the plan that it issues", title, lines)


def report_with_cases(rng: Random) -> Case:
    title = "云泽省便民服务创新情况调研报告"
    lines = [title]
    for head in words.heads(rng, 3):
        lines += [head, *_paragraphs(rng, 2)]
        for n in range(2):
            lines += [
                f"案例{CHINESE[n]}：{rng.choice(words.PLACES)}{rng.choice(words.THINGS)}的做法",
                *_paragraphs(rng, 1),
            ]
    return one("a report with cases in its parts", title, lines)


def word_manual(rng: Random) -> Case:
    title = "便民服务窗口工作手册"
    parts = [(title, "T")]
    for name in rng.sample(words.THINGS, 6):
        parts += [(f"{name}{rng.choice(('办理指南', '服务规范', '管理办法'))}", "1")]
        parts += [(line.strip(), "") for line in _paragraphs(rng, 3)]
    return word_case("one: docx, a manual of guides", parts, (Expected(title, "", ""),))


def word_bold_heads(rng: Random) -> Case:
    title = "青屿市夜班公交运行情况报告"
    centred = '<w:jc w:val="center"/>'
    parts = [office.paragraph(office.run(title, '<w:b/><w:sz w:val="44"/>'), properties=centred)]
    for head in words.heads(rng, 4, ""):
        parts.append(office.paragraph(office.run(head, "<w:b/>"), properties=centred if rng.random() < 0.3 else ""))
        parts += [office.paragraph(line.strip()) for line in _paragraphs(rng, 3)]
    return Case("one: docx, bold headings", "报告.docx", office.docx("".join(parts)), (Expected(title, "", ""),))


def bulletin(rng: Random) -> Case:
    title = "柳溪县2023年国民经济和社会发展统计公报"
    lines = [title, "柳溪县统计局", "2024年3月20日"]
    for n, name in enumerate(("综合", "农业", "工业和建筑业", "交通、邮电", "教育和文化", "人口与民生")):
        lines += [f"{CHINESE[n]}、{name}", *_paragraphs(rng, 3)]
    lines += ["注：", "1．本公报中数据为初步统计数。", "2．部分数据因四舍五入，存在总计与分项合计不等的情况。"]
    return one("a statistical bulletin", title, lines)


def interviews(rng: Random) -> Case:
    title = "巷口多了把椅子——桐湾区社区服务访谈录"
    lines = [title]
    for person in rng.sample(words.PEOPLE, 5):
        lines += [f"{person}：守着一条巷子", *_paragraphs(rng, 3)]
    return one("a feature with people as headings", title, lines)


SINGLE_LOOKALIKES: tuple[Callable[[Random], Case], ...] = (
    report_in_chapters, report_of_sub_reports, statute, code_in_books, questions, yearly_report, plan_with_boxes,
    minutes, news_page, paper, story_in_numbers, ruled_sections, chronicle, speech, notice_with_plan,
    report_with_cases, word_manual, word_bold_heads, bulletin, interviews,
)  # fmt: skip


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (CHINESE[tens - 1] if tens > 1 else "") + ("十" if tens else "") + (CHINESE[ones - 1] if ones else "")


def lookalikes() -> Iterator[tuple[str, Callable[[Random], Case]]]:
    for make in SINGLE_LOOKALIKES:
        yield make.__name__, make
