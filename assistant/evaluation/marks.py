"""Generated passages of Markdown files, between ``<!-- name -->`` and ``<!-- /name -->``."""

import re
from pathlib import Path


def write_between(path: Path, name: str, text: str) -> None:
    """Replace what stands between the marks of a name.

    Raises:
        ValueError: The file has no such marks, or several.
    """
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    changed, count = marked.subn(
        lambda match: f"{match[1]}{text}\n{match[2]}", path.read_text(encoding="utf-8")
    )
    if count != 1:
        raise ValueError(f"{path}: expected one passage between the marks of {name}, found {count}")
    path.write_text(changed, encoding="utf-8")
