import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.chunking import ClauseSplitter
from assistant.outline import Outline
from assistant.parsing import parse_text
from samples import BICYCLES, CORPUS_FILE, REPEATED, SHARED

NUMERALS = (
    "一、",
    "二、",
    "三、",
    "（一）",
    "（二）",
    "（三）",
    "1、",
    "2、",
    "3．",
    "（1）",
    "①",
    "第一条 ",
    "",
)
PIECES = (
    "加快建设",
    "补助1.5万元",
    "（含乡镇。不含村）",
    "每月开展1次",
    "。",
    "；",
    "：",
    "\n",
    "（责任单位：人社局、教育局）",
)


@st.composite
def policies(draw):
    """Texts that look like policies, with numerals in any order, repeated and skipped."""
    lines = []
    for _ in range(draw(st.integers(0, 12))):
        words = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6))
        lines.append(draw(st.sampled_from(NUMERALS)) + "".join(words))
    return "关于某项工作的实施方案\n\n" + "\n".join(lines)


def innermost(document, offset):
    """Reference: the shortest clause that holds the offset."""
    holding = [clause for clause in document.clauses if clause.start <= offset < clause.end]
    return min(holding, key=lambda clause: clause.end - clause.start, default=None)


def check(document, chunks):
    """Chunks tile the clauses: every letter and figure outside the annotations is in exactly one chunk, and
    that chunk belongs to the innermost clause which holds the character."""
    annotated = {
        offset for duty in document.duties for offset in range(duty.annotation_start, duty.annotation_end)
    }
    holders = {}
    for chunk in chunks:
        for offset in range(chunk.start, chunk.end):
            holders.setdefault(offset, []).append(chunk)
    for offset, character in enumerate(document.text):
        held = holders.get(offset, [])
        if character.isalnum() and offset not in annotated:
            assert len(held) == 1, f"{character} at {offset} is in {len(held)} chunks"
        if held and not character.isspace():
            clause = innermost(document, offset)
            home = (clause.part, clause.path) if clause else ("", ())
            assert [(chunk.part, chunk.path) for chunk in held] == [home]


def check_sentences(document, chunks):
    outline = Outline(document)
    for clause in (None, *document.clauses):
        for start, end in outline.own_sentences(clause):
            assert sum(chunk.start <= start and end <= chunk.end for chunk in chunks) == 1


@settings(deadline=None, max_examples=60)
@given(policies(), st.integers(1, 60))
def test_chunks_tile_the_clauses_of_any_text(text, size):
    document = parse_text(text, document_id="d")
    chunks = ClauseSplitter(len, chunk_size=size).chunks(document)
    check(document, chunks)
    check_sentences(document, chunks)
    assert len({chunk.id for chunk in chunks}) == len(chunks)


@pytest.mark.parametrize("text", [BICYCLES, REPEATED, CORPUS_FILE.read_text(encoding="utf-8")])
@pytest.mark.parametrize("size", [1, 30, 10_000])
def test_chunks_tile_the_clauses_of_known_documents(text, size):
    document = parse_text(text, document_id="d")
    chunks = ClauseSplitter(len, chunk_size=size).chunks(document)
    check(document, chunks)
    check_sentences(document, chunks)


@pytest.mark.shared
def test_chunks_tile_the_clauses_of_real_documents():
    paths = sorted(SHARED.glob("policies/*.txt"))
    assert paths
    for path in paths:
        document = parse_text(path.read_text(encoding="utf-8"), document_id=path.stem)
        check(document, ClauseSplitter(len, chunk_size=120).chunks(document))


def test_chunks_by_value():
    document = parse_text(BICYCLES, document_id="自行车")
    chunks = ClauseSplitter(len, chunk_size=45).chunks(document)
    found = [BICYCLES[each.start : each.end] for each in chunks if each.path == ("二", "（一）", "1")]
    assert found == [
        "1、优化站点布局。市城管局要会同有关部门，在学校、医院、车站周边设置站点。",
        "每个站点补助1.5万元；偏远\n乡镇站点（含行政村。不含自然村）补助2万元。",
    ]
    first = next(each for each in chunks if each.path == ("二", "（一）", "1"))
    assert first.context == "关于推进公共自行车便民服务的实施方案 主要任务 加快站点建设 优化站点布局"
    assert first.document == "自行车"
    assert first.id == f"自行车#{first.start}-{first.end}"
    assert first.start == BICYCLES.index("1、优化")


@pytest.mark.parametrize(
    ("text", "title", "contexts"),
    [
        # A text without a title is called by its first words.
        ("电动自行车不得停在楼道。违者罚款。\n", "", ["电动自行车不得停在楼道"]),
        (f"{'楼道' * 30}。违者罚款。\n", "", ["楼道" * 20]),
        (
            "关于停放的通知\n\n一、停放要求。不得占道。\n",
            "关于停放的通知",
            ["关于停放的通知", "关于停放的通知 停放要求"],
        ),
    ],
)
def test_the_context_of_a_text_without_title_is_its_opening(text, title, contexts):
    document = parse_text(text, document_id="d")
    assert document.metadata.title.value == title
    assert [each.context for each in ClauseSplitter(len).chunks(document)] == contexts


def test_a_chunk_ends_where_the_next_sentence_would_take_it_over_the_size():
    text = "一、工作要求\n\n" + "".join(f"第{number}组按时完成任务。" for number in "甲乙丙丁")
    document = parse_text(text, document_id="d")

    def sizes(size):
        chunks = ClauseSplitter(len, chunk_size=size).chunks(document)
        return [len(text[each.start : each.end]) for each in chunks if each.path == ("一",)]

    # 一、工作要求 and its line break are 8 characters (no sentence end: they open the first sentence or
    # stand alone), each sentence is 10.
    assert sum(sizes(10_000)) == len(text)
    assert sizes(20)[-2:] == [20, 10]
    assert sizes(19)[-3:] == [10, 10, 10]
    # A sentence longer than the size stays whole.
    assert sizes(3)[-3:] == [10, 10, 10]


def test_text_before_and_after_sub_clauses_never_joins():
    document = parse_text(BICYCLES, document_id="d")
    preamble = [each for each in ClauseSplitter(len, chunk_size=10_000).chunks(document) if each.path == ()]
    assert [BICYCLES[each.start : each.end][-8:] for each in preamble] == ["行，制定本方案。", "022年5月8日"]


def test_the_preamble_comes_first_then_the_clauses_in_their_order():
    document = parse_text(BICYCLES, document_id="d")
    paths = [each.path for each in ClauseSplitter(len, chunk_size=40).chunks(document)]
    order = [(), *(clause.path for clause in document.clauses)]
    assert sorted(paths, key=order.index) == paths
    assert set(paths) == set(order)


def test_as_a_langchain_splitter_it_gives_the_texts_of_its_chunks():
    splitter = ClauseSplitter(len, chunk_size=45)
    chunks = splitter.chunks(parse_text(BICYCLES))
    assert splitter.split_text(BICYCLES) == [BICYCLES[each.start : each.end] for each in chunks]
    documents = splitter.create_documents([BICYCLES], [{"file": "a.txt"}])
    assert [each.page_content for each in documents] == splitter.split_text(BICYCLES)


def test_no_text_has_no_chunks():
    assert ClauseSplitter(len).chunks(parse_text("")) == []
