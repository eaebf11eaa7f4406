"""PDF: the text layer in reading order; pages without one by OCR where it is installed."""

import logging
import math
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.errors import DocumentError, UnsupportedFormatError
from assistant.parsing.formats.archive import check_size
from assistant.parsing.formats.image import OCR_MISSING, Recognizer, recognizer
from assistant.parsing.formats.printed import Glyph, Page, paragraphs
from assistant.parsing.formats.ruled import MAX_RULES, Rule, page_lines, segment_rule

MAX_PAGES = 2000
_DPI = 200  # for OCR; the small print of official documents is 14 to 16 points
_MAX_CHARS = 100_000  # on one page
MAX_TEXT = 5_000_000  # characters in all
_LEAST_RULE = 8.0  # points
_THICK = 3.0  # points; a wider filled box is an area, not a line
_FEW = 12  # characters on a page below which it has no text layer worth the name
_LOCK = threading.Lock()  # PDFium is not thread-safe

_log = logging.getLogger(__name__)


def read_pdf(path: Path) -> str:
    """Text of a PDF.

    Raises:
        UnsupportedFormatError: It has no text layer, and OCR is not installed.
        DocumentError: The file is damaged, encrypted or has too many pages.
    """
    check_size(path)
    with _LOCK:
        document = _open(path)
        try:
            pages = list(_pages(document, path))
        finally:
            document.close()
    return "".join(text + "\n" for text in paragraphs(pages))


def _open(path: Path) -> Any:
    try:
        import pypdfium2
    except ImportError as error:
        raise UnsupportedFormatError(
            f"读取 {path.name} 需要 pypdfium2，当前环境没有安装。请运行 pip install pypdfium2 后再试。"
        ) from error
    try:
        document = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        if "password" in str(error).lower():
            raise DocumentError(
                f"文件已加密：{path.name}。需要没有密码的 PDF；请用阅读器打开后另存为无密码的 PDF 再试。"
            ) from error
        raise _damaged(path, "无法打开") from error
    count = len(document)
    if not 0 < count <= MAX_PAGES:
        document.close()
        raise DocumentError(
            f"页数不合要求：{path.name} 有 {count} 页，支持 1 到 {MAX_PAGES} 页。请拆分文件后再试。"
        )
    return document


def _damaged(path: Path, found: str) -> DocumentError:
    return DocumentError(
        f"文件已损坏或不是 PDF：{path.name}（{found}）。需要完整的 PDF；请重新下载或另存后再试。"
    )


def _pages(document: Any, path: Path) -> Iterator[Page]:
    import pypdfium2

    made: list[Page | None] = []
    size = 0
    for index in range(len(document)):
        try:
            page = document[index]
            made.append(_text_page(page))
            page.close()
        except pypdfium2.PdfiumError as error:
            raise _damaged(path, f"第 {index + 1} 页无法读取") from error
        size += sum(len(line.text) for line in made[-1].lines) if made[-1] is not None else 0
        if size > MAX_TEXT:
            raise DocumentError(f"文字过多：{path.name} 超过 {MAX_TEXT // 10**4} 万字。请拆分文件后再试。")
    empty = [index for index, page in enumerate(made) if page is None]
    read = _recognizer(path, empty, len(made))
    for index, each in enumerate(made):
        if each is not None:
            yield each
        elif read is not None:
            _log.info("%s：文字识别第 %d/%d 页", path.name, index + 1, len(made))
            yield _scanned_page(document[index], read)


def _recognizer(path: Path, empty: list[int], count: int) -> Recognizer | None:
    """What reads the pages without text; an error where there is nothing else to read."""
    if not empty:
        return None
    read = recognizer()
    if read is None and len(empty) == count:
        raise UnsupportedFormatError(f"{path.name} 是扫描件，没有文字层。{OCR_MISSING}")
    if read is None:
        _log.warning("%s：有 %d 页没有文字层，未能读取。%s", path.name, len(empty), OCR_MISSING)
    return read


def _text_page(page: Any) -> Page | None:
    """The text layer of a page; None for a picture without one. A blank page is a page without lines."""
    glyphs, turns = _glyphs(page)
    width, height = page.get_size()
    if sum(1 for glyph in glyphs if glyph.text.strip()) < _FEW and _has_picture(page):
        return None
    rules = [] if turns else list(_rules(page, height))
    lines = page_lines(glyphs, rules, tolerance=3.0)
    top = min((line.y for line in lines), default=0.0)
    if turns or top < 0:  # turned pages have another origin: only differences count
        height = max((line.y for line in lines), default=0.0) - min(top, 0.0)
        width = max((line.x1 for line in lines), default=0.0)
    return Page(width, height, tuple(lines))


