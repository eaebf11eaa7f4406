"""Web pages: the text of the document without the page around it, tables as rows of cells.

The document is the deepest element that holds nearly all of the page's prose, that is, of the text outside
links in blocks with punctuation or numerals; menus, link lists and footers hold next to none.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import DocumentError
from assistant.parsing.formats.archive import load_etree, local, read_bytes
from assistant.parsing.formats.grid import Cell, table_lines
from assistant.parsing.formats.plain import decode

_NOISE = frozenset(
    (
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "audio",
        "video",
        "map",
        "head",
        "nav",
        "footer",
        "aside",
        "button",
        "select",
        "textarea",
        "input",
        "option",
        "dialog",
    )
)
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "ruby",
        "rb",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "o:p",
        "st1:chsdate",
        "img",
        "acronym",
        "center-text",
    )
)
_PARAGRAPHS = frozenset(("p", "li", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "pre"))
_SKIPPED = frozenset(("rt", "rp", "del"))
_AROUND = re.compile(
    r"(?:^|[-_\s])(?:nav|menu|footer|foot|copyright|breadcrumbs?|crumbs?|share|sidebar|side|toolbar|search|"
    r"location|position|related|recommend|pagination|pager|login|qrcode|ewm|sitemap|friendlinks?)"
    r"(?:[-_\s\d]|$)",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?:^|[-_\s])(?:header|head|top)(?:[-_\s\d]|$)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PROSE = re.compile(
    r"[。；，、：？！]|第[一二三四五六七八九十百]+[章节条]|^[（(]?[一二三四五六七八九十]+[、）)]"
)
_SHARE = 0.85  # of the prose that the document must hold
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{3,20})", re.IGNORECASE)
_BLANK = re.compile(r"[ \t\r\n\f]+")
_WIDE = r"[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f“”‘’—…]"
_WIDE_BREAK = re.compile(rf"(?<={_WIDE})[ \t]*\n[ \t\n]*(?={_WIDE})")
_NUMERAL = re.compile(
    r"\s*(?:[（(]?[\d一二三四五六七八九十]+[、.．）)]|第[\d一二三四五六七八九十百]+[章节条]|[①-⑳])"
)
_SPAN = 1000  # columns or rows a cell may cover


def read_html(path: Path) -> str:
    """Text of the document on a web page.

    Raises:
        DocumentError: The bytes are no text, or no web page can be made of them.
    """
    source = _decoded(read_bytes(path), path.name)
    root = _parse(source, path.name)
    titles = _titles(root)
    _strip(root)
    main = _main(root)
    text = _squeezed("".join(main.itertext()))[:2000]
    lines = _lines(main)
    if titles and _squeezed(titles[0]) not in text:
        lines.insert(0, titles[0])
    return "".join(line + "\n" for line in lines)


def _titles(root: Any) -> list[str]:
    """Titles of the page: its first headings, then what government pages declare as ``ArticleTitle``."""
    printed = [_squeezed("".join(each.itertext()), " ").strip() for each in root.iter("h1")]
    declared = [each.get("content") or "" for each in root.iter("meta") if each.get("name") == "ArticleTitle"]
    return [title.strip() for title in (*printed, *declared) if 4 < len(title.strip()) < 120]


def _decoded(data: bytes, name: str) -> str:
    """Text of the bytes, by the charset that the page declares if it is true."""
    declared = _CHARSET.search(data[:8192])
    if declared is not None and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        charset = declared[1].decode("ascii").lower()
        charset = "gb18030" if charset in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else charset
        try:
            text = data.decode(charset, errors="replace")
        except LookupError:
            text = "\ufffd" * 100
        # Single broken characters are usual on old pages and no reason to refuse them.
        if text.count("\ufffd") <= max(2, len(text) // 1000):
            return text
    return decode(data, name=name)


def _parse(source: str, name: str) -> Any:
    etree = load_etree()
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    data = source.lstrip("\ufeff").replace("\x00", "").encode("utf-8", errors="replace")
    try:
        root = etree.fromstring(data, parser) if data.strip() else None
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(f"无法解析网页：{name}。需要完整的 HTML；请在浏览器中另存网页后再试。") from error
    if root is None:
        raise DocumentError(f"文件没有内容：{name}。需要含有正文的网页；请检查文件是否完整。")
    return root


def _strip(root: Any) -> None:
    """Remove what is never part of a document, keeping the text behind it.

    Hidden elements go too, unless they hold the document: some pages show it only once a script has run.
    """
    for element in list(root.iter()):
        if element is not root and (local(element) in _NOISE or not local(element)):
            _drop(element)
    scores = _scores(root)
    whole = scores.get(root, 0)
    for element in list(root.iter()):
        hidden = element is not root and _HIDDEN.search(element.get("style") or "")
        if hidden and scores.get(element, 0) <= 0.7 * whole:
            _drop(element)


def _drop(element: Any) -> None:
    parent, tail = element.getparent(), element.tail or ""
    if parent is None:
        return
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _main(root: Any) -> Any:
    """The deepest element that holds most of the prose, cleared of what lies around the text."""
    _clear(root)
    scores = _scores(root)
    element = next((each for each in root if local(each) == "body"), root)
    whole = scores.get(element, 0)
    while whole:
        best = max(element, key=lambda each: scores.get(each, 0), default=None)
        if best is None or scores.get(best, 0) < _SHARE * whole or not _contains_blocks(best):
            break
        element = best
    return element


def _clear(root: Any) -> None:
    scores = _scores(root)
    whole = scores.get(root, 0)
    for element in list(root.iter()):
        if _is_around(element, scores.get(element, 0), whole):
            _drop(element)


def _contains_blocks(element: Any) -> bool:
    """Whether an element can be the frame of a document: no paragraph, and no part of a data table."""
    if local(element) in ("tr", "td", "tbody"):
        return _lone(element)
    return local(element) not in _PARAGRAPHS and local(element) not in _INLINE


def _lone(element: Any) -> bool:
    """Whether a row or cell has no neighbours with text: a table used to lay out the page."""
    text = sum(len("".join(each.itertext()).strip()) for each in element.getparent())
    return len("".join(element.itertext()).strip()) > 0.98 * text


def _scores(root: Any) -> dict[Any, int]:
    """Characters of prose inside each element."""
    scores: dict[Any, int] = {}
    for element in root.iter():
        if local(element) == "a" or not local(element):
            continue
        size = sum(len(text) for text in _own_texts(element) if _PROSE.search(text))
        while size and element is not None:
            scores[element] = scores.get(element, 0) + size
            element = element.getparent()
    return scores


def _own_texts(element: Any) -> Iterator[str]:
    if element.text and element.text.strip():
        yield element.text.strip()
    for each in element:
        if each.tail and each.tail.strip():
            yield each.tail.strip()


def _is_around(element: Any, score: int, whole: int) -> bool:
    """Whether an element is furniture by its name or by consisting of links, and holds little prose."""
    if local(element) in _INLINE or local(element) in ("html", "body") or score > 0.25 * whole:
        return False
    names = f"{local(element)} {element.get('class') or ''} {element.get('id') or ''}"
    links = list(element.iter("a"))
    if _AROUND.search(names) or (links and _HEADER.search(names)):
        return True
    linked = sum(len("".join(each.itertext()).strip()) for each in links)
    return linked > 8 and linked > 0.7 * len("".join(element.itertext()).strip()) and len(links) > 1


def _squeezed(text: str, blank: str = "") -> str:
    return re.sub(r"\s+", blank, text)


class _Lines:
    """Lines while a page is walked: inline text gathers until a block ends it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._pieces: list[str] = []
        self._label = ""

    def add(self, text: str | None, *, verbatim: bool = False) -> None:
        """Inline text: white space counts as one blank, none between Chinese characters."""
        if not text:
            return
        if verbatim:
            first, *others = text.split("\n")
            self._pieces.append(first)
            for line in others:
                self.end()
                self._pieces.append(line)
        else:
            self._pieces.append(_BLANK.sub(" ", _WIDE_BREAK.sub("", text)))

    def label(self, label: str) -> None:
        """The label of a list item stands before its first line, unless that prints a numeral itself."""
        self._label = label

    def end(self) -> None:
        """End the line."""
        text = re.sub(" {2,}", " ", "".join(self._pieces)).strip(" \n")
        self._pieces = []
        if text and self._label:
            text = text if _NUMERAL.match(text) else self._label + text
            self._label = ""
        if text:
            self.lines.append(text)


