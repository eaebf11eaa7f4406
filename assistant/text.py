"""Text for indexing and matching: normal forms, sentences with offsets, jieba segmentation.

The original text is never altered; everything here returns new strings or offsets into the original.
"""

import functools
import logging
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

# Control characters that XML 1.0 excludes; a form feed ends a page in many text files.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_INDEXABLE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fffa-z0-9%.+]")
_BRACKETS = dict(zip("（(〔[【《〈", "）)〕]】》〉", strict=True))
_BRACKET_REACH = 400  # an opening bracket without its partner within this many characters is a slip
_CLOSING_QUOTES = '”’」』"'
_LONGEST_OPENING = 40
_ENTITY = re.compile(r"&#?\w{2,8};$")  # &quot; and the like, left over from a web page, end no sentence
_LONGEST_ENTITY = 11
_END_MARKS = "。！？!?；;"
# A number with its measure at the head of a page goes on with the sentence (1.5万元, 12 月); so does a
# word that begins with a Chinese numeral (一线职工). A line that begins with a full date is a date line.
_MEASURED = r"[\d.]+\s?(?:[%％‰百千万亿元天日月个人次名家所项周倍]|小时|年(?!\s?\d+\s?月\s?\d+\s?日))"
_BULLET = re.compile(
    rf"[ \t\u3000]*(?:——|--|[-•·●■①-⑳]|(?!{_MEASURED})\d|[（(]\s?[一二三四五六七八九十\d]"
    r"|[一二三四五六七八九十]{1,3}\s?[、．.是])"
)


@functools.cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Traditional characters to simplified ones: ``勞務派遣`` → ``劳务派遣``."""
    return str(_converter().convert(writable(text)))


def writable(text: str) -> str:
    r"""Text that every Unicode encoding can write: half a surrogate pair becomes U+FFFD.

    Such halves come from terminals with another encoding and from ``\ud800`` in JSON.
    """
    return _SURROGATE.sub("\ufffd", text)


def printable(text: str) -> str:
    """Text that XML can hold: control characters left out, halves of surrogate pairs replaced."""
    return _UNPRINTABLE.sub("", writable(text))


def index_form(text: str) -> str:
    """The form that is indexed and compared, never quoted: NFKC, lower case, no white space.

    ``（一） 开展 1 次ＡＢ`` → ``(一)开展1次ab``.
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).lower()


def opening(text: str) -> str:
    """The first words of a text, up to a blank or full stop: its name, if it has no title."""
    return re.split(r"[\s。！？]", text.strip(), maxsplit=1)[0][:_LONGEST_OPENING]


def squeeze(text: str) -> tuple[str, list[int]]:
    """Text without white space, and for each remaining character its offset in ``text``."""
    kept = [(character, offset) for offset, character in enumerate(text) if not character.isspace()]
    return "".join(character for character, _ in kept), [offset for _, offset in kept]


def occurrences(term: str, text: str) -> list[tuple[int, int]]:
    """Spans of ``term`` in ``text``, white space inside the text ignored (page ends break words)."""
    needle = squeeze(term)[0]
    if not needle:
        return []
    squeezed, offsets = squeeze(text)
    spans = []
    at = squeezed.find(needle)
    while at >= 0:
        spans.append((offsets[at], offsets[at + len(needle) - 1] + 1))
        at = squeezed.find(needle, at + len(needle))
    return spans


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Spans of the sentences of ``text[start:end]``, white space around them left out.

    A sentence ends at 。！？； outside brackets, or at a line break after one of these or before a
    bullet or a numeral. Other line breaks are page ends in the middle of a sentence. An ASCII full
    stop never ends a sentence (1.5万元).
    """
    end = len(text) if end is None else end
    spans = []
    begin = at = start
    while at < end:
        character = text[at]
        if character in _BRACKETS:
            at = _closing(text, at, end)
        elif character in _END_MARKS:
            while at + 1 < end and text[at + 1] in _CLOSING_QUOTES:
                at += 1
        if character == ";" and _ENTITY.search(text, max(begin, at - _LONGEST_ENTITY), at + 1):
            at += 1
            continue
        line_end = text[at] == "\n" and _line_ends_sentence(text, begin, at, end)
        if line_end or character in _END_MARKS:
            spans.append((begin, at + 1))
            begin = at + 1
        at += 1
    spans.append((begin, end))
    trimmed = (trim(text, *span) for span in spans)
    return [span for span in trimmed if span[0] < span[1]]


def _closing(text: str, at: int, end: int) -> int:
    """Offset of the bracket that closes the one at ``at``; ``at`` itself when there is none nearby."""
    expected = [_BRACKETS[text[at]]]
    for offset in range(at + 1, min(end, at + _BRACKET_REACH)):
        character = text[offset]
        if character in _BRACKETS:
            expected.append(_BRACKETS[character])
        elif character == expected[-1]:
            expected.pop()
            if not expected:
                return offset
    return at


def _line_ends_sentence(text: str, begin: int, at: int, end: int) -> bool:
    before = text[begin:at].rstrip()
    if not before or before[-1] in _END_MARKS + "：:" or "\t" in before:
        return True
    following = at + 1
    while following < end and text[following] == "\n":
        following += 1
    return bool(_BULLET.match(text, following, end))


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


class Segmenter:
    """jieba with its own dictionary object, so that added words stay inside this package.

    Without the HMM model jieba knows only dictionary words: the same words everywhere, and unknown
    names fall apart into characters, which the bigrams then join.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        import jieba

        jieba.setLogLevel(logging.WARNING)
        self._jieba: Any = jieba.Tokenizer()
        self._jieba.initialize()
        for word in words:
            self._jieba.add_word(word)

    def words(self, text: str) -> list[str]:
        """Dictionary words of ``text`` in order; punctuation dropped."""
        return [word for word in self._jieba.lcut(index_form(text), HMM=False) if _INDEXABLE.search(word)]

    def pieces(self, text: str) -> list[str]:
        """Words and whatever stands between them, as printed: joined they are the text again."""
        return list(self._jieba.lcut(text, HMM=False))

    def frequency(self, word: str) -> int:
        """Occurrences of ``word`` in jieba's corpus of general Chinese; 0 when it is no word."""
        return int(self._jieba.FREQ.get(word, 0))

    def tokens(self, text: str) -> list[str]:
        """What BM25 counts: jieba search-mode words, then character bigrams of Chinese runs.

        ``工资支付`` → ``工资 支付 工资 资支 支付``: a word counts twice, a chance pair once.
        """
        form = index_form(text)
        words = [word for word in self._jieba.lcut_for_search(form, HMM=False) if _INDEXABLE.search(word)]
        return words + bigrams(form)


def bigrams(text: str) -> list[str]:
    """Adjacent character pairs inside runs of Chinese characters: ``农民工a资`` → ``农民 民工``."""
    return [run[i : i + 2] for run in _CJK.findall(text) for i in range(len(run) - 1)]
