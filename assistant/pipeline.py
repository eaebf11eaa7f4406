"""The one place where the parts are wired together."""

import functools
import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from types import MappingProxyType

from assistant.answering import refusals
from assistant.answering.answerer import Answerer
from assistant.answering.library import Library
from assistant.config import Settings
from assistant.conversation import Focus, Reader, resolve
from assistant.datatypes import Answer, ClauseKey, Document, Draft, DutyRow, Hit, Path, Plan, Question, Term
from assistant.errors import UnknownDocumentError, UsageError, VerificationError
from assistant.filters import Filter, select
from assistant.generation.endpoint import Endpoint
from assistant.generation.writing import Writer
from assistant.ingestion import encoder, segmenter, toolbox
from assistant.ledger import Entry, Ledger
from assistant.parsing import READERS
from assistant.places import Gazetteer
from assistant.retrieval import Candidate, Retriever
from assistant.store import BuildReport, Index, build_index, open_index
from assistant.synonyms import Synonyms
from assistant.text import bigrams, writable
from assistant.understanding.planner import Planner, unit_names
from assistant.understanding.references import label_key, numeral_value
from assistant.understanding.topics import TopicReader
from assistant.understanding.wording import ASKING_WORDS, SlipRepairer
from assistant.units import UnitLexicon

# jieba's dictionary has entries that its corpus met a few times only, slips among them (正治).
_NOISE = 10
logger = logging.getLogger(__name__)
#: Receives a question, its plan, the clauses found and the answer.
Record = Callable[[Question, Plan, Sequence[Hit], Answer], None]
_HITS = 5  # clauses an answer is made from
_SEARCHED = frozenset({"owner", "benefit", "fact", "deadline", "list", "count"})


@functools.cache
def _endpoint(url: str, model: str, key: str, timeout: int) -> Endpoint:
    """One client for all: the limit of requests at a time is the process's, whatever happens to the index."""
    return Endpoint(url, model, key, timeout)


