"""Clause references as people speak and write them: 二（三）1, 第二部分第三块的第2小点, 2.1.4, 最后一条."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.datatypes import Clause, Document, Path
from assistant.outline import Outline
from assistant.text import index_form

_NUMERAL = r"[〇零一二两三四五六七八九十百\d]{1,6}"
_LEVEL = r"(?:大|小)?(?:部分|块|项|点|条|章|编|节|款|段|层|目)"
_TOKEN = re.compile(
    rf"(?:(?P<ordinal>第)|(?<![那这哪每几]))(?P<spoken>{_NUMERAL})个?(?P<level>{_LEVEL})"
    rf"|[（(](?P<bracket>{_NUMERAL})[）)]"
    rf"|第(?P<bare>{_NUMERAL})(?=第|[（(])"
    rf"|(?P<top>{_NUMERAL})(?=[、.．的里\s]{{0,2}}[（(]{_NUMERAL}[）)])"
    rf"|(?<=[）)])[、.．的第\s]{{0,2}}(?P<last>{_NUMERAL})"
)
_FILLER = re.compile(r"(?:里头|里面|下面|当中|那个|这个|部分|[的里下中之那这第节块、，,\s]){0,3}")
_DECIMAL = re.compile(
    r"(?<![\d.])\d{1,2}(?:\.\d{1,2}){1,4}(?![\d.%％]|万|亿|元)|(?<![\d-])\d{1,2}(?:[-－—]\d{1,2}){2,4}(?![\d-])"
)
_RELATIVE = re.compile(
    rf"(?P<last>最后|末尾|末)一?(?:个)?{_LEVEL}|倒数第(?P<back>{_NUMERAL})(?:个)?{_LEVEL}|(?P<first>头一|打头)(?:个)?{_LEVEL}"
)
_OUTER_LAST = re.compile(r"(?:最后|末)(?:一|那)?(?:一|个)?(?:大)?(?:部分|块|章)")
_STEP = re.compile(
    r"(?P<next>下|后)(?:面)?(?:一)?(?:个)?(?:条|项|点|款|小点)|(?:上|前)(?:面)?(?:一)(?:个)?(?:条|项|点|款|小点)"
)
# 「二点一点五」 is 2.1.5 said aloud; 「三点五」 alone is a number.
_ALOUD = re.compile(r"[一二三四五六七八九十]{1,3}(?:点[一二三四五六七八九十]{1,3}){2,4}")
_INNER_LEVELS = frozenset({"条", "项", "点", "款", "小点", "小项", "小条"})
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


@dataclass(frozen=True, slots=True)
class Reference:
    """A clause reference in a question.

    Attributes:
        start: Where its words begin.
        end: Where they end.
        ordinals: One number per level, outermost first.
        level: The level word of a reference of one number (条 names an article wherever it stands).
    """

    start: int
    end: int
    ordinals: tuple[int, ...]
    level: str = ""

    @property
    def is_relative(self) -> bool:
        """Whether it counts within a section named otherwise: 「农民工那块的第三条」."""
        return len(self.ordinals) == 1 and self.level in _INNER_LEVELS


def numeral_value(item: str) -> int:
    """The number in a path item: ``（十二）`` → 12, ``第一百零二条`` → 102, ``2.1`` → 1; 0 without one."""
    found = re.findall(_NUMERAL, item)
    if not found:
        return 0
    numeral = found[-1]
    if numeral.isdecimal():
        return int(numeral)
    total, digit = 0, 0
    for character in numeral:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = int(character) if character.isdecimal() else _DIGITS[character]
    return total + digit


def label_key(label: str) -> str:
    """A label without what people write differently: ``二、(三)1.`` → ``二(三)1``."""
    return re.sub(r"[、.．。,，\s]+(?=$|[(第])|(?<=\))[、.．\s]+|[、，．\s]", "", index_form(label))


def find_references(question: str) -> list[Reference]:
    """References with numbers, in order of appearance."""
    decimals = [
        Reference(match.start(), match.end(), tuple(map(int, re.findall(r"\d+", match.group()))))
        for match in _DECIMAL.finditer(question)
    ]
    aloud = [
        Reference(match.start(), match.end(), tuple(map(numeral_value, match.group().split("点"))))
        for match in _ALOUD.finditer(question)
    ]
    if aloud:
        return aloud
    return sorted([*decimals, *_spoken(question)], key=lambda reference: reference.start)


def _spoken(question: str) -> Iterator[Reference]:
    chain: list[re.Match[str]] = []
    for match in _TOKEN.finditer(question):
        # 「第三条、第五条」 are two clauses, not one inside the other.
        same_level = bool(chain) and match["level"] is not None and chain[-1]["level"] == match["level"]
        if chain and not same_level and _FILLER.fullmatch(question, chain[-1].end(), match.start()):
            chain.append(match)
            continue
        yield from _accept(chain)
        chain = [match]
    yield from _accept(chain)


def _accept(chain: list[re.Match[str]]) -> Iterator[Reference]:
    # Something must say that it is a reference: 「第五条」, 「（五）」, 「二大项」; 「五条」 is a count.
    said = [
        match
        for match in chain
        if match["ordinal"] or match["bracket"] or (match["level"] or "")[:1] in "大小"
    ]
    if not [match for match in said if match["level"] is not None or match["bracket"]]:
        return
    if len(chain) == 1 and not (chain[0]["ordinal"] or _is_label(chain[0])):
        return
    numbers = tuple(numeral_value(next(filter(None, match.group("spoken", "bracket", "bare", "top", "last"))))
                    for match in chain)  # fmt: skip
    level = (chain[0]["level"] or "") if len(chain) == 1 else ""
    yield Reference(chain[0].start(), chain[-1].end(), numbers, level)


def _is_label(match: re.Match[str]) -> bool:
    """Whether a lone bracketed number is a clause: 「（三）」, but not the ``(1)`` of ``alert(1)``."""
    bracket = match["bracket"]
    before = match.string[match.start() - 1 : match.start()]
    return bool(bracket) and not (bracket.isdecimal() and before.isascii() and before.isalnum())


def relative_ordinal(question: str) -> int:
    """1 for 头一条, -1 for 最后一条, -2 for 倒数第二条 …; 0 when the question counts from no end."""
    match = _RELATIVE.search(_OUTER_LAST.sub("", question))
    if match is None:
        return 0
    if match["first"]:
        return 1
    return -1 if match["last"] else -numeral_value(match["back"])


def names_last_section(question: str) -> bool:
    """Whether the question speaks of the last top-level section: 「最后那部分」."""
    return bool(_OUTER_LAST.search(question))


def step(question: str) -> int:
    """1 for 下一条, -1 for 上一条, 0 for neither."""
    match = _STEP.search(question)
    if match is None:
        return 0
    return 1 if match["next"] else -1


def resolve(reference: Reference, document: Document) -> Path:
    """The path a reference names in a document; () when there is no such clause.

    Numbers are matched level by level. Where numbering runs on across sections, a level may be left
    out: 第二章第十条 and 第十条 name the same article.
    """
    if reference.level == "条":
        named = [
            clause
            for clause in document.clauses
            if clause.path[-1] == _article(clause, reference.ordinals[0])
        ]
        if named:
            return named[0].path
    outline = Outline(document)
    candidates = [clause for clause in document.clauses if len(clause.path) == 1]
    clause: Clause | None = None
    for ordinal in reference.ordinals:
        clause = _numbered(candidates, ordinal) or _numbered(_below(clause, document), ordinal)
        if clause is None:
            return ()
        candidates = outline.children((clause.part, clause.path))
    return clause.path if clause else ()


def _article(clause: Clause, ordinal: int) -> str:
    last = clause.path[-1]
    return last if last.endswith("条") and numeral_value(last) == ordinal else ""


def _numbered(clauses: list[Clause], ordinal: int) -> Clause | None:
    return next((clause for clause in clauses if numeral_value(clause.path[-1]) == ordinal), None)


def _below(clause: Clause | None, document: Document) -> list[Clause]:
    depth = len(clause.path) if clause else 0
    inside = clause.path if clause else ()
    return [each for each in document.clauses if len(each.path) == depth + 2 and each.path[:depth] == inside]
