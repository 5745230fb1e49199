"""Traditional to Simplified inside `tokenizer.json`, so that the model needs no Python to read either script.

`tokenizers` carries one table-driven normalizer, sentencepiece's precompiled map: a darts-clone double-array trie
over UTF-8 bytes, followed by the replacements, each ended by a zero byte. This writes such a map; it knows only
single characters, which is what a bag of words needs.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import TypeAlias

from opencc import OpenCC

# bytes lead to nodes; byte 0 ends a key and leads to where its replacement begins
Tree: TypeAlias = "dict[int, Tree | int]"

HAN = range(0x3400, 0xA000)
HAS_LEAF = 1 << 8
LARGEST_OFFSET = 1 << 21


def simplified() -> dict[str, str]:
    """Each Traditional character of the basic plane that OpenCC writes as another single character."""
    convert = OpenCC("t2s").convert
    pairs = ((chr(code), convert(chr(code))) for code in HAN)
    return {one: other for one, other in pairs if one != other and len(other) == 1}


def compiled(replacements: Mapping[str, str]) -> bytes:
    """The map as `tokenizers.normalizers.Precompiled` reads it. No key may begin another key."""
    tree: Tree = {}
    strings = bytearray()
    for key, value in replacements.items():
        node = tree
        for byte in key.encode():
            below = node.setdefault(byte, {})
            assert isinstance(below, dict)  # only byte 0 leads to a number, and no key holds it
            node = below
        node[0] = len(strings)
        strings += value.encode() + b"\0"
    units = _double_array(tree)
    trie = struct.pack(f"<{len(units)}I", *units)
    return struct.pack("<I", len(trie)) + trie + bytes(strings)


def _double_array(tree: Tree) -> list[int]:
    """A child for byte c of the node at p lies at (p ^ offset(p)) ^ c and carries c as its label."""
    units, taken, bases = [0] * 256, {0}, set[int]()
    lowest = 1
    pending: list[tuple[int, Tree, int]] = [(0, tree, 0)]
    while pending:
        place, children, label = pending.pop()
        base = lowest
        while base in bases or any(base ^ byte in taken for byte in children) or (place ^ base) >= LARGEST_OFFSET:
            base += 1
        bases.add(base)
        units.extend([0] * (((base | 255) + 1) - len(units)))
        units[place] = (place ^ base) << 10 | (HAS_LEAF if 0 in children else 0) | label
        for byte, child in children.items():
            taken.add(base ^ byte)
            if isinstance(child, int):
                units[base] = child | 1 << 31
            else:
                pending.append((base ^ byte, child, byte))
        while lowest in taken:
            lowest += 1
    return units
