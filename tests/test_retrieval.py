import math
from collections import Counter

import pytest

from assistant.chunking import ClauseSplitter
from assistant.datatypes import Plan, Term
from assistant.parsing import parse_text
from assistant.places import Gazetteer
from assistant.ranking import Features, RankingModel
from assistant.retrieval import Retriever, term_match
from assistant.store.backend import LocalBackend
from assistant.store.index import indexed_text
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
# Places, kinds of value, aspects, headings and two levels of clauses.
CANTEENS = """凤山县关于办好老年食堂的通知

一、建设食堂

（一）选好地点。食堂设在社区。每处补助5万元。

（二）开展助餐。为老人送餐。

二、违规处理

冒领补助的，由县民政局处以罚款。
"""
CAR_PARKS = """平川县停车管理办法

一、停车收费

停车每小时2元。
"""
SUBSIDIES = """补助发放办法

一、补助标准

食堂补助另行规定。
"""
NOTHING = Features(*[0.0] * len(Features._fields))
GAZETTEER = Gazetteer.load()


def model(**weights):
    """Relevance by these weights; evidence is what is covered, from the half on."""
    evidence = NOTHING._replace(coverage=10.0)
    return RankingModel(NOTHING._replace(**weights), evidence, bias=-5.0, threshold=0.5)


def tokens(text):
    return bigrams(index_form(text))


def retriever(*texts, encoder=None, weights=None, size=80):
    """Documents a, b, … indexed as in production; BM25 alone orders them unless told otherwise."""
    documents = [parse_text(text, document_id=name) for name, text in zip("abcd", texts, strict=False)]
    splitter = ClauseSplitter(len, chunk_size=size)
    chunks = [chunk for each in documents for chunk in splitter.chunks(each)]
    by_id = {each.id: each.text for each in documents}
    pieces = [indexed_text(chunk, by_id[chunk.document]) for chunk in chunks]
    vectors = encoder.encode_documents(pieces) if encoder else None
    owners = [chunk.document for chunk in chunks]
    backend = LocalBackend.build([tokens(piece) for piece in pieces], vectors, owners)
    found = Retriever(documents, chunks, backend, encoder, tokens, GAZETTEER)
    found.model = model(**(weights or {"sparse": 1.0}))
    return found


def plan(*terms, **options):
    """A plan as the planner makes one: the topic is made up of the terms, the question of the topic."""
    found = tuple(term if isinstance(term, Term) else Term(term, 1.0) for term in terms)
    topic = options.pop("topic", " ".join(term.text for term in found))
    question = options.pop("question", topic.replace(" ", ""))
    return Plan(question, "benefit", found, topic, **options)


def labels(hits):
    return [f"{hit.document}:{''.join(hit.path)}" for hit in hits]


def features(found, asked):
    """Features by ``document:label``."""
    return {f"{key[0]}:{''.join(key[2])}": each for key, each in found.explain(asked)}


def column(found, asked, name):
    return {label: getattr(each, name) for label, each in features(found, asked).items()}


# How well a text contains a term


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


# Features by hand. The chunks of CANTEENS and CAR_PARKS, each with its title and headings before it:
# a: (title), a:一, a:一（一）, a:一（二）, a:二, b: (title), b:一. Seven chunks.


def idf(frequency, size=7):
    return math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))


def bm25(texts, query):
    """Reference: the formula term by term, k1 = 1.5 and b = 0.75."""
    counted = [Counter(tokens(text)) for text in texts]
    average = sum(map(Counter.total, counted)) / len(counted)
    return [
        sum(
            weight
            * idf(sum(token in other for other in counted), len(counted))
            * each[token]
            / (each[token] + 1.5 * (0.25 + 0.75 * each.total() / average))
            for token, weight in query.items()
        )
        for each in counted
    ]