class Assistant:
    """Answers questions from one opened index.

    Args:
        settings: Where the index lies and what shaped it.
        index: The opened index.
        record: Told about every answer and how it came about.
    """

    def __init__(self, settings: Settings, index: Index, record: Record | None = None) -> None:
        self.index = index
        self._record = record
        self._segmenter = segmenter()
        self.lexicon = UnitLexicon.load(settings.units_file)
        synonyms = Synonyms.load(settings.synonyms_file)
        gazetteer = Gazetteer.load()
        self._topics = TopicReader(self._segmenter, synonyms, index.backend.contains)
        self.retriever = Retriever(
            index.documents,
            index.chunks,
            index.backend,
            encoder(settings.embedding),
            self._segmenter.tokens,
            gazetteer,
        )
        self.ledger = Ledger(index.documents, self.lexicon.same_unit)
        self.planner = Planner(
            index.documents,
            self.lexicon,
            gazetteer,
            self._topics,
            self._repairer(),
            index.backend.contains,
        )
        library = Library(self.retriever, self.ledger, self.lexicon)
        self._answerer = Answerer(library, self._topics)
        self._writer: Writer | None = None
        if settings.llm_url:
            model = _endpoint(settings.llm_url, settings.llm_model, settings.llm_key, settings.llm_timeout)
            self._writer = Writer(model, library, unit_names(index.documents))

    @classmethod
    def open(cls, settings: Settings, record: Record | None = None) -> "Assistant":
        """Open the published index.

        Raises:
            IndexError_, EncoderError, ModelError, DataFileError: See ``errors``.
        """
        return cls(settings, open_index(settings), record)

    def ask(self, question: Question, *, written: bool = True) -> Answer:
        """Answer one question; not ``written`` extracts the answer even where a language model is set up.

        Raises:
            UnknownDocumentError: ``question.document`` names no document of the index.
        """
        for stage in self.stages(question, written=written):
            if isinstance(stage, Answer):
                return stage
        raise AssertionError("stages end with an answer")

    def stages(
        self, question: Question, *, written: bool = True
    ) -> Iterator[Plan | tuple[Hit, ...] | Draft | Answer]:
        """How an answer comes about: the plan, the clauses found by search (if any is done), the answer.

        Where a language model writes it, drafts come before the answer; not ``written`` leaves it out.

        Raises:
            UnknownDocumentError: ``question.document`` names no document of the index.
        """
        start = time.perf_counter()
        documents = self._restriction(question)
        turns = tuple(map(writable, question.history))
        question = replace(question, text=writable(question.text), history=turns)
        plan, prior = self._plan(question, documents)
        yield plan
        hits = self._search(plan, prior)
        yield tuple(hits)
        answer = self._answer(question, plan, hits)
        if self._writer and written:
            for stage in self._writer.write(plan, hits, answer):
                if isinstance(stage, Draft):
                    yield stage
                else:
                    answer = stage
        answer = replace(
            answer,
            question=question.text,
            retrieval_mode=self.retriever.mode,
            index_fingerprint=self.index.fingerprint,
            elapsed_ms=round(1000 * (time.perf_counter() - start), 2),
        )
        if self._record:
            self._record(question, plan, hits, answer)
        yield answer

    def find(self, words: str, chosen: Filter | None = None, *, limit: int = 10) -> list[Hit]:
        """The clauses that fit some words best, best first, among those that a filter lets through.

        Raises:
            UsageError: A condition of the filter is malformed.
            UnknownDocumentError: No such document, or nothing meets the filter.
        """
        chosen = chosen or Filter()
        if chosen.document:
            chosen = replace(chosen, document=self.index.document(chosen.document).id)
        selection = select(chosen, self.retriever.documents, self.ledger, self.lexicon)
        every = len(selection.documents) == len(self.index.documents)
        plan = self.planner.plan(writable(words), documents=() if every else selection.documents)
        return self.retriever.search(plan, limit=limit, within=selection.clauses)

    def duty_rows(self, *, unit: str = "", document: str = "") -> list[DutyRow]:
        """The ledger, complete, in printed order: of one unit or all, in one document or all.

        Raises:
            UnknownDocumentError: ``document`` names no document of the index.
        """
        documents = [self.index.document(document).id] if document else []
        entries = self.ledger.of_unit(unit, documents=documents) if unit else self.ledger.entries
        return [self._duty_row(entry) for entry in entries if not documents or entry.document in documents]

    def _duty_row(self, entry: Entry) -> DutyRow:
        document, duty = self.retriever.documents[entry.document], entry.duty
        clause = self.retriever.outlines[entry.document].by_key.get(entry.key)
        return DutyRow(
            document=document.id,
            title=document.metadata.title.value,
            doc_number=document.metadata.doc_number.value,
            part=duty.part,
            path=duty.path,
            heading=clause.heading if clause else "",
            unit=duty.unit,
            canonical=duty.canonical,
            role=duty.role,
            deadlines=tuple(
                each.text for each in document.deadlines if (each.part, each.path) == (duty.part, duty.path)
            ),
            quote=document.text[duty.annotation_start : duty.annotation_end],
            start=duty.annotation_start,
            end=duty.annotation_end,
        )

    def clause_text(self, label: str, *, document: str = "") -> str:
        """One clause, verbatim, by its label (brackets and separators in any form).

        Raises:
            UnknownDocumentError: No document, or no such clause in the documents searched.
        """
        searched = [self.index.document(document)] if document else list(self.index.documents)
        wanted = label_key(label)
        for each in searched:
            for clause in each.clauses:
                if label_key(clause.label) == wanted:
                    return each.text[clause.start : clause.end]
        raise UnknownDocumentError(f"没有条款“{label}”。条款编号的写法如：二（三）1、第十二条。")

    def _answer(self, question: Question, plan: Plan, hits: list[Hit]) -> Answer:
        nothing_said = not question.history and self.planner.is_meaningless(question.text)
        if nothing_said and plan.intent != "chat":  # 「你是谁」 consists of asking words, too
            return refusals.meaningless(question.text)
        try:
            return self._answerer.answer(plan, hits)
        except VerificationError:
            # Withheld and said to be: no wrong quotation goes out, and the other questions are answered.
            logger.exception("withheld an answer that failed its check")
            return refusals.unverified(question.text)

    def considered(self, question: Question) -> tuple[Plan, list[Candidate]]:
        """How a question is understood, and the chunks considered for it, best first."""
        plan, _ = self._plan(question, self._restriction(question))
        return plan, self.retriever.rank(plan)

    def _restriction(self, question: Question) -> tuple[str, ...]:
        return (self.index.document(question.document).id,) if question.document else ()

    def _plan(self, question: Question, documents: Sequence[str]) -> tuple[Plan, Focus | None]:
        reader = Reader(
            plan=functools.partial(self.planner.plan, documents=documents),
            focus=self._focus,
            counted=self._counted,
            shown=self._shown,
            known=self._is_known,
            units=self._units_of,
        )
        return resolve(question.text, question.history, reader)

    def _search(self, plan: Plan, prior: Focus | None) -> list[Hit]:
        if plan.intent not in _SEARCHED:
            return []
        hits = self.retriever.search(plan, limit=_HITS + len(plan.seen), prior=[prior] if prior else ())
        return [hit for hit in hits if (hit.document, hit.part, hit.path) not in plan.seen][:_HITS]

    def _is_known(self, term: Term) -> bool:
        """Whether some document has a word of a term or an official word it stands for."""
        words = (term.text, *(word for word, _ in term.official))
        return any(
            map(
                self.index.backend.contains, (each for word in words for each in self._segmenter.tokens(word))
            )
        )

    def _shown(self, plan: Plan, prior: Focus | None) -> list[ClauseKey]:
        """The clauses that the answer to a plan cites, each once."""
        citations = self._answerer.answer(plan, self._search(plan, prior)).citations
        return list(dict.fromkeys((each.document, each.part, each.path) for each in citations))

    def _focus(self, plan: Plan, prior: Focus | None) -> Focus | None:
        """The clause that a turn was about, for the turns after it."""
        if plan.references:
            path = plan.references[-1]
            searched = plan.documents or [each.id for each in self.index.documents]
            holding = [name for name in searched if ("", path) in self.retriever.outlines[name].by_key]
            return (holding[0], path) if len(holding) == 1 else None
        hits = self._search(plan, prior)
        return (hits[0].document, hits[0].path) if hits else None

    def _counted(self, document: str, section: Path, ordinal: int) -> Path:
        """The clause of a number in a section, failing that by position; articles count on over chapters."""
        outline = self.retriever.outlines[document]
        paths = [clause.path for clause in outline.children(("", section))]
        if any(path[-1].endswith("条") for path in paths):
            paths = [
                each.path
                for each in outline.document.clauses
                if not each.part and each.path[-1].endswith("条")
            ]
        numbered = [path for path in paths if numeral_value(path[-1]) == ordinal]
        by_position = paths[ordinal - 1 : ordinal] if ordinal > 0 else []
        return next(iter(numbered or by_position), ())

    def _units_of(self, focus: Focus) -> tuple[str, ...]:
        """The units responsible for a clause."""
        clause = self.retriever.outlines[focus[0]].by_key.get(("", focus[1]))
        duties = self.ledger.of_clause(focus[0], clause) if clause else []
        return tuple(duty.canonical for duty in duties)

    def _repairer(self) -> SlipRepairer:
        """The slips of a question are repaired to words of the documents, of units and of questions."""
        vocabulary = {
            token: chunks
            for token, chunks in self.index.backend.frequencies().items()
            if self._segmenter.frequency(token)  # the others are chance pairs of characters
        }
        units = unit_names(self.index.documents)
        for word in (*ASKING_WORDS, *units, *self.lexicon.aliases(units)):
            vocabulary.setdefault(word, 0)
        return SlipRepairer(vocabulary, self._segmenter.words, self._is_usual)

    def _is_usual(self, text: str) -> bool:
        """Whether a text is a word of general Chinese, or all its character pairs are in the documents."""
        return self._segmenter.frequency(text) > _NOISE or all(
            map(self.index.backend.contains, bigrams(text))
        )


