"""The 「问答」 tab: a conversation on the left, what it rests on beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.datatypes import Answer, Draft, Plan, Question
from assistant.errors import ZhengceError
from assistant.glossary import glosses, with_glosses
from assistant.pipeline import Assistant
from assistant.service import Service
from assistant.ui import evidence
from assistant.ui.choices import document_choices
from assistant.ui.examples import EXAMPLES
from assistant.ui.exchange import (
    Asked,
    conversation_html,
    draft_html,
    error_html,
    exchange_html,
    question_html,
    reply_steps,
    searching_html,
)
from assistant.ui.routes import MAX_QUESTION
from assistant.ui.safety import escape

_REMEMBERED = 8  # earlier turns sent along; a follow-up refers to the last few
_AT_ONCE = 8  # questions answered at the same time; more wait their turn
# A long answer is read from its top: the last question moves to the upper edge.
_SHOW_QUESTION = "() => window.zhengce.showQuestion()"

#: Emptied box, conversation, earlier questions, finished exchanges, evidence, examples.
Shown = tuple[Any, str, list[str], list[str], Any, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """How far one reply has come, as HTML.

    Attributes:
        reply: What is shown below the question.
        exchange: Question, reply and actions as they stay; "" before the last step.
        evidence: What the answer rests on; "" before the last step.
    """

    reply: str
    exchange: str = ""
    evidence: str = ""


def build_chat(service: Service) -> gr.Dropdown:
    """Lay the tab out inside the open ``gr.Blocks`` and connect it; returns the picker of documents."""
    history, exchanges = gr.State([]), gr.State([])
    with gr.Row(elem_classes="zc-columns"):
        with gr.Column(scale=3, min_width=320, elem_id="zc-talk"):
            log = gr.HTML(conversation_html([]), elem_id="zc-log")
            box, send, clear = _question_row()
            document, plain = _options(service)
        with gr.Column(scale=2, min_width=320, elem_id="zc-side"):
            examples, buttons = _examples()
            grounds = gr.HTML(evidence.EMPTY, elem_id="zc-evidence")
    outputs = [box, log, history, exchanges, grounds, examples]
    ask = asker(service)
    for trigger, text in [
        (box.submit, box),
        (send.click, box),
        *((button.click, button) for button in buttons),
    ]:
        asked = trigger(
            ask,
            [text, document, plain, history, exchanges],
            outputs,
            show_progress="hidden",
            api_visibility="private",
            concurrency_limit=_AT_ONCE,
            concurrency_id="ask",
        )
        asked.then(None, js=_SHOW_QUESTION, queue=False, api_visibility="private")
    clear.click(_cleared, None, outputs, queue=False, show_progress="hidden", api_visibility="private")
    return document


def asker(service: Service) -> Callable[..., Iterator[Shown]]:
    """One turn, step by step: the question at once, what is found, the answer block by block."""

    def ask(
        text: str | None, document: str | None, plain: bool, history: list[str], exchanges: list[str]
    ) -> Iterator[Shown]:
        typed = (text or "").strip()[:MAX_QUESTION]
        if not typed:
            yield "", conversation_html(exchanges), history, exchanges, gr.skip(), gr.skip()
            return
        question = Question(typed, history=tuple(history[-_REMEMBERED:]), document=document or "")
        before = f'<section class="zc-exchange">{question_html(typed)}'
        turn = Turn("")
        for turn in _steps(service.assistant, Asked(question, plain=plain)):
            shown = conversation_html([*exchanges, turn.exchange or f"{before}{turn.reply}</section>"])
            yield "", shown, history, exchanges, gr.skip(), gr.Accordion(open=False)
        grown = [*exchanges, turn.exchange]
        yield "", conversation_html(grown), [*history, typed], grown, turn.evidence, gr.skip()

    return ask


def _steps(assistant: Assistant, asked: Asked) -> Iterator[Turn]:
    yield Turn(searching_html(assistant, None))
    try:
        for stage in assistant.stages(asked.question):
            if isinstance(stage, Answer):
                answer = with_glosses(stage, glosses(stage)) if asked.plain else stage
                *growing, whole = reply_steps(answer)
                yield from map(Turn, growing)
                yield Turn(whole, exchange_html(asked, answer), evidence.evidence_html(answer))
            elif isinstance(stage, Draft):
                yield Turn(draft_html(stage))
            elif not isinstance(stage, Plan):
                yield Turn(searching_html(assistant, stage))
    except ZhengceError as error:
        refused = error_html(str(error))
        exchange = f'<section class="zc-exchange">{question_html(asked.question.text)}{refused}</section>'
        yield Turn(refused, exchange, f'<p class="zc-empty">{escape(str(error))}</p>')


def _cleared() -> Shown:
    return "", conversation_html([]), [], [], evidence.EMPTY, gr.Accordion(open=True)


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


def _options(service: Service) -> tuple[gr.Dropdown, gr.Checkbox]:
    with gr.Row(elem_id="zc-options"):
        document = gr.Dropdown(
            document_choices(service.assistant.index.documents, everything=True),
            value="",
            label="查询范围",
            scale=4,
            min_width=200,
            elem_id="zc-scope",
        )
        plain = gr.Checkbox(False, label="通俗说明", scale=1, min_width=110, elem_id="zc-plain")
    return document, plain


def _examples() -> tuple[gr.Accordion, list[gr.Button]]:
    buttons = []
    with gr.Accordion("可以这样问", open=True, elem_id="zc-examples") as examples:
        for audience, questions in EXAMPLES.items():
            gr.HTML(f'<p class="zc-audience">{audience}</p>')
            with gr.Row(elem_classes="zc-example-row"):
                buttons += [gr.Button(question, size="sm", min_width=120) for question in questions]
    return examples, buttons
