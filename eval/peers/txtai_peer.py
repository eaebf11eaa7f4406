"""txtai as its examples: one text per paragraph, dense embeddings.

``jieba``: hybrid with its BM25, split at white space, over texts with a space after each of jieba's words.
"""

import worker


def prepare(variant: str, encoder: str) -> worker.Build:
    """See ``worker``."""
    import jieba
    from txtai import Embeddings
    from txtai.pipeline import Segmentation

    scoring = {"method": "bm25", "terms": True, "normalize": True, "tokenizer": {"whitespace": True}}
    embeddings = Embeddings(
        path=encoder,
        method="sentence-transformers",
        gpu=False,
        **({"hybrid": True, "scoring": scoring} if variant == "jieba" else {}),
    )
    if variant == "jieba":
        jieba.initialize()

    def spaced(text: str) -> str:
        return " ".join(jieba.lcut(text)) if variant == "jieba" else text

    def build(documents: dict[str, str]) -> tuple[list[worker.Passage], worker.Search]:
        segment = Segmentation(paragraphs=True, cleantext=False)
        passages: list[worker.Passage] = []
        for name, text in documents.items():
            pieces = [piece for piece in segment(text) if piece.strip()]
            passages += [(name, (span,)) for span in worker.located(text, pieces)]
        texts = [documents[name][spans[0][0] : spans[0][1]] for name, spans in passages]
        embeddings.index(enumerate(map(spaced, texts)))

        def search(question: str, k: int) -> list[worker.Passage]:
            return [passages[number] for number, _ in embeddings.search(spaced(question), k)]

        return passages, search

    return build


if __name__ == "__main__":
    worker.run(prepare)
