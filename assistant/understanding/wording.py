"""Questions as typed → as meant: traditional characters, pinyin, homophones of typing and dictation."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.text import simplify

_PINYIN = re.compile(r"[a-z]{2,}(?:\s+[a-z]+)*")
# Initial and final; combinations that do not occur in Mandarin do no harm.
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|ve|er|[aeiouv])"
)
_CJK = re.compile(r"[\u4e00-\u9fff]")
_LONGEST_SLIP = 4
# Characters that stand alone in ordinary questions: no slip contains one of the first kind, none consists
# of the second.
_PARTICLES = frozenset(
    "我你他她它咱俺您的地得了着过吗呢吧啊呀嘛么哦不没是在也都就还又再才只很太最更和与跟或及但把被这那此该哪谁啥咋几"
)
_FUNCTION = _PARTICLES | frozenset(
    "有无同而让给对向往从到由按以于因为所各某每多少上下里中内外前后左右大小好行要想能会可应需说讲问看听写来去做干办搞弄管归"
    "一二三四五六七八九十百千万两个条项章节款份家名次号种样类位处回遍句点块天年月日元钱人事用找交报出进开发分"
)
#: Words of questions about duties that no document need contain.
ASKING_WORDS = tuple(
    """
    负责 牵头 配合 责任 单位 责任单位 牵头单位 部门 任务 条款 规定 文件 方案 政策 提取 发放 补贴
    工资 申请 享受 待遇
    截止 区别 内容 放宽 怎么办 百分之几 多少 哪些 什么 要 按
    """.split()  # noqa: SIM905 - a list of words is easier to read and extend without quotes
)


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
        is_usual: Whether a string is a word of general Chinese or stands in the documents.
    """

    def __init__(
        self, vocabulary: dict[str, int], words: Callable[[str], list[str]], is_usual: Callable[[str], bool]
    ) -> None:
        from pypinyin import lazy_pinyin

        self._sound: Callable[[str], list[str]] = lazy_pinyin
        self._words = words
        self._is_usual = is_usual
        self._vocabulary = vocabulary
        self._by_sound: dict[tuple[str, ...], str] = {}
        for word in sorted(vocabulary, key=lambda each: (vocabulary[each], each)):
            if len(word) > 1 or word in ASKING_WORDS:
                self._by_sound[tuple(self._sound(word))] = word

    def repair(self, question: str, *, protected: Sequence[tuple[int, int]] = ()) -> Repaired:
        """Pinyin to characters, then slips to the words of the same sound; protected spans stay."""
        decoded = self._decode(question)
        if decoded:
            return decoded
        text, changes = question, []
        for start, end, word in self._slips(question):
            if any(start < last and first < end for first, last in protected):
                continue
            changes.append((question[start:end], word))
            text = text[:start] + word + text[end:]
        return Repaired(text, tuple(changes))

    def homophone(self, word: str) -> str:
        """A word of the documents that sounds like ``word``; "" when there is none."""
        if any(each in _FUNCTION for each in word):
            return ""
        meant = self._by_sound.get(tuple(self._sound(word)), "")
        return meant if self._vocabulary.get(meant) and meant != word and len(meant) == len(word) > 1 else ""

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
        if not all(map(_CJK.match, typed)) or typed in self._vocabulary or self._is_usual(typed):
            return ""
        if any(each in _PARTICLES for each in typed) or all(each in _FUNCTION for each in typed):
            return ""
        if all(len(word) > 1 for word in self._words(typed)):
            return ""
        meant = self._by_sound.get(tuple(self._sound(typed)), "")
        return meant if len(meant) == len(typed) else ""

    def _decode(self, question: str) -> Repaired | None:
        """A question with its stretch of pinyin in characters; None without pinyin of two syllables."""
        stretch = _PINYIN.search(question.lower())
        if stretch is None:
            return None
        syllables = [self._split(word) for word in stretch.group().split()]
        if not all(syllables) or sum(map(len, syllables)) < 2:
            return None
        text = self._spell([syllable for word in syllables for syllable in word])
        if not text:
            return None
        meant = question[: stretch.start()] + text + question[stretch.end() :]
        return Repaired(meant, ((stretch.group().strip(), text),))

    def _spell(self, syllables: list[str]) -> str:
        """Longest known words first: nong min gong gong zi → 农民工工资."""
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
        return text

    def _split(self, letters: str) -> list[str]:
        """Pinyin without spaces into syllables, fewest first; [] when it cannot be split."""
        best: list[list[str] | None] = [[]] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 6), end):
                before = best[start]
                if before is not None and _SYLLABLE.fullmatch(letters, start, end):
                    candidate = [*before, letters[start:end]]
                    if best[end] is None or len(candidate) < len(best[end] or []):
                        best[end] = candidate
        return best[-1] or []
