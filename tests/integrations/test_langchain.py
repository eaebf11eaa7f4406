"""The faces by value, and an agent of LangChain that uses the tools."""

import asyncio

import numpy as np
import pytest
from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.runnables import RunnableLambda
from langchain_core.vectorstores import InMemoryVectorStore
from pydantic import ValidationError

from assistant import contract
from assistant.datatypes import Question
from assistant.errors import UnknownDocumentError
from assistant.integrations.langchain import (
    ZhengceEmbeddings,
    ZhengceRetriever,
    ask_runnable,
    ask_tool,
    find_tool,
)
from assistant.static_encoder import StaticEncoder
from policies import assistant, document

NAMES = ("elderly", "parking")
QUESTION = "居家环境改造归谁管？"


@pytest.fixture(scope="module")
def opened():
    return assistant(*NAMES)


def without_time(record):
    return {key: value for key, value in record.items() if key != "elapsed_ms"}


def expected(question, *history, document=""):
    answer = assistant(*NAMES).ask(Question(question, tuple(history), document))
    return without_time(contract.answer_record(answer))


class TestRetriever:
    def test_gives_clauses_verbatim_with_where_they_stand(self, opened):
        found = ZhengceRetriever(assistant=opened, limit=2).invoke(QUESTION)
        first, known = found[0], found[0].metadata
        text = document("elderly").text
        assert len(found) == 2
        assert first.page_content == text[known["start"] : known["end"]]
        assert first.page_content.startswith("2. 改造居家环境。")
        assert first.id == f"elderly#{known['start']}-{known['end']}"
        assert known["title"] == "关于提升农村养老服务水平的实施方案"
        assert known["doc_number"] == "临政办发〔2024〕11号"
        assert (known["document"], known["label"], known["heading"]) == (
            "elderly",
            "二（一）2",
            "改造居家环境",
        )
        assert known["units"] == [
            {"name": "县民政局", "canonical": "县民政局", "role": "lead"},
            {"name": "县残联", "canonical": "县残联", "role": "support"},
            {"name": "县住建局", "canonical": "县住建局", "role": "support"},
        ]
        assert known["score"] > found[1].metadata["score"]
        assert 0.5 < known["evidence"] <= 1

    @pytest.mark.parametrize(
        ("own", "given", "labels"),
        [
            ({"unit": "县财政局"}, {}, {"二（一）1"}),
            ({}, {"unit": "县财政局"}, {"二（一）1"}),
            ({"unit": "县财政局"}, {"unit": "县卫健局"}, {"二（二）1"}),
            (
                {"issuer": "临河县人民政府办公室", "unit": "县卫健局"},
                {"in_force": "2024-06-01"},
                {"二（二）1"},
            ),
        ],
    )
    def test_filters_are_its_own_or_of_one_search(self, opened, own, given, labels):
        found = ZhengceRetriever(assistant=opened, **own).invoke("补助", **given)
        assert {each.metadata["label"] for each in found} == labels

    def test_says_what_nothing_meets(self, opened):
        with pytest.raises(UnknownDocumentError, match="地区为“南京市”"):
            ZhengceRetriever(assistant=opened, place="南京市").invoke("补助")

    def test_may_be_awaited_and_chained(self, opened):
        retriever = ZhengceRetriever(assistant=opened, limit=1)
        chain = retriever | RunnableLambda(lambda found: found[0].metadata["label"])
        assert asyncio.run(chain.ainvoke(QUESTION)) == "二（一）2"

    @pytest.mark.parametrize("limit", [0, 51])
    def test_the_limit_has_bounds(self, opened, limit):
        with pytest.raises(ValidationError):
            ZhengceRetriever(assistant=opened, limit=limit)


class TestEmbeddings:
    def test_are_those_of_the_encoder(self):
        texts = ["居家环境改造", "电动自行车停放"]
        embeddings = ZhengceEmbeddings()
        np.testing.assert_array_equal(
            np.array(embeddings.embed_documents(texts), dtype=np.float32),
            StaticEncoder().encode_documents(texts),
        )
        assert embeddings.embed_query(texts[0]) == embeddings.embed_documents(texts)[0]

    def test_serve_a_vector_store_of_langchain(self):
        store = InMemoryVectorStore(ZhengceEmbeddings())
        store.add_texts(["为失能老人家庭安装扶手", "电动自行车应当停放在泊位内"])
        (found,) = store.similarity_search("电动车停哪里", k=1)
        assert found.page_content == "电动自行车应当停放在泊位内"


