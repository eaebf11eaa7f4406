import re

import pytest

from assistant import errors

CLASSES = {
    name: value
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, Exception)
}


def drawn():
    """``(class, parent, exit code, HTTP status)`` of the docstring's tree; codes where given."""
    found, stack = [], []
    for line in errors.__doc__.splitlines():
        match = re.match(r"([ │├└─]*)(\w+Error_?)\b(.*)", line)
        if match:
            depth = len(match[1])
            while stack and stack[-1][0] >= depth:
                stack.pop()
            codes = re.search(r"exit (\d), HTTP (\d{3})", match[3])
            found.append(
                (match[2], stack[-1][1] if stack else None, codes and tuple(map(int, codes.groups())))
            )
            stack.append((depth, match[2]))
    return found


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes():
    assert {name for name, _, _ in drawn()} == set(CLASSES)
    assert len(drawn()) == len(CLASSES)
    for name, parent, _ in drawn():
        assert CLASSES[name].__base__.__name__ == (parent or "Exception")


@pytest.mark.parametrize(("name", "parent", "codes"), drawn())
def test_codes_are_those_of_the_docstring(name, parent, codes):
    found = (CLASSES[name].exit_code, CLASSES[name].http_status)
    if codes:
        assert found == codes
    elif parent:
        assert found == (CLASSES[parent].exit_code, CLASSES[parent].http_status)
