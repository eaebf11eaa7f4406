"""Pictures and scans: OCR by RapidOCR, whose models come with the package (nothing is downloaded)."""

import functools
import logging
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from assistant.errors import DocumentError, UnsupportedFormatError
from assistant.parsing.formats.archive import check_size
from assistant.parsing.formats.printed import Glyph, Page, paragraphs
from assistant.parsing.formats.ruled import Rule, page_lines

Recognizer = Callable[[Any], Page]
"""A picture, uint8 (height, width, 3) → a page with the lines found, in pixels."""

MAX_PIXELS = 100_000_000  # an A3 page at 600 dpi has 70 million
MAX_FRAMES = 2000
_SKEW = 0.3  # degrees beyond which a page is straightened and read again
_LONGEST = 4000  # pixels; larger pictures are reduced, which costs no accuracy
OCR_MISSING = '识别图片需要文字识别组件，当前环境没有安装。请运行 pip install "zhengce[ocr]" 后再试。'

_log = logging.getLogger(__name__)


def read_image(path: Path) -> str:
    """Text of a picture (or of all pictures in a TIFF file).

    Raises:
        UnsupportedFormatError: OCR is not installed.
        DocumentError: The file is no picture, damaged or far too large.
    """
    check_size(path)
    read = recognizer()
    if read is None:
        raise UnsupportedFormatError(f"{path.name} 是图片。{OCR_MISSING}")
    pages = []
    for index, picture in enumerate(_pictures(path)):
        _log.info("%s：文字识别第 %d 页", path.name, index + 1)
        pages.append(read(picture))
    return "".join(text + "\n" for text in paragraphs(pages))


@functools.cache
def recognizer() -> Recognizer | None:
    """The OCR engine, loaded once; None where it is not installed."""
    try:
        from rapidocr import RapidOCR
    except ImportError:
        return None
    # Lines are not tested for standing on their heads: pages that do would be read in the wrong order anyway.
    engine = RapidOCR(
        params={
            "Global.log_level": "warning",
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,  # a sixth faster
        }
    )

    def read(picture: Any) -> Page:
        found = engine(picture)
        skew = _skew(found)
        if abs(skew) > _SKEW:
            picture = _straight(picture, skew)
            found = engine(picture)
        height, width = picture.shape[:2]
        glyphs = list(_glyphs(found))
        tolerance = max(4.0, width / 200)
        lines = page_lines(glyphs, _rules(picture), tolerance=tolerance)
        return Page(float(width), float(height), tuple(lines))

    return read


def _glyphs(found: Any) -> Iterator[Glyph]:
    """Lines as OCR finds them; the size is taken from the length, as boxes have loose heights."""
    if found.boxes is None or found.txts is None:
        return
    for box, text in zip(found.boxes, found.txts, strict=True):
        if not text.strip():
            continue
        xs, ys = [float(point[0]) for point in box], [float(point[1]) for point in box]
        x0, x1, top, bottom = min(xs), max(xs), min(ys), max(ys)
        ems = sum(1.0 if c > "\u2e7f" else 0.5 for c in text)
        size = min((x1 - x0) / max(ems, 1.0), bottom - top)
        yield Glyph(text, x0, x1, (top + bottom) / 2 + 0.4 * size, size)


def _skew(found: Any) -> float:
    """Degrees that the longest lines of a page slope down to the right; 0 where there are too few."""
    slopes = []
    for box in found.boxes if found.boxes is not None else ():
        across, down = float(box[1][0] - box[0][0]), float(box[1][1] - box[0][1])
        if across > 4 * abs(float(box[3][1] - box[0][1])):
            slopes.append((across, math.degrees(math.atan2(down, across))))
    longest = [angle for _, angle in sorted(slopes, reverse=True)[:15]]
    return median(longest) if len(longest) >= 3 else 0.0


def _straight(picture: Any, degrees: float) -> Any:
    """The picture turned back, the corners filled with white."""
    import cv2

    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(picture, turn, (width, height), borderValue=(255, 255, 255))


def _rules(picture: Any) -> Iterator[Rule]:
    """Long straight lines: what is left of the dark parts after eroding all that is shorter."""
    import cv2

    dark = cv2.threshold(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), 160, 255, cv2.THRESH_BINARY_INV)[1]
    least = max(40, picture.shape[1] // 30)
    for vertical in (False, True):
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (1, least) if vertical else (least, 1))
        parts = cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel)
        for contour in cv2.findContours(parts, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
            x, y, width, height = cv2.boundingRect(contour)
            thick = width if vertical else height
            if thick <= least / 4:
                at, low, high = (x + width / 2, y, y + height) if vertical else (y + height / 2, x, x + width)
                yield Rule(vertical, float(at), float(low), float(high))


def _pictures(path: Path) -> Iterator[Any]:
    """The frames of a picture file as uint8 (height, width, 3)."""
    import numpy as np
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    try:
        with Image.open(path) as opened:
            for index, frame in enumerate(ImageSequence.Iterator(opened)):
                _check(path, frame.size, index)
                # Grey before it is reduced: black and white alone lose strokes.
                picture = frame.convert("L") if frame.mode == "1" else frame.convert("RGB")
                picture.thumbnail((_LONGEST, _LONGEST))
                picture = ImageOps.exif_transpose(picture).convert("RGB")
                yield np.asarray(picture)[:, :, ::-1]  # the engine expects blue first
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise DocumentError(
            f"文件已损坏或不是图片：{path.name}。需要完整的 png、jpg、tif 或 bmp；请重新扫描或另存后再试。"
        ) from error
    except Image.DecompressionBombError as error:
        raise _too_large(path, "像素过多") from error


def _check(path: Path, size: tuple[int, int], index: int) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise _too_large(path, f"{size[0]}×{size[1]} 像素")
    if index >= MAX_FRAMES:
        raise _too_large(path, f"超过 {MAX_FRAMES} 页")


def _too_large(path: Path, found: str) -> DocumentError:
    return DocumentError(
        f"图片过大：{path.name}（{found}）。最多支持 {MAX_PIXELS // 10**6} 百万像素、{MAX_FRAMES} 页；"
        "请降低分辨率（300 dpi 足够）后再试。"
    )
