"""Values that cross module borders: frozen, slotted, without behaviour beyond derived properties.

Offsets are code points into the original text of a document, half-open ``[start, end)``. The glossary:
clause 条款, article 条, paragraph 款, item 项, duty 责任分工, responsible unit 责任单位, lead unit 牵头单位.
"""

from dataclasses import dataclass, field
from typing import Literal

Role = Literal["lead", "support", "responsible"]
Intent = Literal[
    "owner",
    "duties",
    "benefit",
    "fact",
    "deadline",
    "list",
    "count",
    "clause",
    "compare",
    "term",
    "meta",
    "chat",
]
Status = Literal["answered", "no_evidence", "chat"]
Verdict = Literal["yes", "no"]

Path = tuple[str, ...]
ClauseKey = tuple[str, str, Path]  # document, part, path

#: Roles as people read them.
ROLE_NAMES: dict[Role, str] = {"lead": "牵头", "responsible": "责任", "support": "配合"}


@dataclass(frozen=True, slots=True)
class MetadataField:
    """One fact about a document: a normalised value and the place it was read from.

    ``value`` is "" when the text does not give the fact; ``[start, end)`` is then empty.
    """

    value: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Metadata:
    """Front and end matter of a document.

    Attributes:
        title: Title of the plan itself (not of a covering notice), wrapped lines joined.
        doc_number: 发文字号 as printed, inner spaces removed.
        issuer: 发文机关.
        date: Date of issue as ``YYYY-MM-DD``.
        recipients: 主送机关, without the closing colon.
        copies: 抄送机关.
        basis: Documents it is based on, titles with 《》, in printed order.
        effective: First day in force, ``YYYY-MM-DD``, or the phrase where no day is given.
        expires: Last day in force, ``YYYY-MM-DD``, or the phrase (有效期5年).
    """

    title: MetadataField = MetadataField()
    doc_number: MetadataField = MetadataField()
    issuer: MetadataField = MetadataField()
    date: MetadataField = MetadataField()
    recipients: MetadataField = MetadataField()
    copies: MetadataField = MetadataField()
    basis: tuple[MetadataField, ...] = ()
    effective: MetadataField = MetadataField()
    expires: MetadataField = MetadataField()


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered unit of a document; its span covers its sub-clauses.

    Attributes:
        part: "" for the main text, else the label or title of the attachment or inner plan.
        path: One item per level, outermost first, e.g. ``("二", "（三）", "1")``.
        heading: Heading without numeral and closing punctuation; "" when there is none.
    """

    part: str
    path: Path
    heading: str
    start: int
    end: int

    @property
    def label(self) -> str:
        """The path as one string, e.g. ``二（三）1``."""
        return "".join(self.path)


@dataclass(frozen=True, slots=True)
class Duty:
    """One unit named in one responsibility annotation.

    Attributes:
        unit: The unit as printed, ``text[start:end]``.
        canonical: The unit with a prefix restored that the list shares (市发展改革委、科技局 → 市科技局).
        scope_start: Start of the text that the annotation governs (sentences since the previous
            annotation of the clause, or the start of the clause).
        annotation_start: Start of the annotation, brackets included.
        annotation_end: End of the annotation, brackets included.
    """

    part: str
    path: Path
    unit: str
    canonical: str
    role: Role
    start: int
    end: int
    scope_start: int
    annotation_start: int
    annotation_end: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time limit as printed, ``text[start:end]``, and the clause it stands in."""

    part: str
    path: Path
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document. ``text`` is the extracted text and is never altered.

    Attributes:
        id: Deterministic and readable: the path below the corpus folder without its suffix.
        file: Name of the source file.
        first_unit_leads: Whether the text states that the first unit of each list leads.
        clauses: In document order; a parent precedes its children.
        duties: In printed order.
        warnings: What the parser found odd, in Chinese, for the person who added the file.
    """

    id: str
    file: str
    text: str
    metadata: Metadata = Metadata()
    first_unit_leads: bool = False
    clauses: tuple[Clause, ...] = ()
    duties: tuple[Duty, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A sentence window inside one clause: what retrieval ranks.

    Attributes:
        id: ``document#start-end``.
        context: Document title and heading path, indexed with the text but never quoted.
    """

    id: str
    document: str
    part: str
    path: Path
    start: int
    end: int
    context: str


