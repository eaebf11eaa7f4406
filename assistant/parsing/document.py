"""Text → ``Document``: the order in which the parser's steps run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.datatypes import Clause, Deadline, Document, Metadata
from assistant.parsing.annotations import Annotation, find_annotations, states_first_unit_leads
from assistant.parsing.clauses import Node, build_nodes, close_nodes, find_markers, usable_markers
from assistant.parsing.deadlines import find_deadlines
from assistant.parsing.duties import ClauseLocator, make_duties
from assistant.parsing.headings import clause_heading, drop_stray
from assistant.parsing.joined import Joined, join_lines, to_joined
from assistant.parsing.layout import Layout, read_layout
from assistant.parsing.metadata import read_metadata
from assistant.parsing.numerals import LAW_STYLES, Marker
from assistant.parsing.parts import Part, body_end, closing_start, split_parts
from assistant.parsing.readers import read_file
from assistant.parsing.runs import repeat_start
from assistant.parsing.unitnames import Unit


def parse_file(path: Path, *, document_id: str | None = None) -> Document:
    """Read and parse one document.

    Args:
        path: A file of a supported format.
        document_id: Id of the document; the file stem by default.

    Raises:
        UnsupportedFormatError: No reader for the suffix.
        DocumentError: The file is missing, empty or no text.
    """
    text = read_file(path)
    return parse_text(text, document_id=path.stem if document_id is None else document_id, file=path.name)


def parse_text(text: str, *, document_id: str = "", file: str = "") -> Document:
    """Parse the text of a document; never raises on any string.

    All offsets of the result are code points into ``text``, which is not altered.
    """
    strong, inner = find_markers(text)
    layout = read_layout(text, strong, inner)
    markers, titles = usable_markers(text, strong, inner, layout)
    limit = repeat_start(text, markers)
    parts = split_parts(text, layout, markers, limit)
    first_leads = states_first_unit_leads(text)
    nodes = [build_nodes(_of_part(markers, part), i) for i, part in enumerate(parts)]
    stops = sorted({n.start for group in nodes for n in group} | {p.end for p in parts})
    joined = join_lines(text, layout, stops)
    annotations = [
        a for a in _annotations(text, layout, joined, stops, first_leads=first_leads) if a.end <= limit
    ]
    clauses: list[Clause] = []
    for part, group in zip(parts, nodes, strict=True):
        clauses += _part_clauses(text, layout, part, group, annotations, titles)
    locator = ClauseLocator(clauses, [(p.start, p.name) for p in parts])
    return Document(
        id=document_id,
        file=file,
        text=text,
        metadata=_metadata(text, layout, parts, nodes),
        first_unit_leads=first_leads,
        clauses=tuple(clauses),
        duties=tuple(make_duties(annotations, locator, first_leads=first_leads)),
        deadlines=tuple(_deadlines(text, joined, limit, locator)),
        warnings=tuple(_warnings(text, limit, clauses)),
    )


def _metadata(text: str, layout: Layout, parts: Sequence[Part], nodes: Sequence[Sequence[Node]]) -> Metadata:
    first = next((n.marker for group in nodes for n in group), None)
    ends = [part.end for part in parts]
    if first is None:
        return read_metadata(text, layout, len(text), len(text), ends)
    article = next((n.marker for group in nodes for n in group if n.marker.style == "条"), first)
    return read_metadata(text, layout, first.start, article.end, ends)


def _of_part(markers: Sequence[Marker], part: Part) -> list[Marker]:
    return [m for m in markers if part.start <= m.start < part.end]


def _part_clauses(
    text: str,
    layout: Layout,
    part: Part,
    nodes: Sequence[Node],
    annotations: Sequence[Annotation],
    titles: Mapping[str, str],
) -> list[Clause]:
    if not nodes:
        return []
    last = nodes[-1]
    law = any(n.marker.style == "条" for n in nodes)
    end = body_end(text, layout, part, last.marker.end)
    spans = [(a.start, a.end) for a in annotations]
    closing = closing_start(text, layout, last.marker, end, spans, law=law)
    close_nodes(text, nodes, end, closing)
    starts = [n.start for n in nodes[1:]] + [closing]
    headings = [
        _heading(text, layout, node, following, titles, law=law)
        for node, following in zip(nodes, starts, strict=True)
    ]
    headings = drop_stray(headings, [(node.path[:-1], node.marker.style) for node in nodes])
    return [
        Clause(part.name, node.path, heading, node.start, node.end)
        for node, heading in zip(nodes, headings, strict=True)
    ]


def _heading(
    text: str, layout: Layout, node: Node, following: int, titles: Mapping[str, str], *, law: bool
) -> str:
    inside = law and node.marker.style not in LAW_STYLES
    return clause_heading(
        text,
        node.marker,
        following,
        has_more=not node.leaf,
        article=inside,
        layout=layout,
        printed=titles.get(node.marker.item, ""),
    )


def _annotations(
    text: str, layout: Layout, joined: Joined, stops: Sequence[int], *, first_leads: bool
) -> list[Annotation]:
    """Annotations found in the joined text, with the offsets of the document."""
    lines = [] if joined.origin else layout.lines  # wrapped pages print no tables of one cell a line
    found = find_annotations(joined.text, lines, to_joined(joined, stops), first_leads=first_leads)
    if not joined.origin:
        return found
    return [
        Annotation(
            joined.start(a.start),
            joined.end(a.end),
            tuple(tuple(_moved(text, joined, unit) for unit in units) for units in a.lists),
        )
        for a in found
    ]


def _moved(text: str, joined: Joined, unit: Unit) -> Unit:
    start, end = joined.start(unit.start), joined.end(unit.end)
    return replace(unit, start=start, end=end, name=text[start:end])


def _deadlines(text: str, joined: Joined, limit: int, locator: ClauseLocator) -> list[Deadline]:
    found = []
    for low, high in find_deadlines(joined.text):
        start, end = joined.start(low), joined.end(high)
        if end > limit:
            break
        clause = locator.at(start)
        part = clause.part if clause else locator.part_at(start)
        found.append(Deadline(part, clause.path if clause else (), text[start:end], start, end))
    return found


def _warnings(text: str, limit: int, clauses: Sequence[Clause]) -> list[str]:
    warnings = []
    if text.strip() and not clauses:
        warnings.append("没有识别出任何带编号的条款；请确认文件是公文正文而不是图片或目录。")
    if limit < len(text):
        warnings.append(f"全文从第 {limit} 字起重复印了一遍；只解析了第一遍。")
    labels = [(c.part, c.label) for c in clauses]
    repeated = len(labels) - len(set(labels))
    if repeated:
        warnings.append(f"有 {repeated} 处条款编号重复出现；引用时请核对原文位置。")
    return warnings
