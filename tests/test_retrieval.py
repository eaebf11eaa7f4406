import math

import pytest

from assistant.chunking import ClauseSplitter
from assistant.datatypes import Plan, Term
from assistant.parsing import parse_text
from assistant.retrieval import Features, RankingModel, Retriever, term_match
from assistant.store.backend import LocalBackend
from assistant.text import bigrams, index_form
from samples import BICYCLES, LIBRARIES, KeywordEncoder

# Clauses of one word each, twice the same: every score is known, ties included.
WORDS = """关于若干事项的通知

一、苹果。
二、香蕉。
三、苹果。
四、橘子和苹果。
五、西瓜。
"""


def tokens(text):
    return bigrams(index_form(text))


def retriever(*texts, encoder=None):
    documents = [parse_text(text, document_id=name) for name, text in zip("abc", texts, strict=False)]
    splitter = ClauseSplitter(len)
    chunks = [chunk for each in documents for chunk in splitter.chunks(each)]
    by_id = {each.id: each.text for each in documents}
    pieces = [by_id[chunk.document][chunk.start : chunk.end] for chunk in chunks]
    vectors = encoder.encode_documents(pieces) if encoder else None
    backend = LocalBackend.build([tokens(piece) for piece in pieces], vectors)
    return Retriever(documents, chunks, backend, encoder, tokens)


def plan(*terms, question="", documents=()):
    found = tuple(term if isinstance(term, Term) else Term(term, 1.0) for term in terms)
    return Plan(question or "".join(term.text for term in found), "benefit", found, documents=documents)


def labels(hits):
    return [f"{hit.document}:{''.join(hit.path)}" for hit in hits]


@pytest.mark.parametrize(
    ("text", "official", "form", "expected"),
    [
        ("工资", {}, "提高工资水平", 1.0),
        ("工资", {}, "提高收入水平", 0.0),
        ("工钱", {"工资": 0.9}, "提高工资水平", 0.9),
        ("工钱", {"工资": 0.9, "收入": 0.3}, "收入", 0.3),
        # One of two pairs stands in the text: 0.5 · 1/2.
        ("养老点", {}, "养老服务", 0.25),
        # Two of three pairs: 0.5 · 2/3.
        ("互助养老", {}, "互助和养老", pytest.approx(0.5 * 2 / 3)),
        # Two characters have one pair, which is the whole.
        ("养老", {}, "老养", 0.0),
        # The better of an official word and a part.
        ("养老院", {"福利院": 0.1}, "养老和福利院", 0.25),
        ("工资", {"报酬": 0.5}, "工资报酬", 1.0),
        ("费", {}, "经费", 1.0),
    ],
)
def test_term_match(text, official, form, expected):
    assert term_match(Term(text, 1.0, tuple(official.items())), form) == expected


def test_the_evidence_score_is_the_logistic_function_of_its_features():
    weights = Features(0.0, 2.0, 3.0, 1.0, 0.5, 0.0, 0.0)
    model = RankingModel(weights, weights, bias=-1.5, threshold=0.4)
    features = Features(
        sparse=0.9, dense=0.5, coverage=0.25, sentence=0.75, heading=1.0, leaf=1.0, section=0.0
    )
    total = 2.0 * 0.5 + 3.0 * 0.25 + 1.0 * 0.75 + 0.5 * 1.0
    assert model.relevance(features) == pytest.approx(total) == pytest.approx(3.0)
    assert model.evidence_score(features) == pytest.approx(1 / (1 + math.exp(-1.5)))
    nothing = Features(0, 0, 0, 0, 0, 0, 0)
    assert model.evidence_score(nothing) == pytest.approx(1 / (1 + math.exp(1.5)))


def test_the_shipped_weights_leave_sparse_and_leaf_out_of_the_evidence():
    model = RankingModel.load()
    assert (model.evidence.sparse, model.evidence.leaf) == (0.0, 0.0)
    assert 0 < model.threshold < 1
    # Nothing of the question in a clause is no evidence; all of it is.
    assert model.evidence_score(Features(1, 0, 0, 0, 0, 1, 1)) < model.threshold
    assert model.evidence_score(Features(0, 1, 1, 1, 1, 0, 0)) > 0.9


def test_words_rank_clauses_and_ties_go_by_position():
    hits = retriever(WORDS).search(plan("苹果"))
    # 四 holds a word more in its one sentence, so BM25 puts it behind the two that say 苹果 alone.
    assert labels(hits)[:3] == ["a:一", "a:三", "a:四"]
    assert hits[0].score == hits[1].score > hits[2].score
    assert labels(retriever(WORDS).search(plan("苹果"), limit=2)) == ["a:一", "a:三"]


def test_equal_scores_over_documents_go_by_document():
    found = retriever(WORDS, WORDS)
    assert labels(found.search(plan("西瓜")))[:2] == ["a:五", "b:五"]
    assert labels(found.search(plan("苹果")))[:4] == ["a:一", "a:三", "b:一", "b:三"]


def test_only_the_documents_of_the_plan_are_searched():
    found = retriever(WORDS, WORDS)
    assert labels(found.search(plan("西瓜", documents=("b",))))[0] == "b:五"
    assert {hit.document for hit in found.search(plan("西瓜", documents=("b",)))} == {"b"}
    assert {key[0] for key, _ in found.explain(plan("西瓜"))} == {"a", "b"}


