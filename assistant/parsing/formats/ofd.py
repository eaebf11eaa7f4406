"""OFD documents (GB/T 33190): the text of the pages in reading order.

Template pages (letterheads, backgrounds), annotations and stamps are left out: they are not the document's
text. Places are millimetres from the top left corner of the page.
"""

import math
import posixpath
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.errors import DocumentError
from assistant.parsing.formats.archive import Archive, attribute, child, local
from assistant.parsing.formats.printed import Glyph, Page, paragraphs
from assistant.parsing.formats.ruled import Rule, page_lines, segment_rule

WANTED = "OFD 文档（GB/T 33190）"
MAX_PAGES = 2000
_A4 = (210.0, 297.0)
_TOLERANCE, _LEAST_RULE = 1.0, 3.0  # millimetres
_MAX_CHARS = 100_000  # on one page
_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NUMBERS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_Matrix = tuple[float, float, float, float, float, float]
_UNIT: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_ofd(path: Path) -> str:
    """Text of an OFD document.

    Raises:
        DocumentError: The file is damaged, encrypted, a scan without text, or has too many pages.
    """
    with Archive(path, wanted=WANTED) as archive:
        if any(name.endswith("Encryptions.xml") for name in archive.names()):
            raise DocumentError(
                f"文件已加密：{path.name}。需要没有加密的 OFD；请用阅读器打开后另存为无密码的文件再试。"
            )
        pages, pictures = [], 0
        for part, size in _page_parts(archive):
            root = archive.xml(part)
            pages.append(_page(root, size))
            pictures += sum(1 for each in root.iter() if local(each) == "ImageObject")
    if pictures and not any(page.lines for page in pages):
        raise DocumentError(
            f"{path.name} 是扫描件，没有文字层。目前不能直接识别扫描的 OFD；"
            "请用阅读器把它导出为 PDF 或图片后再试。"
        )
    return "".join(text + "\n" for text in paragraphs(pages))


def _page_parts(archive: Archive) -> list[tuple[str, tuple[float, float]]]:
    """Parts of the pages of all documents in the file, with the page sizes."""
    found: list[tuple[str, tuple[float, float]]] = []
    for body in archive.xml("OFD.xml"):
        located = child(body, "DocRoot") if local(body) == "DocBody" else None
        if located is None:
            continue
        part = _resolved("", located.text)
        document = archive.xml(part)
        area = child(document, "CommonData", "PageArea")
        size = _size(area) if area is not None else _A4
        pages = child(document, "Pages")
        for page in pages if pages is not None else ():
            if local(page) == "Page":
                found.append((_resolved(posixpath.dirname(part), attribute(page, "BaseLoc")), size))
        if len(found) > MAX_PAGES:
            raise DocumentError(f"页数过多：{archive.name} 超过 {MAX_PAGES} 页。请拆分文件后再试。")
    if not found:
        raise archive.damaged("没有页面")
    return found


def _resolved(folder: str, location: str | None) -> str:
    location = (location or "").strip()
    return posixpath.normpath(posixpath.join(folder, location) if location else folder).lstrip("/")


def _size(area: Any) -> tuple[float, float]:
    box = child(area, "PhysicalBox")
    numbers = _numbers(box.text) if box is not None else []
    return (numbers[2], numbers[3]) if len(numbers) == 4 and min(numbers[2:]) > 0 else _A4


def _numbers(text: str | None) -> list[float]:
    """Finite numbers of a list separated by blanks; anything else ends it."""
    found = []
    for word in (text or "").split():
        try:
            number = float(word)
        except ValueError:
            break
        if not math.isfinite(number):
            break
        found.append(number)
    return found


def _page(root: Any, size: tuple[float, float]) -> Page:
    area = child(root, "Area")
    width, height = _size(area) if area is not None else size
    glyphs: list[Glyph] = []
    rules: list[Rule] = []
    content = child(root, "Content")
    for element in content.iter() if content is not None else ():
        if attribute(element, "Visible") == "false":
            continue
        if local(element) == "TextObject" and len(glyphs) < _MAX_CHARS:
            glyphs += _glyphs(element)
        elif local(element) == "PathObject":
            rules += _rules(element)
    return Page(width, height, tuple(page_lines(glyphs, rules, tolerance=_TOLERANCE)))


