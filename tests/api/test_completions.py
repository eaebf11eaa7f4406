"""``/v1`` with OpenAI's own client against a server that listens on a port."""

import socket
import threading

import httpx
import openai
import pytest
import uvicorn

from api.conftest import interface
from assistant import contract
from assistant.datatypes import Question

WAGES = "农民工欠薪归谁管？"
FOLLOW_UP = "那教育局呢？"


@pytest.fixture(scope="module")
def address(service):
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(interface(service), log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def llm(address):
    with openai.OpenAI(base_url=f"{address}/v1", api_key="anything", max_retries=0) as client:
        yield client


def user(text):
    return {"role": "user", "content": text}


def without_time(record):
    return {key: value for key, value in record.items() if key != "elapsed_ms"}


class TestWhole:
    def test_message_is_the_answer_and_the_record_stands_beside_it(self, llm, opened):
        got = llm.chat.completions.create(model="zhengce", messages=[user(WAGES)])
        expected = opened.ask(Question(WAGES))
        assert got.choices[0].message.content == expected.text
        assert got.choices[0].message.role == "assistant"
        assert got.choices[0].finish_reason == "stop"
        assert "二（三）1" in got.choices[0].message.content
        assert without_time(got.model_extra["zhengce"]) == without_time(contract.answer_record(expected))
        assert (got.object, got.model) == ("chat.completion", "zhengce")
        assert got.system_fingerprint == opened.index.fingerprint

    def test_usage_counts_characters(self, llm):
        got = llm.chat.completions.create(model="zhengce", messages=[user(FOLLOW_UP), user(WAGES)])
        assert got.usage.prompt_tokens == len(WAGES) + len(FOLLOW_UP)
        assert got.usage.completion_tokens == len(got.choices[0].message.content)
        assert got.usage.total_tokens == got.usage.prompt_tokens + got.usage.completion_tokens

    def test_earlier_user_messages_are_the_conversation(self, llm, opened):
        messages = [
            {"role": "system", "content": "你是诗人"},
            user(WAGES),
            {"role": "assistant", "content": "归人社局"},
            user(FOLLOW_UP),
        ]
        got = llm.chat.completions.create(model="zhengce", messages=messages)
        expected = opened.ask(Question(FOLLOW_UP, history=(WAGES,)))
        assert got.choices[0].message.content == expected.text
        assert expected.text != opened.ask(Question(FOLLOW_UP)).text

    def test_content_may_come_in_parts(self, llm, opened):
        parts = [{"type": "text", "text": WAGES[:4]}, {"type": "text", "text": WAGES[4:]}]
        got = llm.chat.completions.create(model="zhengce", messages=[{"role": "user", "content": parts}])
        assert got.choices[0].message.content == opened.ask(Question(f"{WAGES[:4]}\n{WAGES[4:]}")).text

    def test_other_parameters_are_tolerated(self, llm):
        got = llm.chat.completions.create(
            model="zhengce",
            messages=[user(WAGES)],
            temperature=0.3,
            max_tokens=5,
            top_p=0.5,
            tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
            user="u1",
            n=1,
            extra_body={"enable_thinking": False, "document": "lvliang-chan-gai-ban-2023-6"},
        )
        assert got.model_extra["zhengce"]["status"] == "answered"

    def test_what_the_documents_do_not_say_is_said_so(self, llm):
        got = llm.chat.completions.create(model="zhengce", messages=[user("房贷利率是多少？")])
        assert got.model_extra["zhengce"]["status"] == "no_evidence"
        assert got.model_extra["zhengce"]["units"] == []


class TestStream:
    def test_pieces_make_up_the_message(self, llm, opened):
        chunks = list(llm.chat.completions.create(model="zhengce", messages=[user(WAGES)], stream=True))
        pieces = [each.choices[0].delta.content or "" for each in chunks]
        assert "".join(pieces) == opened.ask(Question(WAGES)).text
        assert len([piece for piece in pieces if piece]) > 2
        assert chunks[0].choices[0].delta.role == "assistant"
        assert [each.choices[0].finish_reason for each in chunks] == [None] * (len(chunks) - 1) + ["stop"]
        assert len({each.id for each in chunks}) == 1
        record = chunks[-1].model_extra["zhengce"]
        assert [unit["name"] for unit in record["units"]][:2] == ["人社局", "总工会"]
        assert all(each.usage is None for each in chunks)

    def test_usage_comes_last_where_asked_for(self, llm):
        *chunks, last = llm.chat.completions.create(
            model="zhengce", messages=[user(WAGES)], stream=True, stream_options={"include_usage": True}
        )
        assert last.choices == []
        written = "".join(each.choices[0].delta.content or "" for each in chunks)
        assert last.usage.completion_tokens == len(written)

    def test_the_clients_own_assembly_works(self, llm, opened):
        with llm.chat.completions.stream(model="zhengce", messages=[user(WAGES)]) as stream:
            got = stream.get_final_completion()
        assert got.choices[0].message.content == opened.ask(Question(WAGES)).text

    def test_ends_as_the_specification_says(self, address):
        body = {"model": "zhengce", "messages": [user(WAGES)], "stream": True}
        response = httpx.post(f"{address}/v1/chat/completions", json=body)
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.text.endswith("data: [DONE]\n\n")


class TestModels:
    def test_there_is_one(self, llm):
        assert [model.id for model in llm.models.list()] == ["zhengce"]
        assert llm.models.retrieve("zhengce").owned_by == "zhengce"

    def test_others_are_not_found(self, llm):
        with pytest.raises(openai.NotFoundError, match="请用 zhengce"):
            llm.models.retrieve("gpt-9")
        with pytest.raises(openai.NotFoundError, match="请用 zhengce"):
            llm.chat.completions.create(model="gpt-9", messages=[user(WAGES)])


class TestErrors:
    @pytest.mark.parametrize(
        ("messages", "words"),
        [
            ([], "没有用户的问题"),
            ([user("")], "没有用户的问题"),
            ([{"role": "system", "content": "x"}], "没有用户的问题"),
            ([user("字" * 10_001)], "问题最多 10000 个字，实际 10001 个"),
            (
                [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}],
                "“image_url”类型的内容",
            ),
            ([{"role": "user", "content": 5}], "messages"),
        ],
    )
    def test_come_in_the_form_of_openai(self, llm, messages, words):
        with pytest.raises(openai.BadRequestError, match=words) as raised:
            llm.chat.completions.create(model="zhengce", messages=messages)
        assert raised.value.type == "invalid_request_error"
        assert set(raised.value.body) == {"message", "type", "param", "code"}

    def test_several_choices_are_refused(self, llm):
        with pytest.raises(openai.BadRequestError, match="n 只支持 1"):
            llm.chat.completions.create(model="zhengce", messages=[user(WAGES)], n=2)

    def test_unknown_document_and_address(self, llm, address):
        with pytest.raises(openai.NotFoundError, match="没有的文件"):
            llm.chat.completions.create(
                model="zhengce", messages=[user(WAGES)], extra_body={"document": "没有的文件"}
            )
        with pytest.raises(openai.NotFoundError, match="/v1/embeddings"):
            llm.embeddings.create(model="zhengce", input="x")
