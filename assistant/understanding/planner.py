"""The planner: one question, with the plan of the turn before it, to one plan."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from assistant.datatypes import Document, Intent, MetaField, Path, Plan, Term
from assistant.outline import Outline
from assistant.places import Gazetteer
from assistant.text import index_form
from assistant.understanding import intents
from assistant.understanding.patterns import pattern
from assistant.understanding.references import (
    Reference,
    find_references,
    names_last_section,
    numeral_value,
    relative_ordinal,
    resolve,
)
from assistant.understanding.sections import SECTION_SHARE, find_section, form_match
from assistant.understanding.selection import DocumentSelector
from assistant.understanding.topics import GENERIC_WEIGHT, TopicReader
from assistant.understanding.wording import Repaired, SlipRepairer, plain
from assistant.units import UnitLexicon, UnitMention
from assistant.values import asked_kind

_QUOTED = re.compile(r"[“\"「『‘]([^”\"」』’]{1,40})[”\"」』’]")
_TERM_FRAME = re.compile(
    r"在?(?:文件|方案|通知|原文|全文|文)(?:里头|里面|里|中|当中)|(?:请问|请|帮我|麻烦|查一下|查查|查|搜一下|搜|找一下|找|看看|统计)|(?:文件|方案|通知|原文|全文|文中|里面?|中|这个|那个)"
    r"|(?:都)?(?:在|有)?(?:哪(?:些|几|里|儿|一)?(?:个|条|处|地方|条款|章|节|里)*|几(?:条|处|次|个地方)|多少次|什么地方)(?:里|中|里头)?"
    r"|(?:都|分别|一共|总共|共|还|被|有|曾|也)?(?:提到|提过|提及|出现|说到|写到|讲到|含有|用到|谈到|涉及)(?:过|了|的|在|到)*"
    r"|(?:这|两|三|四|几)?(?:个)?(?:词|字|说法|字眼|提法|词语)|[？?。，,！!的了吗呢\s]"
)
_MEANINGFUL = re.compile(r"[\u4e00-\u9fff]")
# 「户口在河南」「老家四川」 say where a person comes from, not whose rules are asked for.
_ORIGIN = re.compile(r"(?:户口|户籍|老家|来自|家在|籍贯|从|是)(?:在|是)?$")
_BOTH = re.compile(r"分别|各(?:自|是|有|给|补|要)|两(?:地|市|省|县|区|边)|哪(?:边|里|个[省市县区])")
_LONGEST = 2000
_SHARED_NAME = 6  # characters that a question shares with a title to be taken for its name
_SOUNDS_ALIKE = 0.7
# 「6月15号」 is written 6月15日.
_DAY = re.compile(r"(\d{1,2}月\d{1,2})号")
# 「共青团吕梁市委」 is one organ, not two.
_LEAGUE = re.compile(r"共青团[^，。？、\s]{0,4}?([省市县区])委")
_UNITS_ARE_NO_TOPIC: frozenset[Intent] = frozenset({"owner", "duties", "compare"})
_ACROSS: frozenset[Intent] = frozenset({"owner", "benefit", "fact", "deadline", "list", "compare"})
_SCOPED: frozenset[Intent] = frozenset({"duties", "list", "count", "clause"})


class Planner:
    """Turns questions into plans; knows the indexed documents by their headings and units.

    Args:
        documents: The indexed documents.
        lexicon: Unit names and aliases.
        gazetteer: Places.
        topics: Finds content words.
        repairer: Repairs slips.
        indexed: Whether a token stands in the documents.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        lexicon: UnitLexicon,
        gazetteer: Gazetteer,
        topics: TopicReader,
        repairer: SlipRepairer,
        indexed: Callable[[str], bool],
    ) -> None:
        self._documents = documents
        self._lexicon = lexicon
        self._gazetteer = gazetteer
        self._topics = topics
        self._repairer = repairer
        self._indexed = indexed
        self._known_units = unit_names(documents)
        self._selector = DocumentSelector(documents)
        self._known_places = self._places_of(documents)
        self._by_id = {document.id: document for document in documents}
        self._titles = "\n".join(index_form(document.metadata.title.value) for document in documents)

    def plan(self, question: str, *, documents: Collection[str] = ()) -> Plan:
        """Plan one self-contained question, restricted to some documents or to none in particular."""
        text = _LEAGUE.sub(r"团\1委", _DAY.sub(r"\1日", plain(question)[:_LONGEST]))
        if intents.is_injection(text):
            return Plan(question=text, intent="chat", notes=("injection",))
        repaired = self._repairer.repair(text, protected=self._certain_units(text))
        text = repaired.text
        places = self._asked_places(text)
        given = tuple(documents)
        documents = given or self._selector.select(text, places)
        restricted = bool(given or (documents and self._selector.is_quoted(text)))
        mentions = self._mentions(text, documents)
        references = find_references(text)
        matter = _blank(text, [*mentions, *references])
        terms = self._terms(matter, documents)
        wording = self._wording(text, mentions, references, terms)
        intent, meta = self._intent(wording)
        across = self._is_across(text, intent, places, documents, references, mentions)
        if across:
            intent = "compare"
            matter = _compared_matter(text, places)
            terms = self._terms(matter, documents)
            if not terms and len(places) > 1:  # 「两市给灵活就业的补多少」: the titles have the matter
                terms = self._topics.terms(matter)
        elif intent not in _UNITS_ARE_NO_TOPIC:
            matter = _blank(text, references)
            terms = self._terms(matter, documents)
        searched = [self._by_id[name] for name in documents] or self._documents
        paths, scope = _places_in_tree(text, references, intent, searched, terms)
        return Plan(
            question=text,
            intent=intent,
            topic=self._topics.matter(matter),
            terms=tuple(map(self._sounding, terms)),
            units=tuple(dict.fromkeys(mention.text for mention in mentions)),
            relation=intents.unit_relation(wording),
            references=paths,
            scope=scope,
            quoted=quoted_term(text) if intent == "term" else "",
            expects=asked_kind(text),
            meta=meta,
            topical=wording.topical,
            ordinal=_ordinal(references) if not paths else 0,
            yes_no=intents.is_yes_no(text),
            places=places,
            across=across,
            documents=documents,
            restricted=restricted,
            notes=_notes(repaired),
        )

    def _mentions(self, text: str, documents: Collection[str]) -> list[UnitMention]:
        """Units the question names; the issuer of a document it names is no unit asked about."""
        found = self._lexicon.find_mentions(text, self._known_units)
        issuers = [self._by_id[name].metadata.issuer.value for name in documents]
        if len(self._documents) < 2 or len({mention.text for mention in found}) < 2:
            return found
        return [
            each for each in found if not any(self._lexicon.same_unit(each.text, name) for name in issuers)
        ]

    def _terms(self, text: str, documents: Collection[str]) -> tuple[Term, ...]:
        """Content words, without those that only name the selected documents."""
        terms = self._topics.terms(text)
        naming = self._selector.naming(documents, [term.text for term in terms]) if documents else frozenset()
        return tuple(term for term in terms if term.text not in naming) if len(self._documents) > 1 else terms

    def _wording(
        self,
        text: str,
        mentions: Sequence[UnitMention],
        references: Sequence[Reference],
        terms: Sequence[Term],
    ) -> intents.Wording:
        return intents.Wording(
            question=text,
            masked=_mask(text, mentions),
            units=len({mention.text for mention in mentions}),
            references=max(len(references), int(bool(relative_ordinal(text)))),
            topical=any(term.weight > GENERIC_WEIGHT for term in terms),
            titled=all(form_match(term, self._titles) for term in terms),
        )

    def _is_across(
        self,
        text: str,
        intent: Intent,
        places: Sequence[str],
        documents: Sequence[str],
        references: Sequence[Reference],
        mentions: Sequence[UnitMention],
    ) -> bool:
        """Whether the question sets documents side by side: two places, 「两个文件里」, 「两地…有何不同」."""
        if len(self._documents) < 2 or intent not in _ACROSS or references or len(mentions) > 1:
            return False
        if len({_stem(place) for place in places}) > 1 and _are_compared(text, places):
            return True
        if len(documents) == 1:
            return False
        comparing = pattern("intents", "comparing").search(text)
        return bool(
            pattern("intents", "across").search(text)
            or (comparing and pattern("intents", "across_places").search(text))
        )

    def _sounding(self, term: Term) -> Term:
        """A word that no document has also stands for the document's word of the same sound (整数 → 证书)."""
        if term.official or self._indexed(index_form(term.text)):
            return term
        meant = self._repairer.homophone(term.text)
        return replace(term, official=((meant, _SOUNDS_ALIKE),)) if meant else term

    def _places_of(self, documents: Sequence[Document]) -> frozenset[str]:
        """Places in titles and issuers, also without 县, 区 and 市 at their end (坪山区 → 坪山)."""
        names = (f"{each.metadata.title.value}，{each.metadata.issuer.value}" for each in documents)
        full = {mention.place.name for name in names for mention in self._gazetteer.find(name)}
        short = {name[:-1] for name in full if len(name) > 2 and name[-1] in "县区市"}
        return frozenset(full | short)

    def _certain_units(self, text: str) -> tuple[tuple[int, int], ...]:
        """Spans of unit names that are listed or known: not to be taken for slips."""
        mentions = self._lexicon.find_mentions(text, self._known_units)
        return tuple(
            (each.start, each.end) for each in mentions if each.unit.concept or each.text in self._known_units
        )

    def is_meaningless(self, question: str) -> bool:
        """Whether nothing in the text could be looked up: empty, punctuation, keys struck at random."""
        text = plain(question)
        characters = _MEANINGFUL.findall(text)
        if len(characters) >= 3:
            return not any(
                len(word) > 1 or self._topics.is_content(word) for word in self._topics.words(text)
            )
        return not characters and not find_references(text) and not self._repairer.repair(text).changes

    def _intent(self, wording: intents.Wording) -> tuple[Intent, tuple[MetaField, ...]]:
        if intents.is_chat(wording.question, topical=wording.topical):
            return "chat", ()
        topical = wording.topical and not wording.titled
        meta = intents.meta_fields(wording.question, topical=topical)
        about_unit = wording.units and topical and not intents.is_unmistakable(meta)
        if meta and not wording.references and not about_unit:
            return "meta", meta
        return intents.classify(wording), ()

    def _asked_places(self, text: str) -> tuple[str, ...]:
        """Places whose rules the question asks for."""
        return tuple(
            mention.text
            for mention in self._gazetteer.find(text, self._known_places)
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


def _stem(place: str) -> str:
    return place[:-1] if len(place) > 2 and place[-1] in "省市县区" else place


def _are_compared(text: str, places: Sequence[str]) -> bool:
    """Whether places stand side by side (甲市和乙市) or something compares them; 甲市乙区 is one place."""
    names = "|".join(map(re.escape, sorted(places, key=len, reverse=True)))
    beside = re.search(rf"(?:{names})[省市县区]?(?:[和跟与同、及比或]|还是)(?:{names})", text)
    return bool(beside or pattern("intents", "comparing").search(text) or _BOTH.search(text))


def _compared_matter(text: str, places: Sequence[str]) -> str:
    """The matter of a comparison of documents: without their places and the words that compare."""
    for place in sorted(places, key=len, reverse=True):
        text = text.replace(place, " ")
    for section, name in (
        ("intents", "across"),
        ("intents", "across_places"),
        ("intents", "comparing"),
        ("topic", "compared"),
    ):
        text = pattern(section, name).sub(" ", text)
    return text


def _mask(text: str, mentions: Sequence[UnitMention]) -> str:
    for mention in sorted(mentions, key=lambda each: -each.start):
        text = f"{text[: mention.start]}U{text[mention.end :]}"
    return text


def _blank(text: str, spans: Iterable[UnitMention | Reference]) -> str:
    """The text with spans replaced by blanks: the words on both sides must not join."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def _places_in_tree(
    text: str,
    references: Sequence[Reference],
    intent: Intent,
    documents: Sequence[Document],
    terms: Sequence[Term],
) -> tuple[tuple[Path, ...], Path]:
    """Clauses the question names by number or position, and the section it is restricted to."""
    backward = relative_ordinal(text)
    for document in _with_articles(documents, references):
        section: Path = ()
        if backward or intent in _SCOPED:
            asked = _without_name(text, document.metadata.title.value)
            section, share = find_section(asked, terms, Outline(document))
            # A list of headings is asked for only where the question names the section and little else.
            if intent in ("list", "count") and share < SECTION_SHARE:
                section = ()
        if names_last_section(text):
            tops = Outline(document).children(("", ()))
            section = tops[-1].path if tops else section
        counted = _counted(document, section, references, backward)
        if counted:
            return (counted,), section
        paths = tuple(filter(None, (resolve(reference, document) for reference in references)))
        if paths or section:
            return paths, paths[-1] if paths else section
    return (), ()


def _with_articles(documents: Sequence[Document], references: Sequence[Reference]) -> list[Document]:
    """The documents, those with the article a question names first: elsewhere 第五条 is no fifth item."""
    numbers = {reference.ordinals[0] for reference in references if reference.level == "条"}

    def has_article(document: Document) -> bool:
        last = (clause.path[-1] for clause in document.clauses)
        return any(item.endswith("条") and numeral_value(item) in numbers for item in last)

    return sorted(documents, key=lambda document: not has_article(document)) if numbers else list(documents)


def _without_name(text: str, title: str) -> str:
    """The text without the parts of a title that it repeats: they name the document, not a section of it."""
    while title:
        match = SequenceMatcher(None, text, title, autojunk=False).find_longest_match()
        if match.size < _SHARED_NAME:
            break
        text = text[: match.a] + " " + text[match.a + match.size :]
    return text


def _counted(document: Document, section: Path, references: Sequence[Reference], backward: int) -> Path:
    """The clause that a question counts off within a section: 「…那块的第三条」, 「…最后一条」."""
    if not backward and not (section and len(references) == 1 and references[0].is_relative):
        return ()
    outer = section
    if backward and references and not section:
        outer = resolve(references[-1], document)
    children = Outline(document).children(("", outer))
    ordinal = backward or references[0].ordinals[0]
    position = ordinal if ordinal < 0 else ordinal - 1
    return children[position].path if -len(children) <= position < len(children) else ()


def _ordinal(references: Sequence[Reference]) -> int:
    """The number of a lone 「第4条」, which may count within what an earlier turn was about."""
    return references[0].ordinals[0] if len(references) == 1 and references[0].is_relative else 0


def _notes(repaired: Repaired) -> tuple[str, ...]:
    return tuple(f"“{typed}”按“{meant}”理解" for typed, meant in repaired.changes)
