"""Front and end matter: title, number, issuer, date, recipients, copies, basis, validity.

A covering notice prints its own title, number, recipients, signature and date before the plan it sends
out. The title is the plan's, where the plan prints one behind the notice; everything else is the
notice's. The issuer is who signs; without a signature, who the title names; then the masthead.
"""

import re
from collections.abc import Sequence

from assistant.datatypes import Metadata, MetadataField
from assistant.parsing.dates import DATE_PATTERN, iso_date
from assistant.parsing.front import (
    ORDER,
    ORGAN,
    Piece,
    front_pieces,
    number_span,
    title_groups,
)
from assistant.parsing.layout import Layout, Line
from assistant.parsing.numerals import SPACES
from assistant.parsing.validity import read_basis, read_effective, read_expires, squeezed

_NONE = MetadataField()
_ISSUER_IN_TITLE = re.compile(
    r"(?P<issuer>[^《》。：]{3,260}?)(?=关于|印发|转发|批转|发布|贯彻|支持[^，。]{2,}的(?:意见|措施)|公告|通告)"
)
_ORGAN_END = re.compile(
    r"(?:委员会|政府|办公室|办公厅|厅|局|委|部|署|会|院|行|公司|组|中心|指挥部|司|处|社|联|办)$"
)
_COPIES = re.compile(
    rf"(?:^|\n)[{SPACES}]*抄[{SPACES}]*送[{SPACES}]*[：:][{SPACES}]*(?P<copies>[^\n]+(?:\n[^\n。]+)*?)(?=。|\n|$)"
)
_ORDER_ORGAN = re.compile(
    r"(?:中华人民共和国|(?<![\u4e00-\u9fff]))(?P<organ>(?!中华人民共和国)[^\W\d年月日第]{2,30}?)(?:令|公告)(?=$|\s|第|[（(]|\d)"
)


def read_metadata(
    text: str, layout: Layout, first_clause: int, body_start: int, part_ends: Sequence[int]
) -> Metadata:
    """Read the metadata of a document.

    Args:
        text: The document.
        layout: The page.
        first_clause: Start of the first clause; ``len(text)`` when there is none.
        body_start: Behind the numeral of the first clause, where laws state their basis.
        part_ends: Ends of the parts; the main text is signed before its attachments.
    """
    pieces = front_pieces(text, layout, min(first_clause, 20000))
    body = next((i for i, p in enumerate(pieces) if p.kind == "recipients"), None)
    title_at = _title(text, pieces, body)
    title_at = _once(text, title_at)
    title = _field(text, title_at)
    preamble = title_at[1] if title_at else 0
    covering = _covering_title(text, pieces, body)
    date, signature = _date_and_signature(text, layout, pieces, part_ends)
    return Metadata(
        title=title,
        doc_number=_number(text, pieces),
        issuer=_issuer(text, pieces, signature, (covering, title_at)),
        date=date,
        recipients=_recipients(text, pieces, body),
        copies=_copies(text),
        basis=read_basis(text, max(preamble, _last_date(pieces)), first_clause, body_start, title.value),
        effective=read_effective(text),
        expires=read_expires(text),
    )


def _field(text: str, span: tuple[int, int] | None) -> MetadataField:
    """A field whose value is the printed text without white space."""
    if span is None:
        return _NONE
    return MetadataField(squeezed(text[span[0] : span[1]]), *span)


def _title(text: str, pieces: Sequence[Piece], body: int | None) -> tuple[int, int] | None:
    """Span of the plan's own title."""
    last_date = max((i for i, p in enumerate(pieces) if p.kind in ("date", "signed")), default=None)
    first_sentence = next((i for i, p in enumerate(pieces) if p.kind == "sentence"), len(pieces))
    for low, high in (
        (last_date + 1 if last_date is not None else None, len(pieces)),
        (body + 1 if body is not None else None, len(pieces)),
        (0, min(body if body is not None else len(pieces), first_sentence)),
    ):
        if low is None:
            continue
        groups = title_groups(text, pieces[low:high])
        plausible = [g for g in groups if not re.search(r"[：:]$|^附件", text[g[0] : g[1]].strip())]
        if plausible:
            return plausible[0] if low else _sent_out(text, plausible[-1], pieces)
    return _loose_title(text, pieces[:first_sentence])


