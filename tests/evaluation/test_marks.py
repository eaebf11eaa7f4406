import pytest

from assistant.evaluation.marks import write_between


def test_only_what_stands_between_the_marks_is_replaced(tmp_path):
    path = tmp_path / "README.md"
    path.write_text(
        "前\n<!-- a -->\n旧\n旧\n<!-- /a -->\n中\n<!-- b -->\n<!-- /b -->\n后\n", encoding="utf-8"
    )
    write_between(path, "a", r"新 \1")
    write_between(path, "b", "又")
    assert path.read_text(encoding="utf-8") == (
        "前\n<!-- a -->\n新 \\1\n<!-- /a -->\n中\n<!-- b -->\n又\n<!-- /b -->\n后\n"
    )


@pytest.mark.parametrize("text", ["", "<!-- a -->\n", "<!-- a -->\n<!-- /a -->\n" * 2])
def test_marks_that_are_missing_or_double_are_an_error(tmp_path, text):
    path = tmp_path / "README.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="expected one passage between the marks of a"):
        write_between(path, "a", "新")
    assert path.read_text(encoding="utf-8") == text
