"""A question that asks two things is answered in two parts, and says which part the documents do not bear out.

Split only where each part stands alone: 多少？各是多少？ is one question. 云泽和北岭分别怎么做 asks the same of each
place; where numbers are asked for, a table answers instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa.indexing.tokens import Tokens, question_words
from qa.places import gazetteer, short_name, unknown_places
from qa.text import simplify
from qa.types import Answer, Block, Citation, Status

MOST = 4  # parts of one question
OWN_WORDS = 2  # content words by which a part says what it is about
_ASKS = re.compile(r"多少|几(?!乎|年来)|谁|哪|什么|何时|何地|怎么|怎样|如何|为什么|吗[？?]?$|百分之几")
# 云泽和北岭, before what is asked of each of them.
_JOINED = re.compile(r"(?:和|与|跟|同|、|及|以及)")
_OF_EACH = re.compile(
    r"分别(?:都|是|有)?|各自|都(?=[^，。？?]{0,8}(?:怎么|怎样|如何|什么|哪些))|(?:对比|比较)(?:一下)?|相比(?:较)?[，,]?"
)
_DIFFERS = re.compile(
    r"(?:都)?有(?:什么|何|哪些)(?:不同|区别|差别|差异|异同)(?:之处|点)?|(?:的)?(?:不同|区别|差别|差异|异同)(?:之处|点)?(?:在哪里?|是什么|有哪些)?"
)
_SENTENCES = re.compile(r"(?<=[？?；;])")
_COMMA = re.compile(r"[，,]")
# A part that compares what was said before, or leans on it, is no part of its own.
_LEANS = re.compile(
    r"它|他|她|这|那|其|此|该|上述|同|一样|一致|对得上|矛盾|哪篇|两篇|几篇|文件|材料|资料|各(?:是|有|为)?多少|分别|呢[？?]?$"
)
_BARE = " \u3000，,。；;？?、"


def parts_of(question: str, tokens: Tokens, known_places: Iterable[str] = ()) -> list[str]:
    """The questions that a question is made of, in order; itself alone where it is one."""
    names = {*known_places, *map(short_name, known_places)}
    sentences = [part.strip(_BARE) for part in _SENTENCES.split(question) if part.strip(_BARE)]
    parts = [part for sentence in sentences for part in _at_commas(sentence, names)]
    if not 2 <= len(parts) <= MOST or not all(_ASKS.search(simplify(part)) for part in parts):
        return [question]
    if any(_LEANS.search(simplify(part)) for part in parts[1:]) or not all(
        _tells(part, tokens, names) for part in parts
    ):
        return [question]
    return parts


def by_place(question: str, places: Sequence[str]) -> list[str]:
    """The question as it is asked of each of its places, named one beside the other; itself alone where it is not.

    `places` are the names as written, in order.
    """
    plain = simplify(question).strip()
    joined = re.search(_JOINED.pattern.join(map(re.escape, places)), plain) if len(places) > 1 else None
    if joined is None or len(places) > MOST:
        return [question]
    before, after = plain[: joined.start()], plain[joined.end() :]
    if _DIFFERS.search(after):
        before, after = _OF_EACH.sub("", before), _DIFFERS.sub("怎么样", _OF_EACH.sub("", after), count=1)
    elif _OF_EACH.search(plain):
        before, after = _OF_EACH.sub("", before), _OF_EACH.sub("", after)
    else:
        return [question]
    return [f"{before}{place}{after}" for place in places]


def together(question: str, standalone: str, told: Sequence[tuple[str, Answer]]) -> Answer:
    """One answer of the parts' answers, in order: its citations numbered through, and what no document states said."""
    citations: list[Citation] = []
    blocks: list[Block] = []
    for part, answer in told:
        if answer.status == "no_evidence":
            line = "\n" if blocks else ""
            blocks.append(Block(f"{line}“{part}”：资料里没有写到。"))
            continue
        numbers = {one.number: _number(one, citations) for one in answer.citations}
        line = "\n" if blocks else ""
        for at, block in enumerate(answer.blocks):
            text = block.text if at else f"{line}{block.text}"
            blocks.append(replace(block, text=text, citations=tuple(numbers[n] for n in block.citations)))
    answered = [answer for _, answer in told if answer.status != "no_evidence"]
    whole = all(answer.status == "answered" for _, answer in told)
    status: Status = "answered" if whole else "partial" if answered else "no_evidence"
    near = tuple(one for _, answer in told for one in answer.near)
    return replace(
        told[0][1], question=question, standalone_question=standalone, status=status, blocks=tuple(blocks),
        citations=tuple(citations), near=near, table=None, conflicts=(),
    )  # fmt: skip


def _number(citation: Citation, citations: list[Citation]) -> int:
    """The number of a citation among all of them, where it is put if it is new."""
    for held in citations:
        if (held.document.id, held.start, held.end) == (citation.document.id, citation.start, citation.end):
            return held.number
    citations.append(replace(citation, number=len(citations) + 1))
    return len(citations)


def _at_commas(sentence: str, names: Iterable[str]) -> list[str]:
    """A sentence cut at commas after which it asks anew, of a place that it names."""
    pieces, parts = _COMMA.split(sentence), list[str]()
    for piece in pieces:
        plain = simplify(piece)
        if parts and _ASKS.search(simplify(parts[-1])) and _ASKS.search(plain) and _names_place(plain, names):
            parts.append(piece)
        elif parts:
            parts[-1] += f"，{piece}"
        else:
            parts.append(piece)
    return parts


def _tells(part: str, tokens: Tokens, names: Iterable[str]) -> bool:
    """Does a part say by itself what it is about?"""
    plain = simplify(part)
    own = {word for word in tokens.cut(plain) if len(word) > 1 and word not in question_words()}
    return len(own) >= OWN_WORDS + (not _names_place(plain, names))


def _names_place(plain: str, names: Iterable[str]) -> bool:
    return bool(gazetteer().find(plain)) or any(name in plain for name in names) or bool(unknown_places(plain))
