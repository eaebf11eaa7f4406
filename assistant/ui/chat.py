"""The 「问答」 tab: a conversation on the left, what it rests on beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.datatypes import Question
from assistant.errors import ZhengceError
from assistant.pipeline import Assistant
from assistant.ui import evidence
from assistant.ui.choices import document_choices
from assistant.ui.examples import EXAMPLES
from assistant.ui.safety import escape, literal_markdown, safe_markdown

MAX_QUESTION = 10_000  # characters, as in the HTTP interface
_REMEMBERED = 8  # earlier turns sent along; a follow-up refers to the last few

_PLACEHOLDER = (
    "**请输入与文件有关的问题**\n\n按文件原文回答，注明条款和责任单位；文件里没有的，会直接说明没有。"
)

# A long answer is read from its top: the last question moves to the upper edge of the conversation.
_SHOW_QUESTION = """() => setTimeout(() => {
  const asked = [...document.querySelectorAll("#zc-chat .user-row")].pop();
  const log = asked && asked.closest("[role=log]");
  if (log) log.scrollTop += asked.getBoundingClientRect().top - log.getBoundingClientRect().top - 8;
}, 60)"""

Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Turn:
    """One reply as the page shows it: Markdown for the conversation, HTML for the evidence."""

    reply: str
    evidence: str


def answer_turn(assistant: Assistant, question: Question) -> Turn:
    """Ask and dress the answer; what the program refuses is shown as its message."""
    try:
        answer = assistant.ask(question)
    except ZhengceError as error:
        return Turn(literal_markdown(f"出错了：{error}"), f'<p class="zc-empty">{escape(str(error))}</p>')
    return Turn(safe_markdown(answer.text), evidence.evidence_html(answer, assistant.index.documents))


def build_chat(assistant: Assistant) -> None:
    """Lay the tab out inside the open ``gr.Blocks`` and connect it to the assistant."""
    history = gr.State([])
    with gr.Row(elem_classes="zc-columns"):
        with gr.Column(scale=3, min_width=320):
            chatbot = _chatbot()
            box, send, clear = _question_row()
            document = gr.Dropdown(
                document_choices(assistant.index.documents, everything=True),
                value="",
                label="查询范围",
                elem_id="zc-scope",
            )
        with gr.Column(scale=2, min_width=320):
            examples, buttons = _examples()
            grounds = gr.HTML(evidence.EMPTY, elem_id="zc-evidence")
    outputs = [box, chatbot, history, grounds, examples]
    ask = _asker(assistant)
    sources = [(box.submit, box), (send.click, box), *((button.click, button) for button in buttons)]
    for trigger, text in sources:
        asked = trigger(ask, [text, document, history, chatbot], outputs, **_quiet())
        asked.then(None, js=_SHOW_QUESTION, queue=False)
    for trigger in (clear.click, chatbot.clear):
        trigger(_cleared, None, outputs, **_quiet())


def _quiet() -> dict[str, Any]:
    """Direct calls without the queue (an answer takes milliseconds) and without an API entry of their own."""
    return {"queue": False, "show_progress": "minimal", "api_visibility": "private"}


def _asker(assistant: Assistant) -> Callable[..., tuple[Any, ...]]:
    def ask(
        text: str, document: str, history: list[str], messages: list[Message]
    ) -> tuple[str, list[Message], list[str], Any, Any]:
        """One turn: the box emptied, the conversation grown, the evidence of this answer, no examples."""
        asked = (text or "").strip()[:MAX_QUESTION]
        if not asked:
            return "", messages, history, gr.skip(), gr.skip()
        earlier = tuple(history[-_REMEMBERED:])
        turn = answer_turn(assistant, Question(asked, history=earlier, document=document or ""))
        said = [
            {"role": "user", "content": literal_markdown(asked)},
            {"role": "assistant", "content": turn.reply},
        ]
        return "", [*messages, *said], [*history, asked], turn.evidence, gr.Accordion(open=False)

    return ask


def _cleared() -> tuple[str, list[Message], list[str], str, Any]:
    return "", [], [], evidence.EMPTY, gr.Accordion(open=True)


def _chatbot() -> gr.Chatbot:
    return gr.Chatbot(
        label="问答",
        show_label=False,
        elem_id="zc-chat",
        height=None,
        autoscroll=False,
        placeholder=_PLACEHOLDER,
        latex_delimiters=[],
        allow_tags=False,
        buttons=["copy"],
        feedback_options=None,
        layout="bubble",
    )


def _question_row() -> tuple[gr.Textbox, gr.Button, gr.Button]:
    with gr.Row(elem_id="zc-ask", equal_height=True):
        box = gr.Textbox(
            placeholder="请输入问题",
            label="问题",
            show_label=False,
            container=False,
            lines=1,
            max_lines=4,
            max_length=MAX_QUESTION,
            autofocus=True,
            scale=6,
            min_width=160,
            elem_id="zc-question",
        )
        send = gr.Button("提问", variant="primary", scale=1, min_width=64, elem_id="zc-send")
        clear = gr.Button("清空", scale=1, min_width=64, elem_id="zc-clear")
    return box, send, clear


def _examples() -> tuple[gr.Accordion, list[gr.Button]]:
    buttons = []
    with gr.Accordion("可以这样问", open=True, elem_id="zc-examples") as examples:
        for audience, questions in EXAMPLES.items():
            gr.HTML(f'<p class="zc-audience">{audience}</p>')
            with gr.Row(elem_classes="zc-example-row"):
                buttons += [gr.Button(question, size="sm", min_width=120) for question in questions]
    return examples, buttons
