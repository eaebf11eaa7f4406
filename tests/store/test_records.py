import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.chunking import ClauseSplitter
from assistant.datatypes import (
    Chunk,
    Clause,
    Deadline,
    Document,
    Duty,
    Metadata,
    MetadataField,
)
from assistant.parsing import parse_text
from assistant.store.records import read_chunks, read_documents, write_lines
from samples import BICYCLES, LIBRARIES

# No surrogates: a file in UTF-8 cannot hold them, and no reader produces them.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBER = st.integers(0, 10**9)
PATH = st.lists(TEXT, max_size=3).map(tuple)
FIELD = st.builds(MetadataField, TEXT, NUMBER, NUMBER)
DOCUMENT = st.builds(
    Document,
    id=TEXT,
    file=TEXT,
    text=TEXT,
    metadata=st.builds(
        Metadata,
        *[FIELD] * 6,
        basis=st.lists(FIELD, max_size=2).map(tuple),
        effective=FIELD,
        expires=FIELD,
    ),
    first_unit_leads=st.booleans(),
    clauses=st.lists(st.builds(Clause, TEXT, PATH, TEXT, NUMBER, NUMBER), max_size=2).map(tuple),
    duties=st.lists(
        st.builds(
            Duty, TEXT, PATH, TEXT, TEXT, st.sampled_from(["lead", "support", "responsible"]), *[NUMBER] * 5
        ),
        max_size=2,
    ).map(tuple),
    deadlines=st.lists(st.builds(Deadline, TEXT, PATH, TEXT, NUMBER, NUMBER), max_size=2).map(tuple),
    warnings=st.lists(TEXT, max_size=2).map(tuple),
)
CHUNK = st.builds(Chunk, TEXT, TEXT, TEXT, PATH, NUMBER, NUMBER, TEXT)


@settings(max_examples=50, deadline=None)
@given(st.lists(DOCUMENT, max_size=3))
def test_documents_survive_writing_and_reading(tmp_path_factory, documents):
    path = tmp_path_factory.mktemp("records") / "documents.jsonl"
    write_lines(path, documents)
    assert read_documents(path) == documents


@settings(max_examples=50, deadline=None)
@given(st.lists(CHUNK, max_size=3))
def test_chunks_survive_writing_and_reading(tmp_path_factory, chunks):
    path = tmp_path_factory.mktemp("records") / "chunks.jsonl"
    write_lines(path, chunks)
    assert read_chunks(path) == chunks


def test_parsed_documents_survive(tmp_path, corpus_document):
    documents = [
        parse_text(BICYCLES, document_id="a"),
        parse_text(LIBRARIES, document_id="b"),
        corpus_document,
    ]
    write_lines(tmp_path / "documents.jsonl", documents)
    assert read_documents(tmp_path / "documents.jsonl") == documents


def test_one_record_a_line_in_readable_characters(tmp_path):
    document = parse_text(BICYCLES, document_id="自行车")
    chunks = ClauseSplitter(len).chunks(document)
    write_lines(tmp_path / "chunks.jsonl", chunks)
    lines = (tmp_path / "chunks.jsonl").read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    assert [json.loads(line)["id"] for line in lines] == [chunk.id for chunk in chunks]
    assert '"自行车"' in lines[0]


def test_line_separators_inside_a_text_do_not_break_a_record(tmp_path):
    document = replace(parse_text(BICYCLES), text="甲\u2028乙\x85丙\x0c丁\r戊\n己")
    write_lines(tmp_path / "documents.jsonl", [document, document])
    assert read_documents(tmp_path / "documents.jsonl") == [document, document]
