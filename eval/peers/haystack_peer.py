"""Haystack as its tutorials: document splitter (200 words), document store in memory, embedding retriever.

``default`` counts words by spaces, of which Chinese has none: a passage is most of a document. ``jieba``:
the text comes with a space after each of jieba's words, and BM25 is joined by reciprocal ranks.
"""

import worker


def prepare(variant: str, encoder: str) -> worker.Build:
    """See ``worker``."""
    import jieba
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack.utils import ComponentDevice
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    device = ComponentDevice.from_str("cpu")
    embedder = SentenceTransformersDocumentEmbedder(model=encoder, device=device, progress_bar=False)
    query_embedder = SentenceTransformersTextEmbedder(model=encoder, device=device, progress_bar=False)
    embedder.warm_up()
    query_embedder.warm_up()
    if variant == "jieba":
        jieba.initialize()

    def build(documents: dict[str, str]) -> tuple[list[worker.Passage], worker.Search]:
        texts = {
            name: worker.segmented(text) if variant == "jieba" else (text, list(range(len(text))))
            for name, text in documents.items()
        }
        splitter = DocumentSplitter()
        splitter.warm_up()
        chunks = splitter.run(
            documents=[Document(content=text, meta={"id": name}) for name, (text, _) in texts.items()]
        )["documents"]
        store = InMemoryDocumentStore(**({"bm25_tokenization_regex": r"\S+"} if variant == "jieba" else {}))
        store.write_documents(embedder.run(documents=chunks)["documents"])
        dense = InMemoryEmbeddingRetriever(document_store=store)
        words = InMemoryBM25Retriever(document_store=store)
        joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

        def passage(chunk: Document) -> worker.Passage:
            name, start = chunk.meta["id"], chunk.meta["split_idx_start"]
            places = texts[name][1]
            return name, ((places[start], places[start + len(chunk.content) - 1] + 1),)

        def search(question: str, k: int) -> list[worker.Passage]:
            asked = " ".join(jieba.lcut(question)) if variant == "jieba" else question
            vector = query_embedder.run(text=asked)["embedding"]
            found = dense.run(query_embedding=vector, top_k=k)["documents"]
            if variant == "jieba":
                matches = words.run(query=asked, top_k=k)["documents"]
                found = joiner.run(documents=[matches, found], top_k=k)["documents"]
            return [passage(chunk) for chunk in found]

        return [passage(chunk) for chunk in chunks], search

    return build


if __name__ == "__main__":
    worker.run(prepare)
