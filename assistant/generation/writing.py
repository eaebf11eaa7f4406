"""From an extracted answer to a written one: what the model says is checked before anyone sees it."""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answering.library import Library, clause_name, unit_list
from assistant.citations import answer_unit, shown, verify
from assistant.datatypes import Answer, AnswerUnit, Citation, Draft, Hit, Intent, Plan
from assistant.errors import ModelError
from assistant.generation.checking import Checker
from assistant.generation.endpoint import ChatModel
from assistant.generation.evidence import Evidence, collect
from assistant.generation.keys import SentenceReader, read_keys
from assistant.generation.prompt import messages

logger = logging.getLogger(__name__)

# Lists, comparisons and clauses word for word are the ledger's and the document's own: rewording loses some.
_WRITTEN: frozenset[Intent] = frozenset({"owner", "benefit", "fact", "deadline"})
# Marks of lists and headings at the beginning, bold and italic type anywhere.
_FORMATTING = re.compile(r"^\s*(?:[-*•·#>]+\s+|\d{1,2}[.、)）]\s*(?!\d))|\*\*|__")
_ENDS = ("。", "！", "？", "!", "?", "；", "：", "”", "」")
_UNSOUND = "语言模型的回答没有通过与原文的核对"


class Writer:
    """Has a model word answers.

    Args:
        model: The model.
        library: The documents with their ledger and unit names.
        units: Units of the documents, as printed and in full.
    """

    def __init__(self, model: ChatModel, library: Library, units: frozenset[str]) -> None:
        self._model = model
        self._library = library
        self._units = units

    def write(self, plan: Plan, hits: Sequence[Hit], answer: Answer) -> Iterator[Draft | Answer]:
        """The answer as it grows, sentence by checked sentence, and last the whole answer.

        Refusals, small talk and lists stay as extracted. So does the answer where the model fails or
        nothing it says is borne out; a note at its beginning says why.
        """
        evidence = collect(answer, hits, self._library)
        if answer.status != "answered" or plan.intent not in _WRITTEN or not evidence:
            yield answer
            return
        text = _Text(plan, evidence, Checker(self._library.lexicon, self._units, answer.verdict))
        why = ""
        try:
            for sentence in self._sentences(plan, evidence, answer):
                if text.take(sentence):
                    yield Draft(text.written)
        except ModelError as error:
            why = str(error)
        if text.dropped:
            logger.info("left out %d sentences of the model: %s", len(text.dropped), "; ".join(text.dropped))
        if why or not text.cited:
            yield replace(answer, text=f"（{why or _UNSOUND}，以下是从原文摘取的回答。）\n\n{answer.text}")
        else:
            yield self._whole(answer, text)

    def _sentences(self, plan: Plan, evidence: Sequence[Evidence], answer: Answer) -> Iterator[str]:
        reader = SentenceReader()
        for piece in self._model.stream(messages(plan.question, evidence, answer.verdict)):
            yield from reader.feed(piece)
        yield from reader.close()

    def _whole(self, answer: Answer, text: "_Text") -> Answer:
        units, lines = self._units_of(answer, text)
        lines = [text.written, *lines]
        if text.dropped:
            lines.append(f"（语言模型另有 {len(text.dropped)} 句话没有通过与原文的核对，已略去。）")
        lines += ["依据：", *(f"[{number}] {each.name}" for number, each in enumerate(text.cited, 1))]
        citations = [each.citation for each in text.cited]
        citations += [each for each in answer.citations if not _is_cited(each, citations)]
        written = replace(
            answer,
            text="\n\n".join(lines),
            citations=tuple(citations),
            units=units,
            answer_mode="generated",
        )
        return verify(written, self._library.documents)

    def _units_of(self, answer: Answer, text: "_Text") -> tuple[tuple[AnswerUnit, ...], list[str]]:
        """The units, complete for every clause, and a line for each clause of which some are not named."""
        units, lines = list(answer.units), []
        for each in text.cited:
            asserted = [
                answer_unit(self._library.documents[each.citation.document], duty) for duty in each.duties
            ]
            named = [unit for unit in asserted if shown(unit.name) in text.written]
            if not named and not set(asserted) & set(answer.units):
                continue
            units += [unit for unit in asserted if unit not in units]
            if len(named) < len(asserted):
                outline = self._library.outline(each.citation.document)
                clause = outline.by_key.get((each.citation.part, each.citation.path))
                lines.append(f"据责任台账，{clause_name(clause)}：{unit_list(each.duties)}。")
        return tuple(dict.fromkeys(units)), lines


class _Text:
    """The sentences of a reply that the evidence bears out, with their keys counted anew from 1."""

    def __init__(self, plan: Plan, evidence: Sequence[Evidence], checker: Checker) -> None:
        self._notes = [f"（{note}）" for note in plan.notes]
        self._evidence = {each.key: each for each in evidence}
        self._checker = checker
        self._sentences: list[str] = []
        self.cited: list[Evidence] = []
        self.dropped: list[str] = []

    @property
    def written(self) -> str:
        """What is written so far, notes on how the question was understood first."""
        return "\n\n".join([*self._notes, "".join(self._sentences)])

    def take(self, sentence: str) -> bool:
        """Add a sentence if it is sound."""
        words, keys = read_keys(_FORMATTING.sub("", sentence))
        words += "" if words.endswith(_ENDS) else "。"
        fault = self._fault(words, keys)
        if fault:
            self.dropped.append(fault)
            return False
        marks = ""
        for key in keys:
            if self._evidence[key] not in self.cited:
                self.cited.append(self._evidence[key])
            marks += f"[{self.cited.index(self._evidence[key]) + 1}]"
        self._sentences.append(f"{words}{marks}")
        return True

    def _fault(self, words: str, keys: Sequence[int]) -> str:
        if not keys:
            return "no key"
        if unknown := [key for key in keys if key not in self._evidence]:
            return f"unknown key: {unknown[0]}"
        return self._checker.fault(words, [self._evidence[key] for key in keys])


def _is_cited(citation: Citation, citations: Sequence[Citation]) -> bool:
    """Whether a quotation is part of one that stands there already."""
    return any(
        citation.document == each.document and each.start <= citation.start and citation.end <= each.end
        for each in citations
    )
