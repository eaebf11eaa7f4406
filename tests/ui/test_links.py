"""Addresses into a document and back."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UsageError
from assistant.ui.links import original_address, read_spans

SPAN = st.tuples(st.integers(0, 500), st.integers(1, 500)).map(lambda each: (each[0], each[0] + each[1]))


@given(st.text(min_size=1, max_size=20), st.lists(SPAN, max_size=5, unique=True))
def test_an_address_is_read_as_it_was_written(document, spans):
    parts = urlsplit(original_address(document, spans))
    query = parse_qs(parts.query, keep_blank_values=True)
    assert query["document"] == [document]
    assert read_spans(query.get("at", []), 1000) == spans
    assert parts.fragment == ("quote" if spans else "")


@pytest.mark.parametrize("text", ["", "5", "5-", "5-5", "6-5", "5-11", "-1-3", "５-６", "a-b", "1-2-3"])
def test_a_place_outside_the_text_is_refused_with_a_way_out(text):
    with pytest.raises(UsageError, match=r"不在这个文件里.*重新提问"):
        read_spans([text], 10)