def _once(text: str, span: tuple[int, int] | None) -> tuple[int, int] | None:
    """The second half of a title that an export printed twice in a row."""
    if span is None:
        return None
    start, end = span
    middle = (start + end) // 2
    twice = text[start:middle].strip(SPACES + "\n") == text[middle:end].strip(SPACES + "\n")
    return (middle, end) if twice and end - start > 20 else span


_SENDS_OUT = re.compile(r"(?:印发|发布|颁布|公布)[《]?(?P<plan>[^《》]{5,80}?)》?的(?:通知|公告|通告)$")


def _sent_out(text: str, span: tuple[int, int], pieces: Sequence[Piece]) -> tuple[int, int]:
    """The plan's title inside 印发《…》的通知 where the plan does not print its own."""
    match = _SENDS_OUT.search(text, *span)
    front = text[span[1] : pieces[-1].end]
    if match is None or re.search(r"有关(?:事项|问题|事宜|要求)[^。]{0,12}如下|如下[：:]", front):
        return span
    return match.span("plan")


def _loose_title(text: str, pieces: Sequence[Piece]) -> tuple[int, int] | None:
    """The first heading-like line where no line ends like a title."""
    for piece in pieces:
        if (
            piece.kind == "text"
            and 5 <= piece.end - piece.start <= 60
            and text[piece.end - 1] not in "：:，,、"
        ):
            return piece.start, piece.end
    return None


def _covering_title(text: str, pieces: Sequence[Piece], body: int | None) -> tuple[int, int] | None:
    groups = title_groups(text, pieces[: body if body is not None else len(pieces)])
    return groups[-1] if groups else None


def _last_date(pieces: Sequence[Piece]) -> int:
    return max((p.end for p in pieces if p.kind in ("date", "signed")), default=0)


def _number(text: str, pieces: Sequence[Piece]) -> MetadataField:
    for index, piece in enumerate(pieces):
        if piece.kind != "number":
            continue
        start, end = number_span(text, piece)
        if text[start] == "第" and index and text[pieces[index - 1].end - 1] in "令告":
            start = pieces[index - 1].start  # …人民政府令 and its number on two lines
            return MetadataField(re.sub("[（(]", "", squeezed(text[start:end])), start, end)
        return _field(text, (start, end))
    for piece in pieces:
        order = re.search(ORDER, text[piece.start : piece.end]) if piece.kind == "skip" else None
        if order and "令" in order[0]:
            return _field(text, (piece.start + order.start(), piece.start + order.end()))
    return _NONE


def _date_and_signature(
    text: str, layout: Layout, pieces: Sequence[Piece], part_ends: Sequence[int]
) -> tuple[MetadataField, list[Piece]]:
    """The date of issue and the pieces that sign above it."""
    low = pieces[-1].end if pieces else 0
    tails = (_end_pieces(text, layout, low, end) for end in part_ends)
    for candidates in (pieces, *tails):
        for index in range(len(candidates) - 1, -1, -1):
            piece = candidates[index]
            if piece.kind not in ("date", "signed"):
                continue
            match = re.search(DATE_PATTERN, text[piece.start : piece.end])
            if match is None or not iso_date(match[0]):
                continue
            start = piece.start + match.start()
            field = MetadataField(iso_date(match[0]), start, start + len(match[0]))
            return field, _signature(text, candidates, index)
    return _passed_date(text, pieces), []


def _end_pieces(text: str, layout: Layout, low: int, end: int) -> list[Piece]:
    """The last lines of a part, imprint lines (…印发) left out."""
    low = max(low, end - 3000)
    lines = [Line(max(line.start, low), min(line.end, end)) for line in layout.lines]
    tail = tuple(line for line in lines if line.start < line.end)[-24:]
    pieces = front_pieces(text, Layout(tail, layout.wrapped, layout.width, layout.flat), end)
    return [p for p in pieces if not text[p.start : p.end].endswith("印发")]


def _signature(text: str, pieces: Sequence[Piece], index: int) -> list[Piece]:
    piece = pieces[index]
    if piece.kind == "signed":
        match = re.search(DATE_PATTERN, text[piece.start : piece.end])
        end = piece.start + (match.start() if match else 0)
        while end > piece.start and text[end - 1] in SPACES:
            end -= 1
        return [Piece(piece.start, end, "organ")]
    organs: list[Piece] = []
    for before in reversed(pieces[max(0, index - 8) : index]):
        if before.kind == "organ":
            organs.insert(0, before)
        elif before.kind != "skip" or organs:
            break
    return organs