TITLE = "凤山县关于办好老年食堂的通知"
INDEXED = {
    "a:": f"{TITLE}\n{TITLE}",
    "a:一": f"{TITLE} 建设食堂\n一、建设食堂",
    "a:一（一）": f"{TITLE} 建设食堂 选好地点\n（一）选好地点。食堂设在社区。每处补助5万元。",
    "a:一（二）": f"{TITLE} 建设食堂 开展助餐\n（二）开展助餐。为老人送餐。",
    "a:二": f"{TITLE} 违规处理\n二、违规处理\n\n冒领补助的，由县民政局处以罚款。",
    "b:": "平川县停车管理办法\n平川县停车管理办法",
    "b:一": "平川县停车管理办法 停车收费\n一、停车收费\n\n停车每小时2元。",
}
# 食堂 stands in the five chunks of a, 老人 and 助餐 in one, 吃饭 in none.
MEALS = (Term("老人", 1.0), Term("吃饭", 0.5, (("助餐", 0.8),)), Term("食堂", 1.0))
QUERY = {"老人": 1.0, "人吃": 1.0, "吃饭": 1.0, "食堂": 1.0}


def asked(**options):
    return plan(*MEALS, topic="老人吃饭 食堂", **options)


def test_the_chunks_are_as_the_tables_below_have_them():
    found = retriever(CANTEENS, CAR_PARKS)
    texts = {name: document.text for name, document in found.documents.items()}
    indexed = {
        f"{chunk.document}:{''.join(chunk.path)}": indexed_text(chunk, texts[chunk.document])
        for chunk in found._chunks
    }
    assert indexed == INDEXED


def test_sparse_is_bm25_against_the_best_chunk():
    # An official word counts three tenths of its weight of 0.8.
    scores = bm25(list(INDEXED.values()), QUERY | {"助餐": 0.24})
    expected = {label: score / max(scores) for label, score in zip(INDEXED, scores, strict=True) if score}
    assert column(retriever(CANTEENS, CAR_PARKS), asked(), "sparse") == pytest.approx(expected, abs=1e-6)


def test_official_is_the_part_of_the_official_words():
    top = max(bm25(list(INDEXED.values()), QUERY | {"助餐": 0.24}))
    alone = dict(zip(INDEXED, bm25(list(INDEXED.values()), {"助餐": 0.8}), strict=True))
    found = column(retriever(CANTEENS, CAR_PARKS), asked(), "official")
    expected = dict.fromkeys(found, 0.0) | {"a:一（二）": alone["a:一（二）"] / top}
    assert found == pytest.approx(expected, abs=1e-6)
    # A word that the question says itself is not official.
    said = plan(Term("助餐", 1.0, (("助餐", 0.8),)))
    assert set(column(retriever(CANTEENS, CAR_PARKS), said, "official").values()) == {0.0}


def test_document_is_bm25_of_the_document_against_the_best_one():
    whole = {
        # A full stop between the chunks: no pair of characters reaches from one into the next.
        name: "。".join(text for label, text in INDEXED.items() if label.startswith(name))
        for name in "ab"
    }
    # 停车 stands in b alone, 食堂 in a alone; a has more of the one than b of the other.
    query = {"食堂": 1.0, "停车": 1.0}
    a, b = bm25(list(whole.values()), query)
    top = max(a, b)
    found = column(retriever(CANTEENS, CAR_PARKS), plan("食堂", "停车"), "document")
    assert {label[0]: share for label, share in found.items()} == pytest.approx(
        {"a": a / top, "b": b / top}, abs=1e-6
    )
    assert min(a, b) / top < 0.99


def test_dense_is_the_cosine_with_the_question():
    encoder = KeywordEncoder(("食堂", "老人"))
    text = "关于事项的通知\n\n一、食堂供老人用餐。\n二、食堂。\n三、其他。\n"
    found = retriever(text, encoder=encoder)
    # Query (1, 0, 0.1); chunks (0, 0, 0.1), (1, 1, 0.1), (1, 0, 0.1), (0, 0, 0.1).
    query = math.sqrt(1.01)
    neither = 0.01 / (query * 0.1)
    expected = {"a:": neither, "a:一": 1.01 / (query * math.sqrt(2.01)), "a:二": 1.0, "a:三": neither}
    assert column(found, plan(question="食堂"), "dense") == pytest.approx(expected, abs=1e-6)


class Opposite(KeywordEncoder):
    """Questions point away from everything."""

    def encode_queries(self, texts):
        return super().encode_queries(texts) if len(texts) > 1 else -super().encode_queries(texts)


def test_an_opposite_direction_is_no_similarity():
    found = column(retriever(WORDS, encoder=Opposite(("苹果",))), plan("苹果"), "dense")
    assert set(found.values()) == {0.0}


def rarity(frequency, size=7):
    """Of a term: from 0.3 (in every chunk) to 1 (in none)."""
    return max(0.3, idf(frequency, size) / idf(0, size))


