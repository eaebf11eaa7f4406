"""A little of what ``eval/reliability/fuzz.py`` does for minutes, and the cases that were found."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from . import fuzzing

QUIET = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = st.sampled_from(
    [
        "一、",
        "（一）",
        "第三条",
        "附件1",
        "责任单位：",
        "财政局",
        "自行车",
        "？",
        "由谁负责",
        "多少",
        "呢",
        "《",
        "\u2028",
        "\x00",
        "\ud800",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=30).map("".join))
PIECES = st.sampled_from(
    [b"PK\x03\x04", b"%PDF-1.7\n", b"<html>", b"{\\rtf1", b"\xff\xfe", b"<p>\xd2\xbb", b"\x00"]
)
BYTES = st.one_of(st.binary(max_size=300), st.lists(st.one_of(PIECES, st.binary(max_size=20))).map(b"".join))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
REQUESTS = st.fixed_dictionaries({}, optional={"question": VALUES, "history": VALUES, "document": VALUES})


def encoded(request):
    """The body of a request."""
    return json.dumps(request).encode()


@QUIET
@given(TEXTS)
def test_any_text_parses(text):
    fuzzing.parse(text)


@QUIET
@given(st.sampled_from(fuzzing.SUFFIXES), BYTES)
def test_any_file_is_read_or_refused(suffix, data):
    fuzzing.read(suffix, data)


@QUIET
@given(TEXTS, st.lists(TEXTS, max_size=2))
def test_any_question_is_answered(text, history):
    fuzzing.ask(text, history)


@QUIET
@given(st.one_of(BYTES, REQUESTS.map(encoded)))
def test_any_request_is_answered(body):
    fuzzing.call(body)


@QUIET
@given(st.integers(0, 10_000), BYTES)
def test_any_damage_to_an_index_is_noticed(place, data):
    fuzzing.load(place, data)


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"a":' * 100_000, b"\x00", b"null", b"[]", b"1e999"])
def test_a_manifest_of_any_shape_is_damage(data):
    for place in range(12):
        fuzzing.load(3 * place + 1, data)
