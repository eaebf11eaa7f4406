"""This project: clauses by its retriever, each with its own text (sub-clauses are results of their own)."""

import tempfile
from pathlib import Path

import worker


def prepare(variant: str, encoder: str) -> worker.Build:
    """See ``worker``; the default encoder is the one the others are given."""
    from assistant.config import Settings
    from assistant.pipeline import Assistant, index_corpus

    def build(documents: dict[str, str]) -> tuple[list[worker.Passage], worker.Search]:
        with tempfile.TemporaryDirectory() as folder:
            corpus = Path(folder) / "corpus"
            corpus.mkdir()
            for name, text in documents.items():
                (corpus / f"{name}.txt").write_text(text, encoding="utf-8")
            settings = Settings(corpus_dir=corpus, index_dir=Path(folder) / "index")
            index_corpus(settings, progress=lambda line: None)
            assistant = Assistant.open(settings)
        for document in assistant.index.documents:
            if document.text != documents[document.id]:
                raise ValueError(f"{document.id}: the text read back is another, offsets would not agree")
        passages = list(
            dict.fromkeys((each.document, each.part, each.path) for each in assistant.index.chunks)
        )

        def passage(key: tuple[str, str, tuple[str, ...]]) -> worker.Passage:
            outline = assistant.retriever.outlines[key[0]]
            return key[0], tuple(outline.own_spans(outline.by_key.get(key[1:])))

        def search(question: str, k: int) -> list[worker.Passage]:
            hits = assistant.retriever.search(assistant.planner.plan(question), limit=k)
            return [passage((each.document, each.part, each.path)) for each in hits]

        return [passage(key) for key in passages], search

    return build


if __name__ == "__main__":
    worker.run(prepare)
