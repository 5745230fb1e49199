"""The writer's own Word file with comments and footnotes added and nothing else touched.

Parts that need no change are copied byte for byte; in the main part only runs are cut, and what marks a comment or a
footnote is added. Styles and settings stay as they are: what is added brings its own form. Knows no verdicts.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from qa.citing.word_places import Places
from qa.errors import Unreadable
from qa.reading.formats.archive import Archive, open_archive

if TYPE_CHECKING:
    from lxml.etree import _Element

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT_KIND = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
_MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
AUTHOR, INITIALS = "引据", "引"
_SEPARATORS = ((-1, "separator"), (0, "continuationSeparator"))


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of a span of the document's text, line by line."""

    start: int
    end: int
    kind: Literal["comment", "footnote"]
    lines: tuple[str, ...]


def annotate(data: bytes, remarks_of: Callable[[str], Sequence[Remark]], when: datetime | None = None) -> bytes:
    """The file with a remark on each span that `remarks_of` names in its text.

    Two spans are the same or do not overlap. A footnote that would stand in a text box, where Word has none, becomes a
    comment on the box. Raises Unreadable for a file that is damaged, encrypted, protected, signed, or no Word document.
    """
    archive = _opened(data)
    file = _File(archive)
    places = Places(file.main)
    remarks = remarks_of(places.text)
    notes = _Notes(file, places, when or datetime.now(UTC))
    # Of two on one span the footnote goes first: a comment cuts the run at the span's beginning.
    for remark in sorted(remarks, key=lambda one: (one.end, one.start, one.kind == "footnote"), reverse=True):
        notes.set(remark)
    return _packed(data, file.changed()) if remarks else data


def _opened(data: bytes) -> Archive:
    try:
        archive = open_archive(data, ".docx")
    except Unreadable as error:
        raise Unreadable(error.message, error.hint.replace("再加入", "再送来"), code=error.code) from error
    if any(name.startswith("_xmlsignatures/") for name in archive.names):
        raise Unreadable(
            "文件带有数字签名，加批注会使签名失效", "请送来未签名的副本，或先去掉签名。", code="protected_file"
        )
    return archive


