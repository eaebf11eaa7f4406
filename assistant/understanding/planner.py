"""The planner: one question, with the plan of the turn before it, to one plan."""

import re
from collections.abc import Collection, Sequence

from assistant.datatypes import Document, Intent, MetaField, Path, Plan, Term
from assistant.outline import Outline
from assistant.places import Gazetteer
from assistant.understanding import intents
from assistant.understanding.references import Reference, find_references, relative_ordinal, resolve
from assistant.understanding.sections import find_section
from assistant.understanding.topics import TopicReader
from assistant.understanding.wording import Repaired, SlipRepairer, plain
from assistant.units import UnitLexicon, UnitMention
from assistant.values import asked_kind

_QUOTED = re.compile(r"[“\"「『‘]([^”\"」』’]{1,40})[”\"」』’]")
_TERM_FRAME = re.compile(
    r"(?:请问|请|帮我|麻烦|查一下|查查|查|搜一下|搜|找一下|找|看看|统计)|(?:文件|方案|通知|原文|全文|文中|里面?|中|这个|那个)"
    r"|(?:都)?(?:在|有)?(?:哪(?:些|几|里|儿|一)?(?:个|条|处|地方|条款|章|节|里)*|几(?:条|处|次|个地方)|多少次|什么地方)(?:里|中|里头)?"
    r"|(?:都|分别|一共|总共|共|还|被|有|曾|也)?(?:提到|提过|提及|出现|说到|写到|讲到|含有|用到|谈到|涉及)(?:过|了|的|在|到)*"
    r"|(?:这|两|三|四|几)?(?:个)?(?:词|字|说法|字眼|提法|词语)|[？?。，,！!的了吗呢\s]"
)
_MEANINGFUL = re.compile(r"[\u4e00-\u9fff]")
# 「户口在河南」「老家四川」 say where a person comes from, not whose rules are asked for.
_ORIGIN = re.compile(r"(?:户口|户籍|老家|来自|家在|籍贯|从|是)(?:在|是)?$")
_LONGEST = 2000
_SCOPED: frozenset[Intent] = frozenset({"duties", "list", "count", "clause"})


class Planner:
    """Turns questions into plans; knows the indexed documents by their headings and units.

    Args:
        documents: The indexed documents.
        lexicon: Unit names and aliases.
        gazetteer: Places.
        topics: Finds content words.
        repairer: Repairs slips.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        lexicon: UnitLexicon,
        gazetteer: Gazetteer,
        topics: TopicReader,
        repairer: SlipRepairer,
    ) -> None:
        self._documents = documents
        self._lexicon = lexicon
        self._gazetteer = gazetteer
        self._topics = topics
        self._repairer = repairer
        self._known_units = unit_names(documents)

    def plan(self, question: str, *, documents: Collection[str] = ()) -> Plan:
        """Plan one self-contained question, restricted to some documents or to none in particular."""
        text = plain(question)[:_LONGEST]
        if intents.is_injection(text):
            return Plan(question=text, intent="chat", notes=("injection",))
        repaired = self._repairer.repair(text)
        text = repaired.text
        searched = tuple(each for each in self._documents if not documents or each.id in documents)
        mentions = self._lexicon.find_mentions(text, self._known_units)
        references = find_references(text)
        masked = _mask(text, mentions)
        topic = self._topic(text, mentions, references)
        terms = self._topics.terms(topic)
        wording = intents.Wording(text, masked, len(mentions), len(references), bool(terms))
        intent, meta = self._intent(wording)
        if intent not in ("owner", "duties", "compare"):
            topic = self._topic(text, [], references)
            terms = self._topics.terms(topic)
        paths, scope = self._places_in_tree(text, references, intent, searched, terms)
        return Plan(
            question=text,
            intent=intent,
            topic=topic,
            terms=terms,
            units=tuple(dict.fromkeys(mention.text for mention in mentions)),
            relation=intents.unit_relation(text, masked, len({mention.text for mention in mentions})),
            references=paths,
            scope=scope,
            quoted=quoted_term(text) if intent == "term" else "",
            expects=asked_kind(text),
            meta=meta,
            yes_no=intents.is_yes_no(text),
            counts=intents.counts(text),
            places=self._asked_places(text),
            documents=tuple(documents),
            notes=_notes(repaired),
        )

    def is_meaningless(self, question: str) -> bool:
        """Whether nothing in the text could be looked up: empty, punctuation, keys struck at random."""
        text = plain(question)
        characters = _MEANINGFUL.findall(text)
        if len(characters) >= 3:
            return not any(
                len(word) > 1 or self._topics.is_content(word) for word in self._topics.words(text)
            )
        return not characters and not re.search(r"[a-zA-Z]{6,}|\d\.\d", text)

    def _intent(self, wording: intents.Wording) -> tuple[Intent, MetaField | None]:
        meta = intents.meta_field(wording.question)
        if meta and not wording.references and not wording.units:
            return "meta", meta
        if intents.is_chat(wording.question):
            return "chat", None
        return intents.classify(wording), None

    def _topic(self, text: str, mentions: Sequence[UnitMention], references: Sequence[Reference]) -> str:
        spans = [(mention.start, mention.end) for mention in mentions]
        spans += [(reference.start, reference.end) for reference in references]
        return "".join(
            " " if any(start <= at < end for start, end in spans) else character
            for at, character in enumerate(text)
        )

    def _places_in_tree(
        self,
        text: str,
        references: Sequence[Reference],
        intent: Intent,
        documents: Sequence[Document],
        terms: Sequence[Term],
    ) -> tuple[tuple[Path, ...], Path]:
        """Clauses the question names by number or position, and the section it is restricted to."""
        for document in documents:
            paths = tuple(filter(None, (resolve(reference, document) for reference in references)))
            ordinal = relative_ordinal(text)
            section = paths[-1] if paths else ()
            if not section and (ordinal or intent in _SCOPED):
                section, _ = find_section(terms, document)
            if ordinal:
                counted = _from_end(document, section, ordinal)
                if counted:
                    return (counted,), section
            if paths or section:
                return paths, section
        return (), ()

    def _asked_places(self, text: str) -> tuple[str, ...]:
        """Places whose rules the question asks for."""
        return tuple(
            mention.text
            for mention in self._gazetteer.find(text)
            if not _ORIGIN.search(text[: mention.start])
        )


def unit_names(documents: Sequence[Document]) -> frozenset[str]:
    """Every unit of the documents' ledgers, as printed and in full."""
    return frozenset(
        name for document in documents for duty in document.duties for name in (duty.unit, duty.canonical)
    )


def quoted_term(question: str) -> str:
    """The words a question asks about literally: those in quotation marks, else what the frame leaves."""
    quoted = _QUOTED.search(question)
    if quoted:
        return quoted.group(1)
    return max(_TERM_FRAME.sub(" ", question).split(), key=len, default="")


def _mask(text: str, mentions: Sequence[UnitMention]) -> str:
    for mention in sorted(mentions, key=lambda each: -each.start):
        text = f"{text[: mention.start]}U{text[mention.end :]}"
    return text


def _from_end(document: Document, section: Path, ordinal: int) -> Path:
    children = Outline(document).children(("", section))
    return children[ordinal].path if -len(children) <= ordinal < 0 else ()


def _notes(repaired: Repaired) -> tuple[str, ...]:
    return tuple(f"“{typed}”按“{meant}”理解" for typed, meant in repaired.changes)