def test_what_an_earlier_turn_was_about_gains_three_tenths():
    found = retriever(WORDS)
    plain = {label: hit.score for label, hit in zip(*both(found.search(plan("苹果"))), strict=True)}
    hits = found.search(plan("苹果"), prior=[("a", ("三",))])
    assert labels(hits)[0] == "a:三"
    assert hits[0].score == pytest.approx(plain["a:三"] + 0.3)
    assert hits[1].score == plain["a:一"]


def both(hits):
    return labels(hits), hits


def test_features_by_hand():
    text = "关于养老的通知\n\n一、建设食堂。为老人送餐。为学生供餐。\n二、培训护理员。\n"
    features = {key[2]: each for key, each in retriever(text).explain(plan("食堂", "老人"))}
    first, second = features[("一",)], features[("二",)]
    # Both words are as rare; the heading has one of two, either sentence has one of two, the clause both.
    assert first == Features(
        sparse=1.0, dense=0.0, coverage=1.0, sentence=0.5, heading=0.5, leaf=1.0, section=0.0
    )
    assert second == Features(
        sparse=0.0, dense=0.0, coverage=0.0, sentence=0.0, heading=0.0, leaf=1.0, section=0.0
    )


def test_weights_of_terms_divide_the_coverage():
    found = retriever(WORDS)
    terms = [Term("苹果", 0.9), Term("西瓜", 0.3)]
    rarest = found._backend.idf("")
    share = {word: max(0.3, min(1.0, found._backend.idf(word) / rarest)) for word in ("苹果", "西瓜")}
    expected = 0.9 * share["苹果"] / (0.9 * share["苹果"] + 0.3 * share["西瓜"])
    assert found.coverage(terms, "苹 果") == pytest.approx(expected)
    assert found.coverage(terms, "苹果西瓜") == pytest.approx(1.0)
    assert found.coverage(terms, "") == 0.0
    assert found.coverage([], "苹果") == 0.0


def test_a_section_that_has_clauses_is_no_leaf():
    features = {key[2]: each for key, each in retriever(BICYCLES).explain(plan("站点", "巡查"))}
    assert features[("二", "（一）")].leaf == 0.0
    assert features[("二", "（一）", "1")].leaf == 1.0


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("自行车", {"a:", "a:一"}),
        ("充电", {"a:二（一）2"}),
        ("巡查", {"a:二（二）"}),
        ("图书馆", {"b:", "b:一"}),
        ("志愿者", {"b:二（一）"}),
        ("经费", {"b:二（二）"}),
    ],
)
def test_vectors_alone_find_the_clause_of_the_keyword(question, first):
    found = retriever(BICYCLES, LIBRARIES, encoder=KeywordEncoder())
    assert found.mode == "hybrid"
    assert labels(found.search(plan(question=question)))[0] in first


def test_the_dense_feature_is_the_cosine_of_the_best_chunk():
    encoder = KeywordEncoder(("食堂", "老人"))
    text = "关于事项的通知\n\n一、食堂供老人用餐。\n二、食堂。\n三、其他。\n"
    features = {
        key[2]: each.dense for key, each in retriever(text, encoder=encoder).explain(plan(question="食堂"))
    }
    # Query (1, 0, 0.1); documents (1, 1, 0.1), (1, 0, 0.1), (0, 0, 0.1).
    query = math.sqrt(1.01)
    assert features[("一",)] == pytest.approx(1.01 / (query * math.sqrt(2.01)), abs=1e-6)
    assert features[("二",)] == pytest.approx(1.0, abs=1e-6)
    assert features[("三",)] == pytest.approx(0.01 / (query * 0.1), abs=1e-6)


def test_without_vectors_the_mode_says_so():
    assert retriever(WORDS).mode == "sparse"


def test_sentences_of_a_hit_are_those_that_fit_best_first():
    text = "关于养老的通知\n\n一、建设食堂。为老人送餐到家。每年检查两次。老人食堂全部开放。\n"
    document = parse_text(text, document_id="a")
    (hit, *_) = retriever(text).search(plan("食堂", "老人"))
    shown = [document.text[start:end] for start, end in hit.sentences]
    assert shown[0] == "老人食堂全部开放。"
    assert "每年检查两次。" not in shown


def test_searching_twice_gives_the_same_hits():
    found = retriever(BICYCLES, LIBRARIES, encoder=KeywordEncoder())
    assert found.search(plan("站点", "充电桩")) == found.search(plan("站点", "充电桩"))


def test_nothing_to_search_for():
    hits = retriever(WORDS).search(plan())
    assert all(hit.coverage == 0.0 and hit.evidence < RankingModel.load().threshold for hit in hits)


def test_official_words_find_what_everyday_words_do_not():
    found = retriever(WORDS)
    assert found.search(plan("西红柿"))[0].evidence < found.model.threshold
    hits = found.search(plan(Term("林檎", 1.0, (("苹果", 0.9),))))
    assert labels(hits)[:2] == ["a:一", "a:三"]
    assert hits[0].coverage == pytest.approx(0.9)