def test_coverage_and_sentence_are_shares_of_the_content_words():
    # 吃饭 is as rare as 助餐, the word that stands for it and is in one chunk; 食堂 is in five of seven.
    old, meal, canteen = rarity(1), 0.5 * rarity(1), rarity(5)
    total = old + meal + canteen
    found = features(retriever(CANTEENS, CAR_PARKS), asked())
    # Chunk and context, official words counting 0.8.
    assert {label: each.coverage for label, each in found.items()} == pytest.approx(
        {
            "a:": canteen / total,
            "a:一": canteen / total,
            "a:一（一）": canteen / total,
            "a:一（二）": (old + 0.8 * meal + canteen) / total,
            "a:二": canteen / total,
        }
    )
    # 为老人送餐。 has one word; the context is no sentence.
    assert {label: each.sentence for label, each in found.items()} == pytest.approx(
        {
            "a:": canteen / total,
            "a:一": canteen / total,
            "a:一（一）": canteen / total,
            "a:一（二）": old / total,
            "a:二": 0.0,
        }
    )


def test_wording_and_phrase_are_shares_of_the_own_tokens():
    total = idf(1) + 2 * idf(0) + idf(5)  # 老人, 人吃 and 吃饭, 食堂
    found = features(retriever(CANTEENS, CAR_PARKS), asked())
    assert {label: each.wording for label, each in found.items()} == pytest.approx(
        {
            "a:": idf(5) / total,
            "a:一": idf(5) / total,
            "a:一（一）": idf(5) / total,
            "a:一（二）": (idf(1) + idf(5)) / total,
            "a:二": idf(5) / total,
        }
    )
    assert {label: each.phrase for label, each in found.items()} == pytest.approx(
        {
            "a:": idf(5) / total,
            "a:一": idf(5) / total,
            "a:一（一）": idf(5) / total,
            "a:一（二）": idf(1) / total,
            "a:二": 0.0,
        }
    )


def test_terms_from_elsewhere_are_searched_for_by_their_weight():
    # The topic has 食堂; 补助 is carried over from an earlier turn with half the weight.
    found = retriever(CANTEENS, CAR_PARKS)
    carried = plan("食堂", Term("补助", 0.5), topic="食堂")
    scores = bm25(list(INDEXED.values()), {"食堂": 1.0, "补助": 0.5})
    expected = {label: score / max(scores) for label, score in zip(INDEXED, scores, strict=True) if score}
    assert column(found, carried, "sparse") == pytest.approx(expected, abs=1e-6)


def test_a_word_said_twice_counts_twice():
    scores = bm25(list(INDEXED.values()), {"食堂": 2.0, "补助": 1.0})
    expected = {label: score / max(scores) for label, score in zip(INDEXED, scores, strict=True) if score}
    found = column(retriever(CANTEENS, CAR_PARKS), plan("食堂", "补助", topic="食堂 食堂 补助"), "sparse")
    assert found == pytest.approx(expected, abs=1e-6)


def test_documents_that_are_named_are_marked():
    found = column(retriever(CANTEENS, CAR_PARKS), plan("食堂", "停车", documents=("b",)), "named")
    assert found == {label: float(label.startswith("b")) for label in INDEXED}


@pytest.mark.parametrize(
    ("places", "own", "other", "none"),
    [
        (("凤山县",), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)),
        (("平川县",), (0.0, 1.0), (1.0, 0.0), (0.0, 0.0)),
        (("凤山县", "平川县"), (1.0, 0.0), (1.0, 0.0), (0.0, 0.0)),
        (("海南省",), (0.0, 1.0), (0.0, 1.0), (0.0, 0.0)),
        ((), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)),
    ],
)
def test_place_and_elsewhere_are_of_the_document(places, own, other, none):
    found = features(retriever(CANTEENS, CAR_PARKS, SUBSIDIES), plan("食堂", "停车", "补助", places=places))
    expected = {"a": own, "b": other, "c": none}
    assert {label[0] for label in found} == {"a", "b", "c"}
    for label, each in found.items():
        assert (each.place, each.elsewhere) == expected[label[0]]


