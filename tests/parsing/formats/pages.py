"""The plan set on pages: lines and rules with places, and the PDF, OFD and picture files that print them."""

import zipfile
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from .plan import paragraphs, rows

WIDTH, HEIGHT = 595.0, 842.0  # points
LEFT, TOP, BOTTOM = 79.0, 105.0, 740.0
SIZE, PITCH, CHARACTERS = 16.0, 29.0, 27  # as official documents are set
COLUMNS = (36.0, 84.0, 138.0, 84.0, 90.0)
_CENTRED = ("文件", "〔2024〕21号", "方案", "分工表")
_NEVER_FIRST = "，。、；：）》”"


@dataclass
class Sheet:
    """A page: texts as (x, base line from the top, size, text), rules as (x0, y0, x1, y1)."""

    texts: list = field(default_factory=list)
    rules: list = field(default_factory=list)


def wrapped(text, count, *, first=None):
    """Lines of at most ``count`` characters; closing punctuation begins no line."""
    lines, left = [], text
    room = first or count
    while left:
        cut = min(room, len(left))
        while cut < len(left) and left[cut] in _NEVER_FIRST and cut > 1:
            cut -= 1
        lines.append(left[:cut])
        left, room = left[cut:], count
    return lines or [""]


def sheets(*, header="云桥市人民政府公报"):
    """The plan on pages with a running header and page numbers."""
    made = [Sheet()]
    y = TOP
    for _, numeral, text in paragraphs():
        for x, line in _set(numeral + text):
            if y > BOTTOM:
                made.append(Sheet())
                y = TOP
            made[-1].texts.append((x, y, SIZE, line))
            y += PITCH
    _set_table(made, y)
    for number, sheet in enumerate(made, 1):
        sheet.texts.append((240.0, 50.0, 12.0, header))
        sheet.texts.append((270.0, 800.0, 12.0, f"— {number} —"))
    return made


def _set(text):
    if len(text) < CHARACTERS and text.endswith(_CENTRED):
        return [(LEFT + (CHARACTERS - len(text)) * SIZE / 2, text)]
    if text.endswith("：") or (text.endswith(_CENTRED) and "印发" in text):
        return [(LEFT, line) for line in wrapped(text, CHARACTERS)]
    if text in ("云桥市人民政府办公室", "2024年6月18日"):
        return [(LEFT + 14 * SIZE, text)]
    first, *others = wrapped(text, CHARACTERS, first=CHARACTERS - 2)
    return [(LEFT + 2 * SIZE, first), *((LEFT, line) for line in others)]


def _set_table(made, y):
    """The table of duties at the end; it begins a page of its own."""
    made.append(Sheet())
    size, pitch, y = 12.0, 18.0, TOP
    tops, cells = [], []
    covered = {}
    for number, row in enumerate(rows()):
        queue, height = list(row), pitch
        for column, width in enumerate(COLUMNS):
            if covered.get(column, 0) > number:
                continue
            text, span = queue.pop(0)
            covered[column] = number + span
            lines = wrapped(text, int((width - 8) // size))
            cells.append((number, span, column, lines))
            height = max(height, pitch * len(lines) / span)
        tops.append(y)
        y += height + 8
    tops.append(y)
    for number, span, column, lines in cells:
        x0 = LEFT + sum(COLUMNS[:column])
        x1, y0, y1 = x0 + COLUMNS[column], tops[number], tops[number + span]
        made[-1].rules += [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]
        for index, line in enumerate(lines):
            made[-1].texts.append((x0 + 4, y0 + 4 + 14 + index * pitch, size, line))


def write_pdf(path, pages, *, password=None):
    """Pages as PDF in a Chinese font that every reader has."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), encrypt=password)
    for sheet in pages:
        for x, y, size, text in sheet.texts:
            canvas.setFont("STSong-Light", size)
            canvas.drawString(x, HEIGHT - y, text)
        for x0, y0, x1, y1 in sheet.rules:
            canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)
        canvas.showPage()
    canvas.save()
    return path


def draw(sheet, font_file, face, *, scale=2.5):
    """A page as a picture, as a scanner sees it."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (int(WIDTH * scale), int(HEIGHT * scale)), "white")
    pen = ImageDraw.Draw(picture)
    for x, y, size, text in sheet.texts:
        font = ImageFont.truetype(font_file, int(size * scale), index=face)
        pen.text((x * scale, y * scale), text, font=font, fill="black", anchor="ls")
    for rule in sheet.rules:
        pen.line([each * scale for each in rule], fill="black", width=3)
    return picture


OFD = "http://www.ofdspec.org/2016"
MM = 25.4 / 72


def text_object(x, y, size, text, *, extra=""):
    """A text object of an OFD page, places in points."""
    advance = " ".join(f"{size * MM * (1 if c > '⺀' or c in '—' else 0.5):.3f}" for c in text[:-1])
    width = size * MM * len(text)
    box = f"{x * MM:.3f} {(y - size) * MM:.3f} {width:.3f} {size * MM * 1.2:.3f}"
    return (
        f'<ofd:TextObject ID="1" Font="2" Size="{size * MM:.3f}" Boundary="{box}" {extra}>'
        f'<ofd:TextCode X="0" Y="{size * MM:.3f}" '
        f'DeltaX="{advance}">{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def path_object(x0, y0, x1, y1):
    """A straight line of an OFD page."""
    return (
        f'<ofd:PathObject ID="3" Boundary="{min(x0, x1) * MM:.3f} {min(y0, y1) * MM:.3f} '
        f'{abs(x1 - x0) * MM + 0.1:.3f} {abs(y1 - y0) * MM + 0.1:.3f}" LineWidth="0.2">'
        f"<ofd:AbbreviatedData>M 0 0 L {abs(x1 - x0) * MM:.3f} {abs(y1 - y0) * MM:.3f}</ofd:AbbreviatedData>"
        "</ofd:PathObject>"
    )


def ofd_page(content, *, template=""):
    """A page part of an OFD file."""
    used = f'<ofd:Template TemplateID="{template}"/>' if template else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ofd:Page xmlns:ofd="{OFD}">{used}<ofd:Content>'
        f'<ofd:Layer ID="1">{content}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def ofd_parts(pages, *, extra=""):
    """The parts of an OFD file of these pages."""
    box = f"<ofd:PhysicalBox>0 0 {WIDTH * MM:.1f} {HEIGHT * MM:.1f}</ofd:PhysicalBox>"
    names = "".join(
        f'<ofd:Page ID="{i + 10}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages))
    )
    parts = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="{OFD}" Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo/>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{OFD}"><ofd:CommonData><ofd:PageArea>{box}'
        f"</ofd:PageArea>{extra}</ofd:CommonData><ofd:Pages>{names}</ofd:Pages></ofd:Document>",
    }
    for index, page in enumerate(pages):
        parts[f"Doc_0/Pages/Page_{index}/Content.xml"] = page
    return parts


def write_ofd(path, parts):
    """A zip of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def sheets_as_ofd(pages):
    """Pages as parts of an OFD file."""
    return ofd_parts(
        [
            ofd_page(
                "".join(text_object(*each) for each in sheet.texts)
                + "".join(path_object(*each) for each in sheet.rules)
            )
            for sheet in pages
        ]
    )