def _lines(element: Any) -> list[str]:
    lines = _Lines()
    _walk(element, lines, verbatim=local(element) == "pre")
    lines.end()
    return lines.lines


def _walk(element: Any, lines: _Lines, *, verbatim: bool) -> None:
    lines.add(element.text, verbatim=verbatim)
    for each in element:
        name = local(each)
        if name == "br":
            lines.end()
        elif name == "table":
            lines.end()
            lines.lines += _table(each)
        elif name in _SKIPPED:
            pass
        elif name in _INLINE or not name:
            _walk(each, lines, verbatim=verbatim)
        else:
            lines.end()
            if name == "li":
                lines.label(_item_label(each))
            _walk(each, lines, verbatim=verbatim or name == "pre")
            lines.end()
        lines.add(each.tail, verbatim=verbatim)


def _item_label(item: Any) -> str:
    """The number that a browser prints before an item of an ordered list."""
    parent = item.getparent()
    styles = f"{parent.get('style') or ''} {item.get('style') or ''}"
    if local(parent) != "ol" or re.search(r"list-style[^;]*:\s*none", styles):
        return ""
    from assistant.parsing.formats.numberformat import format_number

    kind = _LIST_STYLES.get(parent.get("type") or "1", "decimal")
    if re.search(r"list-style[^;]*(?:cjk|chinese|japanese|hiragana|ideographic)", styles):
        return format_number(_position(item, parent), "chineseCountingThousand") + "、"
    return format_number(_position(item, parent), kind) + ". "


_LIST_STYLES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def _position(item: Any, parent: Any) -> int:
    number = _integer(parent.get("start"), 1) - 1
    for each in parent:
        if local(each) == "li":
            number = _integer(each.get("value"), number + 1)
            if each is item:
                break
    return number


def _table(table: Any) -> list[str]:
    caption = next((each for each in table if local(each) == "caption"), None)
    lines = _lines(caption) if caption is not None else []
    rows = [[_cell(each) for each in row if local(each) in ("td", "th")] for row in _rows(table)]
    return lines + table_lines([row for row in rows if row])


def _rows(table: Any) -> list[Any]:
    rows = []
    for each in table:
        if local(each) == "tr":
            rows.append(each)
        elif local(each) in ("thead", "tbody", "tfoot"):
            rows += [row for row in each if local(row) == "tr"]
    return rows


def _cell(cell: Any) -> Cell:
    return Cell(
        tuple(_lines(cell)),
        columns=min(_SPAN, max(1, _integer(cell.get("colspan"), 1))),
        rows=min(_SPAN, max(1, _integer(cell.get("rowspan"), 1))),
        nested=any(True for _ in cell.iter("table")),
    )


def _integer(value: str | None, default: int) -> int:
    try:
        return int(value or "")
    except ValueError:
        return default
