import math
from types import SimpleNamespace

import pytest

from assistant.errors import DocumentError, UnsupportedFormatError
from assistant.parsing import read_file
from assistant.parsing.formats import image
from assistant.parsing.formats.printed import Line, Page

Image = pytest.importorskip("PIL.Image", reason="Pillow makes the pictures of the tests")


@pytest.fixture
def pictures(monkeypatch):
    """Stands in for OCR: keeps the pictures it is given and finds one line in each."""
    seen = []

    def read(picture):
        seen.append(picture)
        return Page(100, 100, (Line(f"第{len(seen)}条", 10, 60, 50, 10),))

    monkeypatch.setattr(image, "recognizer", lambda: read)
    return seen


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"])
@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
def test_kinds_of_pictures(tmp_path, pictures, suffix, mode):
    path = tmp_path / f"x{suffix}"
    Image.new(mode, (60, 40)).save(path)
    assert read_file(path) == "第1条\n"
    assert (pictures[0].shape, str(pictures[0].dtype)) == ((40, 60, 3), "uint8")


def test_every_frame_is_a_page(tmp_path, pictures):
    frames = [Image.new("RGB", (60, 40)) for _ in range(3)]
    frames[0].save(tmp_path / "x.tif", save_all=True, append_images=frames[1:])
    assert read_file(tmp_path / "x.tif") == "第1条\n第2条\n第3条\n"


def test_large_pictures_are_reduced_and_turned_upright(tmp_path, pictures):
    made = Image.new("RGB", (8000, 100))
    tags = Image.Exif()
    tags[0x0112] = 6  # the camera was held on its side
    made.save(tmp_path / "x.jpg", exif=tags)
    read_file(tmp_path / "x.jpg")
    assert pictures[0].shape == (4000, 50, 3)


def test_colours_are_given_blue_first(tmp_path, pictures):
    Image.new("RGB", (10, 10), (255, 0, 0)).save(tmp_path / "x.png")
    read_file(tmp_path / "x.png")
    assert pictures[0][0, 0].tolist() == [0, 0, 255]


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\x00" * 30])
def test_a_damaged_picture(tmp_path, pictures, data):
    path = tmp_path / "x.png"
    path.write_bytes(data)
    with pytest.raises(DocumentError, match="已损坏或不是图片"):
        read_file(path)


def test_a_torn_picture(tmp_path, pictures):
    path = tmp_path / "x.png"
    Image.effect_noise((200, 200), 50).save(path)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DocumentError, match="已损坏或不是图片"):
        read_file(path)


def test_a_decompression_bomb(tmp_path, pictures, monkeypatch):
    path = tmp_path / "x.png"
    Image.new("1", (20_000, 20_000)).save(path)
    with pytest.raises(DocumentError, match="图片过大"):
        read_file(path)
    monkeypatch.setattr(image, "MAX_PIXELS", 1000)
    Image.new("1", (100, 100)).save(path)
    with pytest.raises(DocumentError, match="100×100"):
        read_file(path)
    assert pictures == []


def test_too_many_frames(tmp_path, pictures, monkeypatch):
    monkeypatch.setattr(image, "MAX_FRAMES", 1)
    frames = [Image.new("RGB", (60, 40)) for _ in range(3)]
    frames[0].save(tmp_path / "x.tif", save_all=True, append_images=frames[1:])
    with pytest.raises(DocumentError, match="超过 1 页"):
        read_file(tmp_path / "x.tif")


def test_without_ocr_the_error_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setattr(image, "recognizer", lambda: None)
    Image.new("RGB", (60, 40)).save(tmp_path / "x.png")
    with pytest.raises(UnsupportedFormatError, match=r"zhengce\[ocr\]"):
        read_file(tmp_path / "x.png")


def found(*boxes):
    """What OCR finds: boxes as (x, y, width, height, fall over the width)."""
    corners = [[(x, y), (x + w, y + fall), (x + w, y + h + fall), (x, y + h)] for x, y, w, h, fall in boxes]
    return SimpleNamespace(boxes=corners, txts=["文字"] * len(corners))


def test_the_slope_of_a_page_is_that_of_its_longest_lines():
    level = found(*[(10, 50 * i, 500, 20, 0) for i in range(5)])
    sloping = found(
        *[(10, 50 * i, 500, 20, 500 * math.tan(math.radians(2))) for i in range(5)], (0, 0, 30, 20, 9)
    )
    assert image._skew(level) == 0
    assert image._skew(sloping) == pytest.approx(2.0)
    assert image._skew(found((0, 0, 500, 20, 90))) == 0  # one line tells nothing
    assert image._skew(SimpleNamespace(boxes=None)) == 0


def test_rules_of_a_picture_are_its_long_straight_lines():
    pytest.importorskip("cv2", reason='needs pip install "zhengce[ocr]"')
    import numpy as np
    from PIL import ImageDraw

    picture = Image.new("RGB", (600, 400), "white")
    pen = ImageDraw.Draw(picture)
    pen.line((50, 100, 550, 100), fill="black", width=3)
    pen.line((300, 100, 300, 300), fill="black", width=3)
    pen.line((20, 20, 35, 20), fill="black", width=3)  # a stroke of a character
    pen.rectangle((400, 200, 500, 300), fill="black")  # an area
    level, upright = sorted(image._rules(np.asarray(picture)), key=lambda each: each.vertical)
    assert (level.vertical, upright.vertical) == (False, True)
    assert (level.at, level.low, level.high) == pytest.approx((100, 50, 551), abs=3)
    assert (upright.at, upright.low, upright.high) == pytest.approx((300, 100, 301), abs=3)