class _File:
    """The parts of a Word file that are changed, parsed as they are first needed."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._parts: dict[str, _Element] = {}
        main = next((r.part for r in archive.relations("").values() if r.kind == "officeDocument"), "word/document.xml")
        self._name = self._spelled(main)
        self._folder = posixpath.dirname(self._name)
        self._relations = archive.relations(self._name)
        self.main = self.part(self._name)
        self.w = "{" + self.main.tag[1:].partition("}")[0] + "}"
        if self.main.tag != self.w + "document":
            raise Unreadable("文件里缺少正文", "请用 Word 或 WPS 打开后另存一份。")
        self._refuse_protected()

    def _spelled(self, name: str) -> str:
        """A part's name as the archive spells it: names are compared without regard to case."""
        return next((one for one in self._archive.names if one.lower() == name.lower()), name)

    def part(self, name: str) -> _Element:
        """A part's root to be changed, comments and processing instructions kept. Raises Unreadable."""
        from lxml import etree

        name = self._spelled(name)
        if name not in self._parts:
            if self._archive.xml(name) is None:  # which also refuses a DTD and what is not well-formed
                raise Unreadable(f"文件里缺少 {name}", "文件可能不完整，请用 Word 或 WPS 打开后另存一份。")
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            self._parts[name] = etree.fromstring(self._archive.read(name), parser)
        return self._parts[name]

    def related(self, kind: str) -> str | None:
        """The name of the part of a kind that the main part refers to."""
        return next((r.part for r in self._relations.values() if r.kind == kind), None)

    def look(self, kind: str) -> _Element | None:
        """The root of a part that is only read, None where there is none."""
        known = self.related(kind)
        return self._archive.xml(known) if known else None

    def _refuse_protected(self) -> None:
        root = self.look("settings")
        if root is None:
            return
        for element in root.iter():
            name = str(element.tag).rpartition("}")[2]
            told = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
            if name == "documentProtection" and told.get("enforcement") in ("1", "true", "on"):
                raise Unreadable(
                    "文件受保护，不能修改",
                    "请在 Word 的“审阅—限制编辑”里停止保护，另存后再送来。",
                    code="protected_file",
                )

    def new_part(self, kind: str) -> _Element:
        """An empty part of a kind (comments, footnotes) that the main part refers to from now on."""
        from lxml import etree

        name = posixpath.join(self._folder, f"{kind}.xml")
        if name in self._archive:
            name = posixpath.join(self._folder, f"{kind}_yinju.xml")
        self._parts[name] = etree.Element(self.w + kind, nsmap={"w": self.w[1:-1]})
        self._relate(kind, posixpath.basename(name))
        types = self.part("[Content_Types].xml")
        described = {"PartName": f"/{name}", "ContentType": f"{_MEDIA}{kind}+xml"}
        types.append(types.makeelement(f"{{{_TYPES}}}Override", described))
        return self._parts[name]

    def _relate(self, kind: str, target: str) -> None:
        from lxml import etree

        name = posixpath.join(self._folder, "_rels", f"{posixpath.basename(self._name)}.rels")
        if name not in self._archive:
            self._parts[name] = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
        root = self.part(name) if name in self._archive else self._parts[name]
        taken = {one.get("Id") for one in root}
        new = next(f"rIdYinju{n}" for n in range(1, 10_000) if f"rIdYinju{n}" not in taken)
        base = _STRICT_KIND if "purl.oclc.org" in self.w else _KIND
        told = {"Id": new, "Type": base + kind, "Target": target}
        root.append(root.makeelement(f"{{{_RELATIONS}}}Relationship", told))

    def changed(self) -> dict[str, bytes]:
        """Every part that was parsed, as bytes."""
        from lxml import etree

        return {
            name: etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
            for name, root in self._parts.items()
        }


