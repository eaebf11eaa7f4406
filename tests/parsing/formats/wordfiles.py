"""Word files written by hand: the XML that Word and WPS write, in the parts that a reader looks at."""

import zipfile
from xml.sax.saxutils import escape

from .plan import paragraphs, rows

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
VML = "urn:schemas-microsoft-com:vml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = f'xmlns:w="{W}" xmlns:mc="{MC}" xmlns:wps="{WPS}" xmlns:v="{VML}"'
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)


def part(tag, inner):
    """A part of the package with the usual namespaces."""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{tag} {_NAMES}>{inner}</w:{tag}>'


def write_docx(path, body, *, numbering="", styles="", extra=None):
    """A docx of these bodies; an empty part is left out."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": _RELS.format(
            f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/_rels/document.xml.rels": _RELS.format(
            f'<Relationship Id="rId1" Type="{OFFICE}/styles" Target="styles.xml"/>'
            f'<Relationship Id="rId2" Type="{OFFICE}/numbering" Target="/word/numbering.xml"/>'
        ),
        "word/document.xml": part("document", f"<w:body>{body}<w:sectPr/></w:body>"),
    }
    if numbering:
        parts["word/numbering.xml"] = part("numbering", numbering)
    if styles:
        parts["word/styles.xml"] = part("styles", styles)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**parts, **(extra or {})}.items():
            archive.writestr(name, data)
    return path


def run(text):
    """A run of text."""
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(text="", *, num=None, level=None, style=None, properties="", inner=None):
    """A paragraph, numbered by ``num`` and ``level`` or by its style."""
    made = f'<w:pStyle w:val="{style}"/>' if style else ""
    if num is not None or level is not None:
        ilvl = f'<w:ilvl w:val="{level}"/>' if level is not None else ""
        made += f"<w:numPr>{ilvl}" + (f'<w:numId w:val="{num}"/>' if num is not None else "") + "</w:numPr>"
    content = run(text) if inner is None else inner
    return f"<w:p><w:pPr>{made}{properties}</w:pPr>{content}</w:p>"


def level(index, kind, text, **settings):
    """A level of a list; settings become elements: ``start=3``, ``lvlRestart=0``, ``suff="nothing"``."""
    settings = {"start": 1, **settings}
    made = "".join(
        f'<w:{name} w:val="{value}"/>' for name, value in settings.items() if name not in ("suff", "isLgl")
    )
    suffix = f'<w:suff w:val="{settings["suff"]}"/>' if "suff" in settings else ""
    legal = "<w:isLgl/>" if settings.get("isLgl") else ""
    return (
        f'<w:lvl w:ilvl="{index}">{made}<w:numFmt w:val="{kind}"/>{legal}{suffix}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(number, *levels, extra=""):
    """An abstract list."""
    return f'<w:abstractNum w:abstractNumId="{number}">{extra}{"".join(levels)}</w:abstractNum>'


def num(number, of, overrides=""):
    """A list of an abstract list."""
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def table(rows):
    """A table; a cell is (text, columns, merge) with merge None, ``restart`` or ``continue``."""
    made = ""
    for row in rows:
        cells = ""
        for text, columns, merge in row:
            span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
            vertical = "" if merge is None else '<w:vMerge w:val="restart"/>'
            vertical = "<w:vMerge/>" if merge == "continue" else vertical
            inner = "".join(paragraph(line) for line in text.split("\n"))
            cells += f"<w:tc><w:tcPr>{span}{vertical}</w:tcPr>{inner}</w:tc>"
        made += f"<w:tr>{cells}</w:tr>"
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{made}</w:tbl>"


def plan_numbering(kind, digits="decimal"):
    """The list of the plan: 一、（一）1.（1）with Chinese numerals of a number format."""
    return abstract(
        7,
        level(0, kind, "%1、", suff="nothing"),
        level(1, kind, "（%2）", suff="nothing"),
        level(2, digits, "%3.", suff="space"),
        level(3, digits, "（%4）"),
    ) + num(3, 7)


def write_plan(path, *, kind=None):
    """The plan as docx; with a number format, its numerals are automatic, else they are typed."""
    body = ""
    for depth, numeral, text in paragraphs():
        automatic = depth is not None and kind is not None
        body += paragraph(text, num=3, level=depth) if automatic else paragraph(numeral + text)
    return write_docx(path, body + plan_table(), numbering=plan_numbering(kind) if kind else "")


def plan_table():
    """The table of duties with vertical merges."""
    made, covered = [], {}
    for number, cells in enumerate(rows()):
        row, queue = [], list(cells)
        for column in range(5):
            if covered.get(column, 0) > number:
                row.append(("", 1, "continue"))
                continue
            text, span = queue.pop(0)
            covered[column] = number + span
            row.append((text, 1, "restart" if span > 1 else None))
        made.append(row)
    return table(made)