def _placed(element: Any) -> tuple[_Matrix, tuple[float, float]]:
    """The transformation of an object's coordinates and the origin of its boundary."""
    box = _numbers(attribute(element, "Boundary"))
    matrix = _numbers(attribute(element, "CTM"))
    origin = (box[0], box[1]) if len(box) >= 2 else (0.0, 0.0)
    if len(matrix) != 6:
        return _UNIT, origin
    a, b, c, d, e, f = matrix
    return (a, b, c, d, e, f), origin


def _at(matrix: _Matrix, origin: tuple[float, float], x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e + origin[0], b * x + d * y + f + origin[1]


def _glyphs(element: Any) -> Iterator[Glyph]:
    """Characters of a text object; slanted ones (watermarks) are left out."""
    matrix, origin = _placed(element)
    scale = math.hypot(matrix[0], matrix[1])
    if scale == 0 or abs(matrix[1]) > 0.1 * scale:
        return
    size = (_numbers(attribute(element, "Size")) or [3.5])[0]
    em = size * scale * (_numbers(attribute(element, "HScale")) or [1.0])[0]
    x = y = 0.0
    for code in element:
        if local(code) != "TextCode":
            continue
        x = (_numbers(attribute(code, "X")) or [x])[0]
        y = (_numbers(attribute(code, "Y")) or [y])[0]
        text = (code.text or "").strip("\r\n")
        places = zip(text, _places(code, "X", x, len(text)), _places(code, "Y", y, len(text)), strict=True)
        for character, across, down in places:
            left, base = _at(matrix, origin, across, down)
            width = em if character > "\u2e7f" else em / 2
            yield Glyph(character, left, left + width, base, em)


def _places(code: Any, axis: str, start: float, count: int) -> list[float]:
    """Positions of characters: a start and steps, where ``g 3 2.5`` stands for three steps of 2.5."""
    words = attribute(code, f"Delta{axis}").split()
    steps: list[float] = []
    index = 0
    while index < len(words) and len(steps) < count:
        if words[index] == "g" and len(_numbers(" ".join(words[index + 1 : index + 3]))) == 2:
            steps += [float(words[index + 2])] * min(count, max(0, int(float(words[index + 1]))))
            index += 3
        else:
            steps += _numbers(words[index])
            index += 1
    default = steps[-1] if steps else 0.0
    places = [start]
    for step in (*steps, *[default] * count)[: max(0, count - 1)]:
        places.append(places[-1] + step)
    return places[:count]


def _rules(element: Any) -> Iterator[Rule]:
    """Straight lines of a path: the borders of tables."""
    matrix, origin = _placed(element)
    data = child(element, "AbbreviatedData")
    if data is None or attribute(element, "Stroke") == "false":
        return
    for figure in _figures((data.text or "")[:20_000]):
        points = [_at(matrix, origin, x, y) for x, y in figure]
        for start, end in pairwise(points):
            rule = segment_rule(*start, *end, least=_LEAST_RULE)
            if rule is not None:
                yield rule


def _figures(data: str) -> Iterator[Sequence[tuple[float, float]]]:
    """Figures of ``M 0 0 L 5 0 C``; curves count as the line to their end, which is slanted or short."""
    points: list[tuple[float, float]] = []
    command = ""
    numbers: list[float] = []
    for token in [*_TOKEN.findall(data), "M"]:
        if token.isalpha():
            if token in "MS" and len(points) > 1:
                yield points
            points = [] if token in "MS" else points
            if token == "C" and points:
                points.append(points[0])
            command, numbers = token, []
            continue
        numbers.append(float(token))
        if len(numbers) == _NUMBERS.get(command, 0):
            points.append((numbers[-2], numbers[-1]))
            numbers = []
