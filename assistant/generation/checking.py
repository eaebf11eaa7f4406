"""Whether the evidence bears out what a model says, sentence by sentence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.datatypes import Role, Verdict
from assistant.generation.evidence import Evidence
from assistant.generation.quantities import misplaced, quantities, unfounded
from assistant.text import bigrams, index_form, squeeze
from assistant.units import UnitLexicon

_QUOTED = re.compile(r"“([^“”]+)”|「([^「」]+)」|『([^『』]+)』|\"([^\"]+)\"|《([^《》]+)》")
_SUPPORTED = 0.3  # share of a sentence's pairs of characters that its evidence has; rewordings keep more
_UPPER = re.compile(r"不超过|不高于|不多于|不得超过|不得高于|以下|以内|之内|最多|最高|至多|上限")
_LOWER = re.compile(r"不低于|不少于|不得低于|不得少于|以上|至少|最低|最少|起码|下限|(?<!不)(?<!不得)超过")
_BOUNDS = (_UPPER, _LOWER)
_NOT = re.compile(
    r"不(?!仅|断|同|但|论|管|限于|超过|高于|多于|低于|少于|得超过|得高于|得低于|得少于)|未(?!来|成年)|没|无(?![论偿害障])"
    r"|禁止|严禁|取消|停止"
)
_FORBIDDEN = re.compile(r"不得|不能|不可|不准|不予|禁止|严禁")
_ALLOWED = re.compile(r"可以|允许|准许|能够|可(?=[以享申领获免自按在由])")
_YES = re.compile(r"(?:是的|是|对|可以|能|有)[，,。；的]")
_NO = re.compile(r"(?:不是|不可以|不能|不对|否|没有|不)[，,。；是]?")
_LATIN = re.compile(r"[a-z][a-z0-9@:/._%&?=+-]+")  # addresses and abbreviations, in index form
_LABEL = re.compile(r"[一二三四五六七八九十]+[（(][一二三四五六七八九十]+[）)](?:\d+|[（(]\d+[）)])*")
_ROLES: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"牵头"), "lead"),
    (re.compile(r"配合|协助"), "support"),
)


@dataclass(frozen=True, slots=True)
class Checker:
    """Compares sentences with evidence.

    Attributes:
        lexicon: Recognises units.
        units: Units of the documents, recognised as printed.
        verdict: What the extracted answer says to a question for yes or no.
    """

    lexicon: UnitLexicon
    units: frozenset[str]
    verdict: Verdict | None = None

    def fault(self, sentence: str, cited: Sequence[Evidence]) -> str:
        """What is wrong with a sentence, its keys left out, that rests on this evidence; "" if nothing is."""
        return next(self._faults(sentence, cited), "")

    def _faults(self, sentence: str, cited: Sequence[Evidence]) -> Iterator[str]:
        said = "\n".join(each.said for each in cited)
        if (quotation := _altered_quotation(sentence, said)) is not None:
            yield f"quotation not in the evidence: {quotation}"
        plain = sentence
        for each in cited:
            plain = plain.replace(each.citation.label, " ") if each.citation.label else plain
        yield from self._word_faults(plain, said)
        yield from self._unit_faults(sentence, cited, said)
        quotes = "\n".join(each.citation.quote for each in cited)
        if _is_turned(sentence, quotes) or self._contradicts(sentence):
            yield "says the contrary"
        if _support(sentence, said) < _SUPPORTED:
            yield "not about the evidence"

    def _word_faults(self, plain: str, said: str) -> Iterator[str]:
        """Clauses, figures, bounds, addresses and places that the evidence lacks."""
        form = index_form(said)
        if label := _LABEL.search(plain):
            yield f"clause not in the evidence: {label[0]}"
        if figure := unfounded(plain, said):
            yield f"figure not in the evidence: {figure}"
        if figure := misplaced(plain, said):
            yield f"figure of something else: {figure}"
        if quantities(plain) and any(each.search(plain) and not each.search(said) for each in _BOUNDS):
            yield "bound not in the evidence"
        for word in _LATIN.findall(index_form(plain)):
            if word not in form:
                yield f"word not in the evidence: {word}"
        for mention in self.lexicon.find_places(plain):
            if mention.text not in form and mention.place.name not in form:
                yield f"place not in the evidence: {mention.text}"

    def _unit_faults(self, sentence: str, cited: Sequence[Evidence], said: str) -> Iterator[str]:
        squeezed = squeeze(said)[0]
        duties = [duty for each in cited for duty in each.duties]
        for mention in self.lexicon.find_mentions(sentence, self.units):
            named = squeeze(mention.text)[0]
            if named in squeezed or any(self.lexicon.same_unit(named, duty.canonical) for duty in duties):
                continue
            yield f"unit not in the evidence: {mention.text}"
        for part in re.split(r"[，,；;。]", sentence):
            for words, role in _ROLES:
                word = words.search(part)
                if word and squeeze(part)[0] not in squeezed and not _NOT.search(part):
                    yield from self._role_faults(part, word[0], role, cited, squeezed)

    def _role_faults(
        self, part: str, word: str, role: Role, cited: Sequence[Evidence], squeezed: str
    ) -> Iterator[str]:
        duties = [duty for each in cited for duty in each.duties]
        for mention in self.lexicon.find_mentions(part, self.units):
            roles = {duty.role for duty in duties if self.lexicon.same_unit(mention.text, duty.canonical)}
            if roles and role not in roles and f"{mention.text}{word}" not in squeezed:
                yield f"role not in the evidence: {mention.text} {role}"

    def _contradicts(self, sentence: str) -> bool:
        if self.verdict is None:
            return False
        return bool((_NO if self.verdict == "yes" else _YES).match(sentence))


def _altered_quotation(sentence: str, said: str) -> str | None:
    squeezed = squeeze(said)[0]
    for found in _QUOTED.finditer(sentence):
        quoted = found[0][1:-1]
        if squeeze(quoted)[0].strip("。，；、：！？") not in squeezed:
            return quoted
    return None


def _is_turned(sentence: str, evidence: str) -> bool:
    """Whether a sentence denies where nothing is denied, or allows where something is only forbidden."""
    if _NOT.search(sentence):
        return not _NOT.search(evidence)
    allows = _ALLOWED.search(sentence) and not _ALLOWED.search(evidence)
    return bool(allows and _FORBIDDEN.search(evidence))


def _support(sentence: str, said: str) -> float:
    """Share of the sentence's pairs of characters that stand in the evidence."""
    form = index_form(said)
    pairs = bigrams(index_form(sentence))
    return sum(pair in form for pair in pairs) / len(pairs) if pairs else 0.0