ValueKind = Literal[
    "money",
    "percent",
    "date",
    "duration",
    "amount",
    "count",
    "contact",
    "place",
    "roster",
    "material",
    "person",
    "penalty",
]
UnitRelation = Literal["any", "and", "not", "every", "most"]
MetaField = Literal[
    "title",
    "doc_number",
    "issuer",
    "recipients",
    "copies",
    "basis",
    "date",
    "place",
    "audience",
    "validity",
    "purpose",
]


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question.

    Attributes:
        weight: Rarity in general Chinese, 0 to 1.
        official: Official words it stands for, with their weights.
    """

    text: str
    weight: float
    official: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a question asks for.

    Attributes:
        question: The question as understood: simplified characters, slips corrected.
        topic: The question without asking words and clause numbers, and without unit names where it is
            about units; blanks in their places. What BM25 searches for.
        terms: Content words of the topic.
        units: Names of the units it mentions, in order.
        relation: How a reverse question relates to its units.
        references: Clause paths it names; they exist in some document.
        scope: Path of the section it is restricted to, () for the whole document.
        quoted: Words it asks about literally (term questions).
        expects: Kind of value it asks for, "" when no particular one.
        meta: The facts about the document it asks for.
        topical: Whether it has content of its own besides units and asking words.
        ordinal: The number of a lone 「第4条」 that names no clause by itself, 0 without one.
        yes_no: Whether it wants yes or no.
        places: Places it names.
        across: Whether it sets several documents side by side.
        documents: Ids of the documents it names; () for none in particular.
        restricted: Whether only these may answer; otherwise they are preferred.
        seen: Clauses that earlier answers to the same question have shown, left out of this one.
        notes: What was corrected or carried over from earlier turns, for the reader.
    """

    question: str
    intent: Intent
    terms: tuple[Term, ...] = ()
    topic: str = ""
    units: tuple[str, ...] = ()
    relation: UnitRelation = "any"
    references: tuple[Path, ...] = ()
    scope: Path = ()
    quoted: str = ""
    expects: ValueKind | None = None
    meta: tuple[MetaField, ...] = ()
    topical: bool = True
    ordinal: int = 0
    yes_no: bool = False
    places: tuple[str, ...] = ()
    across: bool = False
    documents: tuple[str, ...] = ()
    restricted: bool = False
    seen: tuple[ClauseKey, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause found for a question.

    Attributes:
        document: Document id.
        score: Fused relevance; comparable within one search only, higher is better.
        coverage: Share of the question's content, 0 to 1, that the clause covers.
        evidence: Probability, 0 to 1, that the clause speaks of the question's matter.
        sentences: Spans of the clause's sentences that fit, best first; at least one unless it has none.
    """

    document: str
    part: str
    path: Path
    score: float
    coverage: float
    evidence: float
    sentences: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quotation: ``quote == text[start:end]`` of the cited document."""

    document: str
    title: str
    doc_number: str
    file: str
    part: str
    path: Path
    heading: str
    quote: str
    start: int
    end: int

    @property
    def label(self) -> str:
        """The clause path as one string."""
        return "".join(self.path)


@dataclass(frozen=True, slots=True)
class AnswerUnit:
    """A responsible unit that an answer asserts for one clause."""

    name: str
    canonical: str
    role: Role
    label: str
    document: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as of ``contract.md``; ``text`` is Chinese Markdown, readable on its own."""

    question: str
    status: Status
    text: str
    intent: Intent
    citations: tuple[Citation, ...] = ()
    units: tuple[AnswerUnit, ...] = ()
    verdict: Verdict | None = None
    retrieval_mode: Literal["hybrid", "sparse"] = "hybrid"
    answer_mode: Literal["extracted", "generated"] = "extracted"
    index_fingerprint: str = ""
    elapsed_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Draft:
    """What of an answer a language model has written so far, every sentence checked.

    The whole answer begins with it, unless the model fails on the way: then the extracted one stands instead.
    """

    text: str


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One line of the responsibility ledger as people receive it.

    Attributes:
        deadlines: Time limits of the clause, as printed.
        quote: The annotation, ``text[start:end]``.
    """

    document: str
    title: str
    doc_number: str
    part: str
    path: Path
    heading: str
    unit: str
    canonical: str
    role: Role
    deadlines: tuple[str, ...]
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the user's earlier turns, oldest first."""

    text: str
    history: tuple[str, ...] = field(default=())
    document: str = ""
