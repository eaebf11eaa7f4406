"""Make ``assistant/data/paraphrases.txt`` from written questions: ``python eval/training/paraphrases.py``.

Each row of ``lay_questions.jsonl`` names the everyday words of the question and the official words of the
text that say the same there. A pair that several questions have is a synonym; a pair of one question is a
hint. Rows kept for calibration take no part.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import encoder_pairs

from assistant.text import index_form
from assistant.understanding.topics import read_stopwords

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[1] / "assistant" / "data" / "paraphrases.txt"
WEIGHTS = {1: 0.4, 2: 0.6}  # by the number of questions that have the pair
OFTEN = 0.8
MOST = 5  # official words of one everyday word
HEAD = """\
# 口语 → 公文用语的旁证（由 eval/training/paraphrases.py 根据 lay_questions.jsonl 生成，请勿手改）
# 格式与 synonyms.txt 相同；权重按有此对应的问题个数：一个 0.4，两个 0.6，三个以上 0.8。
"""


def counted(questions: Iterable[dict[str, object]]) -> Counter[tuple[str, str]]:
    """How many questions have each pair of everyday and official words, in index form."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in questions:
        pairs = row.get("pairs", [])
        assert isinstance(pairs, list)
        counts.update({(index_form(everyday), index_form(official)) for everyday, official in pairs})
    return counts


def lines(counts: Counter[tuple[str, str]], excluded: frozenset[str]) -> list[str]:
    """A line for each everyday word, its official words by falling count, then in code point order."""
    found: dict[str, list[tuple[int, str]]] = {}
    for (everyday, official), count in counts.items():
        usable = len(everyday) > 1 and len(official) > 1 and everyday not in excluded
        if usable and everyday != official and not any(mark in everyday + official for mark in "#:=> "):
            found.setdefault(everyday, []).append((-count, official))
    return [
        f"{everyday} => {' '.join(map(_weighted, sorted(words)[:MOST]))}"
        for everyday, words in sorted(found.items())
    ]


def _weighted(word: tuple[int, str]) -> str:
    return f"{word[1]}:{WEIGHTS.get(-word[0], OFTEN)}"


def main() -> None:
    """Write the file and say how long it is."""
    questions = [
        row for row in encoder_pairs.rows(HERE / "lay_questions.jsonl") if not encoder_pairs.is_held_out(row)
    ]
    excluded = read_stopwords("stopwords.txt") | read_stopwords("genericwords.txt")
    made = lines(counted(questions), excluded)
    OUT.write_text(HEAD + "\n".join(made) + "\n", encoding="utf-8")
    print(json.dumps({"questions": len(questions), "everyday words": len(made)}))


if __name__ == "__main__":
    main()
