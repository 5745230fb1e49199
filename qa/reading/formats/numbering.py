"""Writes list numbers as Word and Writer do: 3 → 三, iii, ③. The formats' names are those of WordprocessingML (ECMA-376
17.18.59). Knows nothing of documents."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
# Symbol fonts keep their bullets where Unicode has nothing.
_PRIVATE = range(0xE000, 0xF900)


def written(number: int, format_name: str) -> str:
    """The number in a format, "" for "none"; a format that is not known here is written in digits."""
    return _FORMATS.get(format_name, str)(number)


def bullet(sign: str) -> str:
    """A bullet as it can be read outside its symbol font."""
    sign = sign.strip()
    return "•" if not sign or ord(sign[0]) in _PRIVATE else sign[:1]


def _counting(number: int) -> str:
    """一, 十, 十一, 二十, 一百〇二: as far as lists go."""
    if number >= 1000 or number < 0:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    if not hundreds and not tens:
        return _DIGITS[ones]
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif ones:
        text += "〇"
    return text + (_DIGITS[ones] if ones else "")


def _legal(number: int) -> str:
    text = _counting(number)
    if number >= 1000:
        return text
    return text.translate(str.maketrans(_DIGITS + "十百", _LEGAL + "拾佰"))


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def _letter(number: int) -> str:
    return chr(96 + (number - 1) % 26 + 1) * ((number - 1) // 26 + 1) if 0 < number <= 260 else str(number)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


def _from(first: str, count: int) -> Callable[[int], str]:
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= count else str(number)


def _wide(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))


_FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda number: "",
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _wide,
    "decimalFullWidth2": _wide,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerLetter": _letter,
    "chineseCounting": _counting,
    "chineseCountingThousand": _counting,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _counting,
    "japaneseCounting": _counting,
    "koreanCounting": _counting,
    "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(abs(number))),
    "japaneseDigitalTenThousand": lambda number: "".join(_DIGITS[int(digit)] for digit in str(abs(number))),
    "taiwaneseDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(abs(number))),
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "ordinal": lambda number: f"{number}.",
}