def test_the_rules_of_the_province_fit_its_city_half():
    province = "山西省供暖条例\n\n一、供暖期\n\n供暖期由各市规定。\n"
    city = "大同市供暖办法\n\n一、供暖期\n\n供暖期为五个月。\n"
    titleless = "吕梁市的供暖期从十月底开始。供暖期为五个月。\n"
    found = features(retriever(province, city, titleless), plan("供暖期", places=("大同市",)))
    places = {label[0]: (each.place, each.elsewhere) for label, each in found.items()}
    assert places == {"a": (0.5, 0.0), "b": (1.0, 0.0), "c": (0.0, 1.0)}


def test_value_tells_whether_the_kind_asked_for_is_given():
    found = retriever(CANTEENS, CAR_PARKS)
    money = column(found, plan("食堂", "停车", expects="money"), "value")
    given = {"a:一（一）": 1.0, "b:一": 1.0}  # 5万元, 2元
    assert money == dict.fromkeys(INDEXED, -1.0) | given
    assert column(found, plan("食堂", "停车"), "value") == dict.fromkeys(INDEXED, 0.0)
    percent = column(found, plan("食堂", "停车", expects="percent"), "value")
    assert percent == dict.fromkeys(INDEXED, -1.0)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("食堂停车", {}),
        # Punishment: 罚款.
        ("食堂停车会罚吗", {"a:二": 1.0}),
        # Authority: 县民政局.
        ("食堂停车归谁", {"a:二": 1.0}),
        # Both at once: two for what tells both, minus two for what tells neither.
        ("食堂停车归谁罚", {"a:二": 2.0}),
        # Procedure is told nowhere (a title's 办好 is not in the chunk), punishment once.
        ("食堂停车怎么办会罚吗", {"a:二": 0.0}),
    ],
)
def test_aspect_counts_each_aspect_for_or_against(question, told):
    count = {"食堂停车": 0, "食堂停车归谁罚": 2, "食堂停车怎么办会罚吗": 2}.get(question, 1)
    found = column(retriever(CANTEENS, CAR_PARKS), plan("食堂", "停车", question=question), "aspect")
    assert found == dict.fromkeys(INDEXED, -1.0 * count) | told


def test_heading_is_the_share_in_the_own_heading_and_the_one_around_it():
    found = column(retriever(CANTEENS, CAR_PARKS), asked(), "heading")
    # Weights 1, 0.5 and 1: 建设食堂 has one, 开展助餐 stands for 吃饭 with 0.8.
    assert found == pytest.approx(
        {"a:": 0.0, "a:一": 0.4, "a:一（一）": 0.4, "a:一（二）": (1 + 0.5 * 0.8) / 2.5, "a:二": 0.0}
    )
    deep = "关于事项的通知\n\n一、食堂工作\n\n（一）建设工作\n\n1、助餐工作。每天开门。\n"
    third = column(retriever(deep), plan("食堂", "助餐"), "heading")
    # The outermost of three headings does not count.
    assert third["a:一（一）1"] == 0.5
    assert third["a:一（一）"] == 0.5


def test_a_section_that_has_clauses_is_no_leaf():
    assert column(retriever(CANTEENS, CAR_PARKS), plan("食堂", "停车"), "leaf") == {
        "a:": 0.0,
        "a:一": 0.0,
        "a:一（一）": 1.0,
        "a:一（二）": 1.0,
        "a:二": 1.0,
        "b:": 0.0,
        "b:一": 1.0,
    }
    # A text without clauses is one.
    assert column(retriever("食堂每天开门。\n"), plan("食堂"), "leaf") == {"a:": 1.0}


def test_section_is_the_one_that_the_question_names():
    found = retriever(CANTEENS, CAR_PARKS)
    inside = {"a:一": 1.0, "a:一（一）": 1.0, "a:一（二）": 1.0}
    named = plan("建设", "食堂", "停车", question="建设那块怎么补助")
    assert column(found, named, "section") == {label: inside.get(label, 0.0) for label in INDEXED}
    unnamed = plan("补助", "停车", question="怎么补助")
    assert set(column(found, unnamed, "section").values()) == {0.0}


# Order


def test_words_rank_clauses_and_ties_go_by_position():
    # 四 holds a word more in its one sentence, so BM25 puts it behind the two that say 苹果 alone.
    hits = retriever(WORDS).search(plan("苹果"))
    assert labels(hits) == ["a:一", "a:三", "a:四"]
    assert hits[0].score == hits[1].score == 1.0 > hits[2].score
    assert labels(retriever(WORDS).search(plan("苹果"), limit=2)) == ["a:一", "a:三"]


