"""Pictures and scans: OCR by RapidOCR, whose models come with the package (nothing is downloaded)."""

import functools
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from assistant.errors import DocumentError, UnsupportedFormatError
from assistant.parsing.formats.archive import check_size
from assistant.parsing.formats.printed import Glyph, Page, lines_of, paragraphs

Recognizer = Callable[[Any], Page]
"""A picture, uint8 (height, width, 3) → a page with the lines found, in pixels."""

MAX_PIXELS = 120_000_000  # an A3 page at 600 dpi has 70 million
MAX_FRAMES = 2000
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
    logging.getLogger("RapidOCR").setLevel(logging.WARNING)
    engine = RapidOCR(params={"Global.log_level": "warning"})

    def read(picture: Any) -> Page:
        height, width = picture.shape[:2]
        found = engine(picture)
        return Page(float(width), float(height), tuple(lines_of(_glyphs(found))))

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


def _pictures(path: Path) -> Iterator[Any]:
    """The frames of a picture file as uint8 (height, width, 3)."""
    import numpy as np
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    try:
        with Image.open(path) as opened:
            for index, frame in enumerate(ImageSequence.Iterator(opened)):
                _check(path, frame.size, index)
                picture = ImageOps.exif_transpose(frame).convert("RGB")
                picture.thumbnail((_LONGEST, _LONGEST))
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
