"""What a document leaves out of its file can be seen, with where it stood and why."""

from __future__ import annotations

from tests.walks.asking import TEAHOUSES, documents, read_folder


def test_a_dropped_line_is_told_with_its_reason(pipeline, folder):
    read_folder(pipeline, folder("资料", {"茶馆.txt": "首页 > 要闻 > 民生\n" + TEAHOUSES}))
    (document,) = documents(pipeline)
    found = [(one.start, one.reason, one.text) for one in pipeline.left_out(document.id)]
    assert (0, "navigation", "首页 > 要闻 > 民生") in found


def test_what_stood_amid_the_text_says_where(pipeline, folder):
    text = "柳溪县渡口小结\n\n2023年柳溪县修好渡口12处，##br##过河的人少等了半小时。\n"
    read_folder(pipeline, folder("资料", {"渡口.txt": text}))
    (document,) = documents(pipeline)
    (debris,) = [one for one in pipeline.left_out(document.id) if one.reason == "mojibake"]
    assert document.text[debris.start :].startswith("过河的人")


def test_each_work_of_a_compilation_has_its_own(pipeline, folder):
    titles = ("柳溪县渡口小结", "青屿市书屋小结", "桐湾区茶园小结")
    contents = [f"{title}……{page}" for page, title in enumerate(titles, 1)]
    works = [f"{title}\n2023年办了实事&nbsp;{number}件，居民都说方便。" for number, title in enumerate(titles, 1)]
    read_folder(pipeline, folder("资料", {"汇编.txt": "\n".join(["目　录", *contents, *works])}))
    counts = [sum(one.reason == "mojibake" for one in pipeline.left_out(d.id)) for d in documents(pipeline)]
    assert counts == [1, 1, 1]
