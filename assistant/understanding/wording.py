"""Questions as typed → as meant: traditional characters, pinyin, homophones from input methods and dictation."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.text import simplify

_LATIN = re.compile(r"[a-z]+")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_LONGEST_SLIP = 4
# Characters that stand alone in ordinary questions: a run of nothing but these is no slip.
_FUNCTION = frozenset(
    "我你他她它咱俺您的地得了着过吗呢吧啊呀嘛么哦不没有无是在也都就还又再才只很太最更挺和与跟同或及而但把被让给对向往"
    "从到由按以于因为所这那此该各某每哪谁啥咋几多少上下里中内外前后左右大小好行要想能会可应需说讲问看听写来去做干办搞弄管归"
    "一二三四五六七八九十百千万两个条项章节款份家名次号种样类位处回遍句点块天年月日元钱人事用找交报出进开发分"
)
#: Words of questions about duties that no document need contain.
ASKING_WORDS = [
    "负责",
    "牵头",
    "配合",
    "责任",
    "单位",
    "责任单位",
    "牵头单位",
    "配合单位",
    "部门",
    "哪些",
    "哪个",
    "什么",
    "怎么",
    "怎么办",
    "多少",
    "百分之几",
    "几条",
    "任务",
    "条款",
    "规定",
    "文件",
    "方案",
    "政策",
    "提取",
    "发放",
    "补贴",
    "工资",
    "归谁管",
    "谁",
    "有没有",
    "是不是",
    "能不能",
    "可以",
    "内容",
    "区别",
    "截止",
    "什么时候",
    "放宽",
    "按",
    "申请",
    "享受",
    "待遇",
]


@dataclass(frozen=True, slots=True)
class Repaired:
    """A question after repair.

    Attributes:
        text: The question as understood.
        changes: ``(typed, meant)`` of each repaired slip.
    """

    text: str
    changes: tuple[tuple[str, str], ...] = ()


def plain(question: str) -> str:
    """Full-width letters and digits to half width, traditional to simplified, spaces at the ends off."""
    folded = "".join(
        unicodedata.normalize("NFKC", character) if "\uff01" <= character <= "\uff5e" and character.isalnum()
        else character
        for character in question
    )  # fmt: skip
    return simplify(folded).strip()


class SlipRepairer:
    """Finds words typed by sound.

    Only what is no word of general Chinese is repaired, and only to words that the documents, the
    units or questions use; of several the most frequent wins.

    Args:
        vocabulary: Words that may be meant, with how often the documents use them.
        words: Segments text into dictionary words.
        is_word: Whether a string is a word of general Chinese.
    """

    def __init__(
        self, vocabulary: dict[str, int], words: Callable[[str], list[str]], is_word: Callable[[str], bool]
    ) -> None:
        from pypinyin import lazy_pinyin

        self._sound: Callable[[str], list[str]] = lazy_pinyin
        self._words = words
        self._is_word = is_word
        self._vocabulary = vocabulary
        self._by_sound: dict[tuple[str, ...], str] = {}
        for word in sorted(vocabulary, key=lambda each: (vocabulary[each], each)):
            if len(word) > 1 or word in ASKING_WORDS:
                self._by_sound[tuple(self._sound(word))] = word
        self._syllables = {syllable for sound in self._by_sound for syllable in sound}

    def repair(self, question: str) -> Repaired:
        """Pinyin to characters, then slips to the words of the same sound."""
        if _LATIN.search(question.lower()) and not _CJK.search(question):
            return self._from_pinyin(question.lower())
        text, changes = question, []
        for start, end, word in self._slips(question):
            changes.append((question[start:end], word))
            text = text[:start] + word + text[end:]
        return Repaired(text, tuple(changes))

    def homophones(self, word: str) -> str:
        """A word of the documents that sounds like ``word``; "" when there is none."""
        meant = self._by_sound.get(tuple(self._sound(word)), "")
        return meant if meant != word and len(word) > 1 else ""

    def _slips(self, question: str) -> Iterable[tuple[int, int, str]]:
        """Non-overlapping slips of equal length, so that offsets stay valid while replacing."""
        borders = self._borders(question)
        at = 0
        while at < len(question):
            found = next(
                (
                    (at, at + length, word)
                    for length in range(_LONGEST_SLIP, 1, -1)
                    if at in borders
                    and at + length in borders
                    and (word := self._meant(question[at : at + length]))
                ),
                None,
            )
            if found:
                yield found
            at = found[1] if found else at + 1

    def _borders(self, question: str) -> set[int]:
        borders, at = {len(question)}, 0
        for word in self._words(question):
            at = question.lower().find(word, at)
            if at < 0:
                break
            borders.update((at, at + len(word)))
            at += len(word)
        return borders

    def _meant(self, typed: str) -> str:
        if not all(map(_CJK.match, typed)) or typed in self._vocabulary or self._is_word(typed):
            return ""
        if all(character in _FUNCTION for character in typed) or not self._has_lone_character(typed):
            return ""
        meant = self._by_sound.get(tuple(self._sound(typed)), "")
        return meant if len(meant) == len(typed) else ""

    def _has_lone_character(self, typed: str) -> bool:
        return any(len(word) == 1 and word not in _FUNCTION for word in self._words(typed))

    def _from_pinyin(self, question: str) -> Repaired:
        syllables = [each for word in _LATIN.findall(question) for each in self._split(word)]
        text, at = "", 0
        while at < len(syllables):
            for length in range(min(6, len(syllables) - at), 0, -1):
                word = self._by_sound.get(tuple(syllables[at : at + length]), "")
                if word:
                    text += word
                    at += length
                    break
            else:
                at += 1
        return Repaired(text or question, ((question, text),) if text else ())

    def _split(self, letters: str) -> list[str]:
        """Pinyin without spaces into known syllables, fewest first; [] when it cannot be split."""
        best: list[list[str] | None] = [[]] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 6), end):
                before = best[start]
                if before is not None and letters[start:end] in self._syllables:
                    candidate = [*before, letters[start:end]]
                    if best[end] is None or len(candidate) < len(best[end] or []):
                        best[end] = candidate
        return best[-1] or []
