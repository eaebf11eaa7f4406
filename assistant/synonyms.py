"""Everyday words and the official words they stand for, from a data file that users can extend."""

from importlib import resources
from pathlib import Path

from assistant.errors import DataFileError

_MAX_WEIGHT = 1.0
_SHIPPED = ("paraphrases.txt", "synonyms.txt")  # the second, made by hand, overrules the first


class Synonyms:
    """Expansion of a question by official wording.

    File format, one group a line: ``口语词 口语词 => 公文词 公文词:0.6``; ``#`` starts a comment. Each
    word on the left is expanded by each on the right, with weight 1 unless one is given.
    """

    def __init__(self, entries: dict[str, dict[str, float]]) -> None:
        self._entries = entries
        self._longest = max(map(len, entries), default=0)

    @classmethod
    def load(cls, user_file: Path | None = None) -> "Synonyms":
        """Read the shipped files and, on top of them, the user's.

        Raises:
            DataFileError: A line that is not of the format, or a file that cannot be read.
        """
        entries: dict[str, dict[str, float]] = {}
        for name in _SHIPPED:
            shipped = resources.files("assistant") / "data" / name
            _read(shipped.read_text(encoding="utf-8"), name, entries)
        if user_file is not None:
            try:
                text = user_file.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                raise DataFileError(
                    f"同义词文件无法读取：{user_file}（{error}）。应为 UTF-8 文本。"
                ) from error
            _read(text, str(user_file), entries)
        return cls(entries)

    def expand(self, text: str) -> dict[str, dict[str, float]]:
        """Everyday words found in ``text``, each with its official words and their weights.

        At each place the longest everyday word wins; a word inside another one does not count.
        """
        found: dict[str, dict[str, float]] = {}
        at = 0
        while at < len(text):
            for length in range(min(self._longest, len(text) - at), 0, -1):
                word = text[at : at + length]
                if word in self._entries:
                    found[word] = self._entries[word]
                    at += length - 1
                    break
            at += 1
        return found

    def vocabulary(self) -> set[str]:
        """All words of the file, both sides."""
        return set(self._entries).union(*self._entries.values())


def _read(text: str, name: str, entries: dict[str, dict[str, float]]) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        content = line.split("#", 1)[0].strip()
        if not content:
            continue
        left, arrow, right = content.partition("=>")
        if not arrow or not left.split() or not right.split():
            raise DataFileError(f"{name} 第 {number} 行：应为“口语词 => 公文词”，实际是“{line.strip()}”。")
        official = dict(_weighted(word, name, number) for word in right.split())
        for everyday in left.split():
            entries.setdefault(everyday, {}).update(official)


def _weighted(word: str, name: str, number: int) -> tuple[str, float]:
    official, colon, weight = word.partition(":")
    if not colon:
        return official, _MAX_WEIGHT
    try:
        value = float(weight)
    except ValueError as error:
        raise DataFileError(f"{name} 第 {number} 行：“{word}”的权重应为 0 到 1 之间的数。") from error
    if not official or not 0 < value <= _MAX_WEIGHT:
        raise DataFileError(f"{name} 第 {number} 行：“{word}”的权重应为 0 到 1 之间的数。")
    return official, value
