"""LlamaIndex as its starter example: sentence splitter (1,024 tokens, overlap 200), in-memory vector index.

``jieba``: fused with its BM25 over jieba's words by reciprocal ranks (one query, so no language model).
"""

from typing import Any

import worker


def prepare(variant: str, encoder: str) -> worker.Build:
    """See ``worker``."""
    import jieba
    from llama_index.core import Document, Settings, VectorStoreIndex
    from llama_index.core.llms import MockLLM
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.retrievers import QueryFusionRetriever

    Settings.embed_model = _embedding(encoder)
    Settings.llm = MockLLM()
    if variant == "jieba":
        jieba.initialize()

    def split(documents: dict[str, str]) -> list[Any]:
        nodes: list[Any] = SentenceSplitter().get_nodes_from_documents(
            [Document(text=text, id_=name) for name, text in documents.items()]
        )
        for node in nodes:
            # Kept as metadata, because BM25's copies of the nodes lose their offsets; not embedded.
            node.metadata = {"id": node.ref_doc_id, "start": node.start_char_idx, "end": node.end_char_idx}
            node.excluded_embed_metadata_keys = ["id", "start", "end"]
        return nodes

    def build(documents: dict[str, str]) -> tuple[list[worker.Passage], worker.Search]:
        nodes = split(documents)
        index = VectorStoreIndex(nodes)
        words = _by_words(nodes) if variant == "jieba" else None

        def search(question: str, k: int) -> list[worker.Passage]:
            dense = index.as_retriever(similarity_top_k=k)
            if words is None:
                return [_passage(found.node) for found in dense.retrieve(question)]
            words.similarity_top_k = min(k, len(nodes))
            both = QueryFusionRetriever(
                [words, dense],
                similarity_top_k=k,
                num_queries=1,
                mode="reciprocal_rerank",
                use_async=False,
            )
            return [_passage(found.node) for found in both.retrieve(" ".join(jieba.lcut(question)))]

        return [_passage(node) for node in nodes], search

    return build


def _passage(node: Any) -> worker.Passage:
    return node.metadata["id"], ((int(node.metadata["start"]), int(node.metadata["end"])),)


def _by_words(nodes: list[Any]) -> Any:
    """Its BM25 retriever over jieba's words, which it takes ready-made only."""
    import bm25s
    import jieba
    from llama_index.core.vector_stores.utils import node_to_metadata_dict
    from llama_index.retrievers.bm25 import BM25Retriever

    model = bm25s.BM25(corpus=[node_to_metadata_dict(node) | {"node_id": node.node_id} for node in nodes])
    model.index([jieba.lcut(node.text) for node in nodes], show_progress=False)
    return BM25Retriever(existing_bm25=model, skip_stemming=True, token_pattern=r"\S+")


def _embedding(encoder: str) -> Any:
    """The model in a class of ours: its own one sets a greatest length, which static encoders lack."""
    from llama_index.core.embeddings import BaseEmbedding
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(encoder, device="cpu")

    class StaticEmbedding(BaseEmbedding):  # type: ignore[misc]
        def _get_text_embedding(self, text: str) -> list[float]:
            vector: list[float] = model.encode(text, show_progress_bar=False).tolist()
            return vector

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = model.encode(texts, show_progress_bar=False).tolist()
            return vectors

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    return StaticEmbedding()


if __name__ == "__main__":
    worker.run(prepare)