def _passed_date(text: str, pieces: Sequence[Piece]) -> MetadataField:
    """Laws: the date of publication, else of adoption, from the lines under the title."""
    heads = [p for p in pieces if p.kind == "skip"]
    for word in ("令", "公布", "通过", "发布", "批准"):
        for piece in heads:
            printed = text[piece.start : piece.end]
            for match in re.finditer(rf"({DATE_PATTERN})[^。）)\d]{{0,60}}?{word}", printed):
                value = iso_date(match[1])
                if value:
                    start = piece.start + match.start(1)
                    return MetadataField(value, start, start + len(match[1]))
    return _NONE


def _issuer(
    text: str,
    pieces: Sequence[Piece],
    signature: Sequence[Piece],
    titles: tuple[tuple[int, int] | None, tuple[int, int] | None],
) -> MetadataField:
    if signature:
        names = [_joint(text[p.start : p.end]) for p in signature]
        return MetadataField("、".join(names), signature[0].start, signature[-1].end)
    for span in titles:
        if span is None:
            continue
        match = _ISSUER_IN_TITLE.match(text, *span)
        if match and _ORGAN_END.search(squeezed(match["issuer"])):
            return MetadataField(_joint(match["issuer"]), *match.span("issuer"))
    return _masthead(text, pieces) or _from_order(text, pieces) or _congress(text, pieces)


def _joint(printed: str) -> str:
    """Several issuers set apart by white space, joined with 、; a wrapped name is joined without."""
    names = re.split(rf"[{SPACES}\n]+", printed.strip())
    whole = all(_ORGAN_END.search(name) and len(name) > 2 for name in names)
    return "、".join(names) if whole else "".join(names)


def _masthead(text: str, pieces: Sequence[Piece]) -> MetadataField | None:
    """发文机关标志, on one line or two, without 文件."""
    for index, piece in enumerate(pieces[:8]):
        if piece.kind != "masthead":
            continue
        match = re.search(rf"[{SPACES}]*文[{SPACES}]*件$", text[piece.start : piece.end])
        end = piece.start + match.start() if match else piece.end
        start = piece.start
        if index and pieces[index - 1].kind == "organ":
            start = pieces[index - 1].start
        return _field(text, (start, end))
    return None


_CONGRESS = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{0,12}?(?:第[一二三四五六七八九十]{1,3}届)?[\u4e00-\u9fff]{0,6}?人民代表大会(?:常务委员会)?)(?:第[一二三四五六七八九十百]{1,4}(?:次)?会议)"
)


def _congress(text: str, pieces: Sequence[Piece]) -> MetadataField:
    """山东省人民代表大会常务委员会 of 山东省第十二届人民代表大会常务委员会第…次会议通过."""
    for piece in pieces:
        match = _CONGRESS.search(text, piece.start, piece.end)
        if match and piece.kind == "skip":
            start, end = match.span("name")
            while text[start] in "日月":
                start += 1
            value = re.sub("第[一二三四五六七八九十]{1,3}届", "", squeezed(text[start:end]))
            return MetadataField(value, start, end)
    return _NONE


def _from_order(text: str, pieces: Sequence[Piece]) -> MetadataField | None:
    """国务院 of 中华人民共和国国务院令第514号."""
    for piece in pieces:
        match = _ORDER_ORGAN.search(text, piece.start, piece.end)
        if match and piece.kind != "sentence" and ORGAN.fullmatch(match["organ"]):
            return _field(text, match.span("organ"))
    return None


def _recipients(text: str, pieces: Sequence[Piece], body: int | None) -> MetadataField:
    if body is None:
        return _NONE
    piece = pieces[body]
    return _field(text, (piece.start, piece.end - 1))


def _copies(text: str) -> MetadataField:
    match = _COPIES.search(text, max(0, len(text) - 3000))
    if match is None:
        return _NONE
    start, end = match.span("copies")
    return _field(text, (start, start + len(text[start:end].rstrip(SPACES + "。\n"))))