class TestRunnable:
    @pytest.mark.parametrize(
        ("given", "asked"),
        [
            (QUESTION, (QUESTION,)),
            ({"question": QUESTION}, (QUESTION,)),
            ({"question": "那县残联呢？", "history": [QUESTION]}, ("那县残联呢？", QUESTION)),
        ],
    )
    def test_gives_the_record_of_the_contract(self, opened, given, asked):
        assert without_time(ask_runnable(opened).invoke(given)) == expected(*asked)

    def test_takes_a_document_and_batches(self, opened):
        given = [{"question": "停放", "document": "parking"}, {"question": QUESTION, "document": None}]
        found = ask_runnable(opened).batch(given)
        assert list(map(without_time, found)) == [
            expected("停放", document="parking"),
            expected(QUESTION),
        ]

    def test_describes_what_it_takes_and_gives(self, opened):
        runnable = ask_runnable(opened)
        assert set(runnable.get_input_jsonschema()["properties"]) == {"question", "history", "document"}
        assert set(runnable.get_output_jsonschema()["properties"]) == set(
            contract.answer_record(opened.ask(Question(QUESTION)))
        )

    @pytest.mark.parametrize("given", [{}, {"question": 1}, {"question": "a", "history": "b"}])
    def test_refuses_other_input(self, opened, given):
        with pytest.raises(ValidationError):
            ask_runnable(opened).invoke(given)


class ScriptedChatModel(FakeMessagesListChatModel):
    """Says what it was told to, in order; tools may be bound to it."""

    def bind_tools(self, tools, **options):
        return self


def run(opened, name, arguments):
    """What an agent's tool gives to its model, and the model's last word."""
    call = AIMessage("", tool_calls=[{"name": name, "args": arguments, "id": "1", "type": "tool_call"}])
    model = ScriptedChatModel(responses=[call, AIMessage("答完了。")])
    agent = create_agent(model, [ask_tool(opened), find_tool(opened)])
    messages = agent.invoke({"messages": [("user", "请查文件")]})["messages"]
    (told,) = (message for message in messages if isinstance(message, ToolMessage))
    assert messages[-1].content == "答完了。"
    return told


class TestAgent:
    def test_asks_and_reads_the_answer(self, opened):
        told = run(opened, "zhengce_ask", {"question": QUESTION})
        assert told.content == expected(QUESTION)["text"]
        assert without_time(told.artifact) == expected(QUESTION)
        assert told.status == "success"

    def test_passes_history_and_document_on(self, opened):
        arguments = {"question": "那县残联呢？", "history": [QUESTION], "document": "elderly"}
        told = run(opened, "zhengce_ask", arguments)
        assert told.content == expected("那县残联呢？", QUESTION, document="elderly")["text"]

    def test_finds_clauses_with_conditions(self, opened):
        told = run(opened, "zhengce_find", {"words": "补助", "unit": "县财政局"})
        assert told.content.startswith(
            "《关于提升农村养老服务水平的实施方案》（临政办发〔2024〕11号）二（一）1\n1. 建设互助养老点。"
        )
        assert [each.metadata["label"] for each in told.artifact] == ["二（一）1"]

    @pytest.mark.parametrize(
        ("name", "arguments", "said"),
        [
            ("zhengce_ask", {"question": QUESTION, "document": "没有的文件"}, "没有的文件"),
            ("zhengce_find", {"words": "补助", "place": "南京市"}, "没有符合条件的文件：地区为“南京市”"),
            ("zhengce_find", {"words": "补助", "in_force": "明天"}, "有效日期“明天”不是日期"),
        ],
    )
    def test_is_told_in_chinese_what_went_wrong(self, opened, name, arguments, said):
        told = run(opened, name, arguments)
        assert said in told.content
        assert told.status == "error"

    def test_sees_the_arguments_described(self, opened):
        assert set(ask_tool(opened).args) == {"question", "history", "document"}
        assert all(each["description"] for each in find_tool(opened).args.values())
