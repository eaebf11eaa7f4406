import pytest

from assistant.errors import DocumentError, UnsupportedFormatError
from assistant.parsing import read_file
from assistant.parsing.formats import pdf

from .pages import HEIGHT, WIDTH, Sheet, sheets, write_pdf

pytest.importorskip("reportlab", reason="reportlab makes the PDF files of the tests")
TEXT = "一、总体要求。坚持稳中求进工作总基调，扎实推进各项工作。"


def canvas(path, **options):
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    made = Canvas(str(path), pagesize=(WIDTH, HEIGHT), **options)
    made.setFont("STSong-Light", 14)
    return made


def test_headers_and_page_numbers_are_left_out(tmp_path):
    text = read_file(write_pdf(tmp_path / "x.pdf", sheets()))
    assert "公报" not in text
    assert "—" not in text


def test_turned_pages_are_read_along_their_text(tmp_path):
    made = canvas(tmp_path / "x.pdf")
    made.rotate(90)
    made.drawString(100, -100, TEXT)
    made.drawString(100, -130, "二、重点任务")
    made.save()
    assert read_file(tmp_path / "x.pdf") == f"{TEXT}\n二、重点任务\n"


def test_watermarks_and_text_drawn_twice(tmp_path):
    made = canvas(tmp_path / "x.pdf")
    made.drawString(80, 700, TEXT)
    made.drawString(80.3, 700, TEXT)  # as bold type is imitated
    made.rotate(45)
    made.drawString(300, 300, "内部资料")
    made.save()
    assert read_file(tmp_path / "x.pdf") == TEXT + "\n"


def test_borders_drawn_as_thin_boxes(tmp_path):
    made = canvas(tmp_path / "x.pdf")
    made.setFillGray(0.9)
    made.rect(50, 500, 400, 200, stroke=0, fill=1)  # a background is no border
    made.setFillGray(0)
    for x in (80, 200, 320):
        made.rect(x, 600, 0.5, 60, stroke=0, fill=1)
    for y in (600, 630, 660):
        made.rect(80, y, 240, 0.5, stroke=0, fill=1)
    for x, y, text in ((90, 640, "任务"), (210, 640, "牵头单位"), (90, 610, "建设"), (210, 610, "市教育局")):
        made.drawString(x, y, text)
    made.save()
    assert read_file(tmp_path / "x.pdf") == "任务\t牵头单位\n建设\t市教育局\n"


def test_an_encrypted_file(tmp_path):
    path = write_pdf(tmp_path / "x.pdf", [Sheet([(80, 100, 14, TEXT)])], password="secret")
    with pytest.raises(DocumentError, match="文件已加密"):
        read_file(path)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4\nnothing", b"\x00" * 500])
def test_a_damaged_file(tmp_path, data):
    path = tmp_path / "x.pdf"
    path.write_bytes(data)
    with pytest.raises(DocumentError, match="已损坏或不是 PDF"):
        read_file(path)


def test_too_many_pages(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    path = write_pdf(tmp_path / "x.pdf", [Sheet([(80, 100, 14, TEXT)])] * 3)
    with pytest.raises(DocumentError, match="有 3 页"):
        read_file(path)


def test_too_much_text(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "MAX_TEXT", 50)
    path = write_pdf(tmp_path / "x.pdf", [Sheet([(80, 100, 14, TEXT)])] * 3)
    with pytest.raises(DocumentError, match="文字过多"):
        read_file(path)


def looping(kids, count):
    """A PDF whose page tree has these children of its root."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>".encode(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + table + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)


@pytest.mark.parametrize(
    ("kids", "count"),
    [("2 0 R", 5), ("2 0 R 3 0 R", 2000), ("3 0 R", 2**31 - 1), ("3 0 R", -1), ("", 0)],
)
def test_an_endless_page_tree_ends(tmp_path, kids, count):
    path = tmp_path / "x.pdf"
    path.write_bytes(looping(kids, count))
    with pytest.raises(DocumentError):
        read_file(path)


def scan(path, pages=1):
    """A PDF of pictures without text."""
    from PIL import Image

    pictures = [Image.new("RGB", (300, 400), "white") for _ in range(pages)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:])
    return path


def test_a_scan_without_ocr_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "recognizer", lambda: None)
    with pytest.raises(UnsupportedFormatError, match=r"没有文字层.*zhengce\[ocr\]"):
        read_file(scan(tmp_path / "x.pdf"))


def test_pictures_between_pages_of_text_are_left_out_without_ocr(tmp_path, monkeypatch, caplog):
    from reportlab.lib.utils import ImageReader

    monkeypatch.setattr(pdf, "recognizer", lambda: None)
    made = canvas(tmp_path / "x.pdf")
    made.drawString(80, 700, TEXT)
    made.showPage()
    from PIL import Image

    made.drawImage(ImageReader(Image.new("RGB", (50, 50), "red")), 0, 0, 500, 700)
    made.save()
    assert read_file(tmp_path / "x.pdf") == TEXT + "\n"
    assert "1 页没有文字层" in caplog.text


def test_a_scan_is_read_page_by_page_by_what_recognizes(tmp_path, monkeypatch):
    from assistant.parsing.formats.printed import Line, Page

    sizes = []

    def read(picture):
        sizes.append(picture.shape)
        return Page(300, 400, (Line(f"第{len(sizes)}条", 10, 60, 200, 10),))

    monkeypatch.setattr(pdf, "recognizer", lambda: read)
    assert read_file(scan(tmp_path / "x.pdf", pages=2)) == "第1条\n第2条\n"
    assert [len(size) for size in sizes] == [3, 3]
    assert sizes[0][2] == 3
