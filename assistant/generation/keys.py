"""Evidence keys in what a model writes: every style of bracket, and sentences with their keys."""

import re
import unicodedata
from collections.abc import Iterator

_DIGITS = r"[0-9０-９]{1,2}"
_JOIN = r"\s*[,，、;；\-–—~～至和及&]\s*"
_ONE = rf"(?:(?:证据|编号|依据|来源|引用)\s*)?\^?{_DIGITS}"  # follows \s*: two in a row would be slow
_LIST = rf"\s*{_ONE}(?:{_JOIN}{_ONE})*\s*"
_SUPERSCRIPTS = "¹²³⁰⁴⁵⁶⁷⁸⁹"
# Round brackets also number items (（1）建设…): keys stand behind words and before a mark or the end.
_KEY = re.compile(
    rf"\[{{1,2}}{_LIST}(?:†[^\]]*)?\]{{1,2}}|【{_LIST}(?:†[^】]*)?】|［{_LIST}］|〔{_LIST}〕"
    rf"|(?<=[^\n])[(（]{_LIST}[)）](?=\s*(?:$|[。！？!?；;，,、\n]|[\[【［(（〔^]))"
    rf"|<sup>\s*\[?{_LIST}\]?\s*</sup>|\^\{{?\[?{_LIST}\]?\}}?|[{_SUPERSCRIPTS}]+"
)
_SPACED_KEY = re.compile(rf"\s*(?:{_KEY.pattern})")
_KEYS = re.compile(rf"(?:\s*(?:{_KEY.pattern}))*")
_PARTS = re.compile(rf"({_DIGITS})(?:\s*[\-–—~～至]\s*({_DIGITS}))?")
_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_OPENING, _CLOSING = "“「『《", "”」』》"
_MARKS = "。！？!?"
_MAY_BEGIN_KEY = "[【［(（〔^<" + _SUPERSCRIPTS
_LONGEST_KEY = 40


def read_keys(sentence: str) -> tuple[str, tuple[int, ...]]:
    """The words of a sentence, and the keys it carries, each once in order.

    ``每户3000元【1】[2,3]。`` → ``("每户3000元。", (1, 2, 3))``.
    """
    keys: list[int] = []
    for found in _KEY.finditer(sentence):
        for low, high in _PARTS.findall(unicodedata.normalize("NFKC", found[0])):
            keys += range(int(low), int(high or low) + 1)
    return _SPACED_KEY.sub("", sentence).strip(), tuple(dict.fromkeys(keys))


class SentenceReader:
    """Cuts a growing text into sentences; the keys behind a full stop belong to the sentence before it.

    What a model thinks aloud (``<think>``) is left out.
    """

    def __init__(self) -> None:
        self._raw = ""
        self._taken = 0

    def feed(self, piece: str) -> Iterator[str]:
        """Take the next piece of the text; the sentences that are complete with it."""
        self._raw += piece
        yield from self._complete(final=False)

    def close(self) -> Iterator[str]:
        """The sentences that are left when the text has ended."""
        yield from self._complete(final=True)

    def _complete(self, *, final: bool) -> Iterator[str]:
        text = _THOUGHT.sub("", self._raw)
        if not final and "<think>".startswith(text.strip()):
            return  # a thought may be about to begin
        while (end := _sentence_end(text, self._taken, final=final)) is not None:
            sentence = text[self._taken : end].strip()
            self._taken = end
            if sentence:
                yield sentence


def _sentence_end(text: str, start: int, *, final: bool) -> int | None:
    """End of the first sentence from ``start``, keys behind it included; None while it may go on."""
    depth = 0
    for at in range(start, len(text)):
        character = text[at]
        depth += (character in _OPENING) - (character in _CLOSING and depth > 0)
        ends = character == "\n" or (character in _MARKS and not depth)
        quoted = character in _CLOSING and not depth and at > start and text[at - 1] in _MARKS
        if not ends and not quoted:
            continue
        found = _KEYS.match(text, at + 1)
        end = found.end() if found else at + 1
        if not final and _is_open(text, end):
            return None
        if ends or end > at + 1:
            return end
    return len(text) if final and start < len(text) else None


def _is_open(text: str, end: int) -> bool:
    """Whether a key may still follow at ``end``."""
    rest = text[end:].lstrip()
    return not rest or (rest[0] in _MAY_BEGIN_KEY and len(rest) < _LONGEST_KEY)