def test_chunks_rank_by_score_then_by_position():
    found = retriever(WORDS, WORDS, weights={"leaf": 1.0})
    ranked = found.rank(plan("苹果", "西瓜"))
    # All leaves with a word score the same: as they stand in the index.
    assert {each.score for each in ranked} == {1.0}
    assert [found._chunks[each.position].path[0] for each in ranked] == ["一", "三", "四", "五"] * 2
    assert [found._chunks[each.position].document for each in ranked] == ["a"] * 4 + ["b"] * 4
    found.model = model(sparse=1.0)
    ranked = found.rank(plan("苹果", "西瓜"))
    assert ranked == sorted(ranked, key=lambda each: (-each.score, each.position))
    assert [each.score for each in ranked] == [each.features.sparse for each in ranked]


def test_equal_scores_over_documents_go_by_document():
    found = retriever(WORDS, WORDS)
    assert labels(found.search(plan("西瓜"))) == ["a:五", "b:五"]
    assert labels(found.search(plan("苹果"), limit=4)) == ["a:一", "a:三", "b:一", "b:三"]


@pytest.mark.parametrize("encoder", [None, KeywordEncoder(("苹果",))])
def test_of_many_equal_chunks_the_first_are_considered(encoder):
    many = "关于若干事项的通知\n\n" + "".join(f"第{number}条 苹果\n" for number in range(1, 91))
    ranked = retriever(many, encoder=encoder, weights={"sparse": 1.0, "dense": 1.0}).rank(plan("苹果"))
    assert len({each.score for each in ranked}) == 1
    first = ranked[0].position
    assert 1 < len(ranked) < 90
    assert [each.position for each in ranked] == list(range(first, first + len(ranked)))


def test_a_clause_ranks_by_its_best_chunk_and_stands_once():
    text = "关于事项的通知\n\n一、每天开门。周末休息。苹果很甜。橘子不甜。\n二、香蕉和苹果。\n"
    found = retriever(text, size=5)
    chunks = [chunk for chunk in found._chunks if chunk.path == ("一",)]
    assert len(chunks) > 3
    ranked = found.rank(plan("苹果"))
    best = {}
    for candidate in ranked:
        chunk = found._chunks[candidate.position]
        best.setdefault((chunk.document, chunk.part, chunk.path), candidate.features)
    assert dict(found.explain(plan("苹果"))) == best
    keys = [key for key, _ in found.explain(plan("苹果"))]
    assert len(keys) == len(set(keys))
    assert labels(found.search(plan("苹果"))) == ["".join((key[0], ":", *key[2])) for key in keys]


def test_only_the_documents_of_a_restricted_plan_are_searched():
    found = retriever(WORDS, WORDS, encoder=KeywordEncoder(("西瓜",)))
    restricted = plan("西瓜", documents=("b",), restricted=True)
    assert {hit.document for hit in found.search(restricted, limit=99)} == {"b"}
    assert labels(found.search(restricted))[0] == "b:五"
    # Scores are against the best chunk of these documents.
    apples = "关于水果的通知\n\n一、苹果苹果苹果。\n"
    some = retriever(WORDS, apples)
    assert max(column(some, plan("苹果"), "sparse").items(), key=lambda pair: pair[1]) == ("b:一", 1.0)
    assert column(some, plan("苹果", documents=("a",), restricted=True), "sparse")["a:一"] == 1.0


def test_documents_that_are_only_preferred_leave_the_others_in():
    found = retriever(WORDS, WORDS, weights={"sparse": 1.0, "named": 0.5})
    hits = found.search(plan("西瓜", documents=("b",)))
    assert [(label, hit.score) for label, hit in zip(labels(hits), hits, strict=True)] == [
        ("b:五", 1.5),
        ("a:五", 1.0),
    ]


def test_what_an_earlier_turn_was_about_gains_three_tenths():
    found = retriever(WORDS)
    plain = {label: hit.score for label, hit in zip(*both(found.search(plan("苹果"))), strict=True)}
    hits = found.search(plan("苹果"), prior=[("a", ("三",))])
    assert labels(hits)[0] == "a:三"
    assert hits[0].score == pytest.approx(plain["a:三"] + 0.3)
    assert hits[1].score == plain["a:一"]