def index_corpus(
    settings: Settings,
    paths: Iterable[FilePath] = (),
    *,
    workers: int = 1,
    ray: str = "",
    progress: Callable[[str], None],
) -> BuildReport:
    """Bring the index up to date with the corpus folder, or add the given files and folders to it.

    Args:
        settings: Where the index lies and what shapes it.
        paths: Files and folders to add; without any, the index is that of the corpus folder.
        workers: See ``toolbox``.
        ray: See ``toolbox``.
        progress: Receives one Chinese line per step.

    Raises:
        UsageError: A path that does not exist; see also ``toolbox``.
        IndexError_: See ``build_index``.
    """
    given = list(paths)
    files = [each for path in given or [settings.corpus_dir] for each in _sources(path)]
    return index_files(settings, files, prune=not given, workers=workers, ray=ray, progress=progress)


def index_files(
    settings: Settings,
    files: Sequence[tuple[str, FilePath]],
    *,
    parsed: Mapping[str, Document] = MappingProxyType({}),
    prune: bool = False,
    removed: Collection[str] = (),
    accept: Callable[[Index], None] = lambda index: None,
    workers: int = 1,
    ray: str = "",
    progress: Callable[[str], None],
) -> BuildReport:
    """Bring the index up to date with some files; dates in force that were entered stand in the documents.

    Args:
        settings: Where the index lies and what shapes it.
        files: ``(document id, path)`` of every source to read.
        parsed: Documents among them that have been parsed already, by id.
        prune: Leave out documents that ``files`` does not name.
        removed: Documents to leave out in any case.
        accept: Given the new index before it is published; what it raises leaves the old one published.
        workers: See ``toolbox``.
        ray: See ``toolbox``.
        progress: Receives one Chinese line per step.

    Raises:
        IndexError_, DataFileError, UsageError: See ``build_index`` and ``toolbox``.
    """
    tools = toolbox(settings, parsed=parsed, workers=workers, ray=ray)
    return build_index(settings, files, tools, prune=prune, removed=removed, accept=accept, progress=progress)


def _sources(path: FilePath) -> list[tuple[str, FilePath]]:
    """``(document id, file)`` of a file or of every readable file below a folder, in order of name."""
    if path.is_file():
        return [(path.stem, path)]
    if not path.is_dir():
        raise UsageError(f"找不到文件或目录：{path}。请检查路径。")
    found = sorted(each for each in path.rglob("*") if each.suffix.lower() in READERS and each.is_file())
    return [(each.relative_to(path).with_suffix("").as_posix(), each) for each in found]