def _has_picture(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _glyphs(page: Any) -> tuple[list[Glyph], int]:
    """Characters of a page as they are read, and the quarter turns of its text against the page.

    Slanted text (watermarks), text turned otherwise than most, and characters drawn twice are left out.
    """
    text = page.get_textpage()
    raw = list(_characters(text))
    text.close()
    turns = Counter(turn for _, turn, _, _ in raw).most_common(1)
    if not turns:
        return [], 0
    usual = turns[0][0]
    height = page.get_height()
    seen: set[tuple[str, int, int]] = set()
    glyphs = []
    for character, turn, box, origin in raw:
        if turn != usual:
            continue
        x0, x1, y = _turned(box, origin, usual, height)
        size = x1 - x0 if character > "\u2e7f" else abs(_depth(box, usual))
        key = (character, round(x0 / max(0.3 * size, 0.1)), round(y / max(0.3 * size, 0.1)))
        if character.isspace() or key not in seen:
            seen.add(key)
            glyphs.append(Glyph(character, x0, x1, y, size))
    return glyphs, usual


def _depth(box: tuple[float, float, float, float], turns: int) -> float:
    left, bottom, right, top = box
    return 0.75 * ((right - left) if turns % 2 else (top - bottom))


def _characters(
    text: Any,
) -> Iterator[tuple[str, int, tuple[float, float, float, float], tuple[float, float]]]:
    """Character, quarter turns clockwise, box (left, bottom, right, top) and origin, in file order."""
    from ctypes import byref, c_double

    import pypdfium2.raw as pdfium

    rectangle = pdfium.FS_RECTF()
    x, y = c_double(), c_double()
    for index in range(min(text.count_chars(), _MAX_CHARS)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code in (0, 0xFFFE, 0xFFFF) or pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        character = "-" if code == 2 else chr(code)  # 2 stands for a hyphen at the end of a line
        if character < " " or 0xD800 <= code <= 0xDFFF:
            continue
        turn = pdfium.FPDFText_GetCharAngle(text, index) / (math.pi / 2)
        if abs(turn - round(turn)) > 0.1:
            continue
        if pdfium.FPDFText_GetLooseCharBox(text, index, byref(rectangle)) and pdfium.FPDFText_GetCharOrigin(
            text, index, byref(x), byref(y)
        ):
            box = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            yield character, round(turn) % 4, box, (x.value, y.value)


def _turned(
    box: tuple[float, float, float, float], origin: tuple[float, float], turns: int, height: float
) -> tuple[float, float, float]:
    """Start, end and base line in reading direction, y down."""
    left, bottom, right, top = box
    if turns == 0:
        return left, right, height - origin[1]
    if turns == 1:
        return -top, -bottom, -origin[0]
    if turns == 2:
        return -right, -left, origin[1]
    return bottom, top, origin[0]


def _rules(page: Any, height: float) -> Iterator[Rule]:
    """Straight lines drawn on a page: borders as strokes or as thin filled boxes."""
    import pypdfium2.raw as pdfium

    count = 0
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3):
        a, b, c, d, e, f = item.get_matrix().get()
        stroked = _is_stroked(item)
        for figure in _figures(item):
            points = [(a * x + c * y + e, height - (b * x + d * y + f)) for x, y in figure]
            for rule in _drawn(points, stroked=stroked):
                yield rule
                count += 1
        if count > MAX_RULES:
            return


def _drawn(points: Sequence[tuple[float, float]], *, stroked: bool) -> Iterator[Rule]:
    """Rules of one figure: its sides where they are stroked, a thin box as one line, no wider area."""
    pairs = list(pairwise(points))
    if not stroked:
        x0, x1 = min(x for x, _ in points), max(x for x, _ in points)
        y0, y1 = min(y for _, y in points), max(y for _, y in points)
        if min(x1 - x0, y1 - y0) > _THICK:
            return
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        pairs = [((x, y0), (x, y1))] if y1 - y0 > x1 - x0 else [((x0, y), (x1, y))]
    for start, end in pairs:
        rule = segment_rule(*start, *end, least=_LEAST_RULE)
        if rule is not None:
            yield rule


def _is_stroked(item: Any) -> bool:
    from ctypes import byref, c_int

    import pypdfium2.raw as pdfium

    fill, stroke = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(item.raw, byref(fill), byref(stroke))
    return bool(stroke.value) or not fill.value


def _figures(item: Any) -> Iterator[list[tuple[float, float]]]:
    """The points of each figure of a path; closed figures end where they begin."""
    from ctypes import byref, c_float

    import pypdfium2.raw as pdfium

    x, y = c_float(), c_float()
    points: list[tuple[float, float]] = []
    for index in range(max(0, pdfium.FPDFPath_CountSegments(item.raw))):
        segment = pdfium.FPDFPath_GetPathSegment(item.raw, index)
        if not segment or not pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y)):
            continue
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append((x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


def _scanned_page(page: Any, read: Recognizer) -> Page:
    width, height = page.get_size()
    scale = min(_DPI / 72, 4000 / max(width, height, 1))
    bitmap = page.render(scale=scale, grayscale=False)
    made = read(bitmap.to_numpy()[:, :, :3])
    page.close()
    return made
