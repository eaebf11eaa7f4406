"""The pipeline of LangChain's tutorials: recursive splitter 500/50, one embedding model, FAISS.

``jieba``: joined with BM25 over jieba's words by the ensemble retriever (reciprocal ranks, equal weights).
"""

import worker


def prepare(variant: str, encoder: str) -> worker.Build:
    """See ``worker``."""
    import jieba
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    embeddings = HuggingFaceEmbeddings(model_name=encoder, model_kwargs={"device": "cpu"})
    if variant == "jieba":
        jieba.initialize()

    def passage(chunk: Document) -> worker.Passage:
        start = chunk.metadata["start_index"]
        return chunk.metadata["id"], ((start, start + len(chunk.page_content)),)

    def build(documents: dict[str, str]) -> tuple[list[worker.Passage], worker.Search]:
        splitter = RecursiveCharacterTextSplitter(chunk_size=500, chunk_overlap=50, add_start_index=True)
        chunks = splitter.create_documents(list(documents.values()), [{"id": name} for name in documents])
        store = FAISS.from_documents(chunks, embeddings)
        words = (
            BM25Retriever.from_documents(chunks, preprocess_func=jieba.lcut) if variant == "jieba" else None
        )

        def search(question: str, k: int) -> list[worker.Passage]:
            dense = store.as_retriever(search_kwargs={"k": k})
            if words is None:
                return [passage(chunk) for chunk in dense.invoke(question)]
            words.k = k
            both = EnsembleRetriever(retrievers=[words, dense], weights=[0.5, 0.5])
            return [passage(chunk) for chunk in both.invoke(question)[:k]]

        return [passage(chunk) for chunk in chunks], search

    return build


if __name__ == "__main__":
    worker.run(prepare)
