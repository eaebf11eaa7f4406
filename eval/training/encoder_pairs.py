"""Text pairs that teach the static encoder which wordings mean the same.

Every source is a list of ``Pair``; a left side stands for a question. Pseudo-questions take a clause of an
official sentence, put everyday words in the place of official ones (the synonyms file read backwards) and
drop words at random, so that shared words alone do not solve the pair.
"""

import gzip
import hashlib
import json
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.outline import Outline
from assistant.parsing import parse_file
from assistant.synonyms import Synonyms
from assistant.text import index_form, simplify

_CLAUSE_END = re.compile(r"[，。；：、！？\n,;:]")
_OPENINGS = ("", "", "", "请问", "想问下", "问一下", "我想知道", "老家这边", "单位", "老板", "我们厂")
_ENDINGS = (
    "", "", "", "咋办", "怎么办", "怎么弄", "行不行", "可以吗", "能不能", "找谁", "归谁管", "谁负责",
    "有啥规定", "啥条件", "要多久", "多少钱", "罚多少", "怎么罚", "要交啥材料", "合法吗",
    "有补贴吗", "有没有说法", "算不算",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, the text that answers it, and the text's key (equal keys are no negatives)."""

    question: str
    text: str
    key: str


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, gzipped or not."""
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def lay_pairs(folder: Path) -> list[Pair]:
    """Everyday questions of the training part and their official passages."""
    passages = {row["doc_id"]: f"{row['title']}\n{row['text']}" for row in rows(folder / "passages.jsonl.gz")}
    return [
        Pair(row["q"], passages[document], f"lay-{document}")
        for row in rows(folder / "train.jsonl")
        for document in row["doc_ids"]
    ]


def held_out(benchmarks: Path) -> set[str]:
    """Texts no pair may use: all articles of the statutes set, and lay passages outside its training part."""
    trained = {document for row in rows(benchmarks / "lay/train.jsonl") for document in row["doc_ids"]}
    texts = [row["text"] for row in rows(benchmarks / "statutes/articles.jsonl.gz")]
    texts += [
        row["text"] for row in rows(benchmarks / "lay/passages.jsonl.gz") if row["doc_id"] not in trained
    ]
    return {index_form(text) for text in texts}


def articles(benchmarks: Path, excluded: set[str]) -> list[dict[str, str]]:
    """Law articles with ``law``, ``article`` and ``text``, each text once, without the excluded ones."""
    found: dict[str, dict[str, str]] = {}
    for row in rows(benchmarks / "training/law_articles.jsonl.gz"):
        form = index_form(row["text"])
        if form not in excluded and len(form) >= 20:
            found.setdefault(form, row)
    return list(found.values())


def service_pairs(benchmarks: Path) -> list[Pair]:
    """Names of government services and their legal basis."""
    return [
        Pair(row["q"], row["d"], f"service-{at}")
        for at, row in enumerate(rows(benchmarks / "training/service_items.jsonl.gz"))
    ]


def reading_pairs(benchmarks: Path) -> list[Pair]:
    """Questions on encyclopaedia passages, traditional characters made simplified."""
    return [
        Pair(simplify(row["q"]), text, f"reading-{text}")
        for row in rows(benchmarks / "training/question_passage.jsonl.gz")
        for text in [simplify(row["d"])]
    ]


def synonym_pairs(synonyms: Synonyms) -> list[Pair]:
    """Everyday words and the official words they stand for, one pair for each line's word."""
    pairs = []
    for word in sorted(synonyms.vocabulary()):
        official = synonyms.expand(word).get(word)
        if official:
            strong = [term for term, weight in official.items() if weight >= 0.6] or list(official)
            pairs.append(Pair(word, "".join(strong), f"synonym-{strong[0]}"))
    return pairs


def reversed_synonyms(synonyms: Synonyms) -> dict[str, list[str]]:
    """Official word → everyday words that stand for it (weight at least 0.6)."""
    backwards: dict[str, list[str]] = {}
    for word in sorted(synonyms.vocabulary()):
        for official, weight in synonyms.expand(word).get(word, {}).items():
            if weight >= 0.6 and official != word:
                backwards.setdefault(official, []).append(word)
    return backwards


class PseudoQuestions:
    """Everyday-sounding questions made from official text.

    Args:
        everyday: Official word → everyday words.
        cut: Segmentation of a text into words.
        chance: Source of randomness.
    """

    def __init__(
        self, everyday: dict[str, list[str]], cut: Callable[[str], Sequence[str]], chance: random.Random
    ) -> None:
        self._everyday = everyday
        self._longest = max(map(len, everyday), default=0)
        self._cut = cut
        self._chance = chance

    def of(self, text: str) -> str | None:
        """A question whose answer is ``text``; None when it has no clause with a replaceable word."""
        clauses = [part for part in _CLAUSE_END.split(text) if 4 <= len(part) <= 40]
        self._chance.shuffle(clauses)
        for clause in clauses:
            words, replaced = self._translated(clause)
            if replaced:
                kept = [word for word, new in words if new or self._chance.random() > 0.45]
                return self._chance.choice(_OPENINGS) + "".join(kept) + self._chance.choice(_ENDINGS)
        return None

    def _translated(self, clause: str) -> tuple[list[tuple[str, bool]], int]:
        """Words of the clause, official ones replaced nine times in ten; marked where replaced."""
        words: list[tuple[str, bool]] = []
        at = plain = replaced = 0
        while at < len(clause):
            official = self._official(clause, at)
            if official is None or self._chance.random() < 0.1:
                at += 1
                continue
            words += [(word, False) for word in self._cut(clause[plain:at])]
            words.append((self._chance.choice(self._everyday[official]), True))
            replaced += 1
            at += len(official)
            plain = at
        words += [(word, False) for word in self._cut(clause[plain:])]
        return words, replaced

    def _official(self, text: str, at: int) -> str | None:
        for length in range(min(self._longest, len(text) - at), 1, -1):
            if text[at : at + length] in self._everyday:
                return text[at : at + length]
        return None


def pseudo_pairs(rows_: Iterable[dict[str, str]], maker: PseudoQuestions) -> list[Pair]:
    """A pseudo-question for each article that yields one, in the order of the rows."""
    pairs = []
    for at, row in enumerate(rows_):
        question = maker.of(row["text"])
        if question:
            pairs.append(Pair(question, f"{row['law']}{row['article']}\n{row['text']}", f"law-{at}"))
    return pairs


def rest_pairs(
    rows_: Iterable[dict[str, str]], cut: Callable[[str], Sequence[str]], chance: random.Random
) -> list[Pair]:
    """One sentence of an article and the rest of it, with half the shared words dropped from the sentence."""
    pairs = []
    for at, row in enumerate(rows_):
        parts = [part for part in re.split(r"(?<=[。；\n])", row["text"]) if len(part.strip()) >= 8]
        if len(parts) < 2:
            continue
        pick = chance.randrange(len(parts))
        rest = "".join(parts[:pick] + parts[pick + 1 :])
        shared = set(cut(rest))
        kept = [word for word in cut(parts[pick]) if word not in shared or chance.random() < 0.5]
        pairs.append(Pair("".join(kept[:30]), rest, f"law-{at}"))
    return pairs


def title_pairs(rows_: Iterable[dict[str, str]]) -> list[Pair]:
    """The name of a law and an article of it."""
    return [Pair(row["law"], row["text"], f"title-{row['law']}") for row in rows_]


def is_held_out(row: Mapping[str, Any]) -> bool:
    """Whether a written question is kept for calibration: one text in ten, by the hash of its place."""
    place = "".join(str(row.get(part, "")) for part in ("law", "date", "article", "document", "start"))
    return hashlib.sha256(place.encode()).digest()[0] % 10 == 0


def written_pairs(questions: Path, rows_: Iterable[dict[str, str]], documents: Path) -> list[Pair]:
    """The project's own everyday questions and the texts they name, without those kept for calibration.

    Args:
        questions: Rows with ``q`` and the place of the text: ``law``, ``date`` and ``article``, or
            ``document`` (name of a file below ``documents``) and ``start`` (offset of a clause in it).
        rows_: Law articles.
        documents: Folder of policy documents.
    """
    articles_ = {(row["law"], row["date"], row["article"]): row for row in rows_}
    clauses = Clauses(documents)
    pairs = []
    for asked in rows(questions):
        if is_held_out(asked):
            continue
        if "document" in asked:
            text = clauses.text(asked["document"], asked["start"])
            pairs.append(Pair(asked["q"], text, f"written-{asked['document']}-{asked['start']}"))
            continue
        row = articles_.get((asked["law"], asked["date"], asked["article"]))
        if row:
            text = f"{row['law']}{row['article']}\n{row['text']}"
            pairs.append(Pair(asked["q"], text, f"written-{asked['law']}{asked['article']}"))
    return pairs


class Clauses:
    """Clauses of policy documents by document and offset, each document parsed once."""

    def __init__(self, folder: Path) -> None:
        self._files = {path.stem: path for path in folder.rglob("*.txt")}
        self._outlines: dict[str, Outline] = {}

    def text(self, document: str, start: int) -> str:
        """Headings and own text of the clause that begins at ``start``."""
        if document not in self._outlines:
            self._outlines[document] = Outline(parse_file(self._files[document]))
        outline = self._outlines[document]
        clause = next(each for each in outline.document.clauses if each.start == start)
        own = "".join(outline.document.text[slice(*span)] for span in outline.own_spans(clause))
        return " ".join([outline.document.metadata.title.value, *outline.headings(clause)]) + "\n" + own