def both(hits):
    return labels(hits), hits


def test_official_words_find_what_everyday_words_do_not():
    found = retriever(WORDS)
    assert found.search(plan("林檎")) == []
    hits = found.search(plan(Term("林檎", 1.0, (("苹果", 0.9),))))
    assert labels(hits) == ["a:一", "a:三", "a:四"]
    assert hits[0].coverage == pytest.approx(0.9)


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
    found = retriever(BICYCLES, LIBRARIES, encoder=KeywordEncoder(), weights={"dense": 1.0})
    assert found.mode == "hybrid"
    assert labels(found.search(plan(question=question)))[0] in first


def test_without_vectors_the_mode_says_so():
    assert retriever(WORDS).mode == "sparse"


def test_nothing_to_search_for():
    assert retriever(WORDS).search(plan()) == []
    by_meaning = retriever(WORDS, encoder=KeywordEncoder(("苹果",))).search(plan(question="苹果"))
    assert by_meaning
    assert all(hit.coverage == 0.0 and hit.evidence < 0.5 for hit in by_meaning)


# Hits


def test_coverage_and_evidence_of_a_hit_are_those_of_its_best_chunk():
    found = retriever(CANTEENS, CAR_PARKS)
    explained = features(found, asked())
    hits = found.search(asked())
    assert len(hits) == 5
    for label, hit in zip(*both(hits), strict=True):
        assert hit.coverage == explained[label].coverage
        assert hit.evidence == pytest.approx(1 / (1 + math.exp(5 - 10 * explained[label].coverage)))
        assert hit.score == found.model.relevance(explained[label])


def test_weights_of_terms_divide_the_coverage():
    found = retriever(WORDS)
    terms = [Term("苹果", 0.9), Term("西瓜", 0.3)]
    # Of six chunks, 苹果 is in three (as common as words come) and 西瓜 in one.
    apple, melon = 0.9 * rarity(3, 6), 0.3 * rarity(1, 6)
    assert apple == 0.9 * 0.3
    assert found.coverage(terms, "苹 果") == pytest.approx(apple / (apple + melon))
    assert found.coverage(terms, "苹果西瓜") == pytest.approx(1.0)
    assert found.coverage(terms, "") == 0.0
    assert found.coverage([], "苹果") == 0.0


def test_sentences_of_a_hit_are_those_that_fit_best_first():
    text = "关于养老的通知\n\n一、建设食堂。为老人送餐到家。每年检查两次。老人食堂全部开放。\n"
    document = parse_text(text, document_id="a")
    (hit, *_) = retriever(text).search(plan("食堂", "老人"))
    shown = [document.text[start:end] for start, end in hit.sentences]
    assert shown[0] == "老人食堂全部开放。"
    assert "每年检查两次。" not in shown


def test_a_document_of_another_place_is_elsewhere():
    found = retriever(CANTEENS, CAR_PARKS, SUBSIDIES)
    told = [found.is_elsewhere(plan("食堂", places=("凤山县",)), name) for name in "abc"]
    assert told == [False, True, False]
    assert not any(found.is_elsewhere(plan("食堂"), name) for name in "abc")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("送餐", True),
        ("凤山县", True),  # in titles
        ("选好 地点", True),
        ("县民政局", True),
        ("平川", True),
        ("川平", False),
        ("食堂停车", False),  # both words, not one after the other
        ("北京市", False),
    ],
)
def test_words_that_some_chunk_mentions(words, expected):
    assert retriever(CANTEENS, CAR_PARKS).mentions(words) is expected


# Repetition


def test_searching_twice_gives_the_same_hits():
    found = retriever(BICYCLES, LIBRARIES, encoder=KeywordEncoder())
    assert found.search(plan("站点", "充电桩")) == found.search(plan("站点", "充电桩"))


class Forgetful(dict):
    """A cache that another thread empties at the worst moment."""

    def __setitem__(self, key, value):
        pass

    def update(self, *given, **named):
        pass


def test_caches_that_are_emptied_meanwhile_change_nothing():
    expected = retriever(BICYCLES, LIBRARIES, encoder=KeywordEncoder()).search(plan("站点", "充电桩"))
    found = retriever(BICYCLES, LIBRARIES, encoder=KeywordEncoder())
    found._prepared, found._embedded = Forgetful(), Forgetful()
    assert found.search(plan("站点", "充电桩")) == expected