class _Notes:
    """Sets remarks into one file."""

    def __init__(self, file: _File, places: Places, when: datetime) -> None:
        self._file, self._places, self._w = file, places, places.namespace
        self._when = when.strftime("%Y-%m-%dT%H:%M:%SZ")
        self._parts: dict[str, _Element] = {}
        self._last: dict[str, int] = {}
        self._styles = self._reference_styles()

    def set(self, remark: Remark) -> None:
        """Set one remark. What stands before it in the text is not yet touched."""
        start, end = self._places.trimmed(remark.start, remark.end)
        if start == end:
            return
        box = self._places.box_of(start)
        if box is not None:
            words = self._places.text[start:end]
            self._comment(box, box, (f"文本框里：“{_shortened(words)}”", *remark.lines))
        elif remark.kind == "footnote":
            self._footnote(self._places.after(end), remark.lines)
        else:
            after = self._places.after(end)
            self._comment(self._places.before(start), after, remark.lines)

    def _comment(self, first: _Element, last: _Element, lines: Iterable[str]) -> None:
        part, number = self._part_and_id("comments", "comment")
        told = {"id": number, "author": AUTHOR, "date": self._when, "initials": INITIALS}
        comment = self._new("comment", **told)
        comment.extend(self._paragraph([self._run(line)]) for line in lines)
        part.append(comment)
        reference = self._new("r")
        reference.append(self._new("commentReference", id=number))
        last = self._end_of(first, last)
        last.addnext(reference)
        last.addnext(self._new("commentRangeEnd", id=number))
        first.addprevious(self._new("commentRangeStart", id=number))

    @staticmethod
    def _end_of(first: _Element, last: _Element) -> _Element:
        """Where the range ends: cutting its beginning may have moved the end of the run into a new one."""
        parent = last.getparent()
        return first if first is last.getnext() and first.getparent() is parent else last

    def _footnote(self, after: _Element, lines: Iterable[str]) -> None:
        part, number = self._part_and_id("footnotes", "footnote")
        mark = self._marked("footnoteRef")
        first, *others = lines
        note = self._new("footnote", id=number)
        note.append(self._paragraph([mark, self._run(f" {first}")], note=True))
        note.extend(self._paragraph([self._run(line)], note=True) for line in others)
        part.append(note)
        after.addnext(self._marked("footnoteReference", id=number))

    def _part_and_id(self, kind: str, name: str) -> tuple[_Element, str]:
        """The part of a kind, made where there is none, and an id that nothing in it has."""
        if kind not in self._parts:
            known = self._file.related(kind)
            self._parts[kind] = self._file.part(known) if known else self._file.new_part(kind)
            if not known and kind == "footnotes":
                self._parts[kind].extend(self._separator(*one) for one in _SEPARATORS)
            held = (one.get(self._w + "id", "") for one in (*self._parts[kind], *self._marks(name)))
            self._last[kind] = max((int(one) for one in held if re.fullmatch(r"-?\d{1,9}", one)), default=0)
        self._last[kind] += 1
        return self._parts[kind], str(self._last[kind])

    def _marks(self, name: str) -> Iterable[_Element]:
        """Ids in the text whose note is missing must not come to life."""
        return self._file.main.iter(*(f"{self._w}{name}{tail}" for tail in ("RangeStart", "RangeEnd", "Reference")))

    def _separator(self, number: int, kind: str) -> _Element:
        note = self._new("footnote", type=kind, id=str(number))
        run = self._new("r")
        run.append(self._new(kind))
        note.append(self._paragraph([run]))
        return note

    def _reference_styles(self) -> dict[str, str]:
        """The file's own styles for footnotes, by name; what it has none for is formed directly."""
        root = self._file.look("styles")
        named = {
            (name.get(self._w + "val") or "").lower(): style.get(self._w + "styleId", "")
            for style in (() if root is None else root)
            if isinstance(style.tag, str) and (name := style.find(self._w + "name")) is not None
        }
        return {name: named[name] for name in ("footnote reference", "footnote text") if named.get(name)}

    def _marked(self, name: str, **attributes: str) -> _Element:
        """A run that holds a note's number, raised."""
        run, form = self._new("r"), self._new("rPr")
        style = self._styles.get("footnote reference")
        form.append(self._new("rStyle", val=style) if style else self._new("vertAlign", val="superscript"))
        run.append(form)
        run.append(self._new(name, **attributes))
        return run

    def _paragraph(self, runs: Iterable[_Element], note: bool = False) -> _Element:
        paragraph = self._new("p")
        if note and "footnote text" in self._styles:
            form = self._new("pPr")
            form.append(self._new("pStyle", val=self._styles["footnote text"]))
            paragraph.append(form)
        paragraph.extend(runs)
        return paragraph

    def _run(self, text: str) -> _Element:
        run, words = self._new("r"), self._new("t")
        form = self._new("rPr")
        form.append(self._new("sz", val="18"))
        run.append(form)
        words.text = _UNWRITABLE.sub("", text)
        words.set(_SPACE, "preserve")
        run.append(words)
        return run

    def _new(self, name: str, **attributes: str) -> _Element:
        told = {self._w + key: value for key, value in attributes.items()}
        element: _Element = self._file.main.makeelement(self._w + name, told, {"w": self._w[1:-1]})
        return element


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _packed(data: bytes, changed: dict[str, bytes]) -> bytes:
    """The archive with some members replaced or added, the others as they were."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        rest = dict(changed)
        for info in old.infolist():
            held = rest.pop(info.filename.replace("\\", "/").lstrip("/"), None)
            new.writestr(info, old.read(info) if held is None else held)
        for name, content in rest.items():
            new.writestr(name, content)
    return out.getvalue()
