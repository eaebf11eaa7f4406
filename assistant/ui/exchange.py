"""One question with its answer as HTML: what was said, the units, and what can be done with the answer."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.library import clause_name
from assistant.citations import shown, source_name
from assistant.datatypes import Answer, Draft, Hit, Question
from assistant.pipeline import Assistant
from assistant.ui.evidence import units_html
from assistant.ui.markup import answer_html
from assistant.ui.safety import escape

EMPTY = (
    '<div class="zc-welcome"><b>请输入与文件有关的问题</b>'
    "<span>按文件原文回答，注明条款和责任单位；文件里没有的，会直接说明没有。</span></div>"
)
_SHOWN_HITS = 3
_LABELS = 200  # as many as the interface takes
_BLOCK = re.compile(r".*?</(?:p|ol|ul|blockquote|table)>\n?|.+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked: what an export or a judgement of its answer needs again."""

    question: Question
    plain: bool = False


def conversation_html(exchanges: Sequence[str]) -> str:
    """The exchanges, oldest first, or an invitation."""
    return "".join(exchanges) or EMPTY


def question_html(text: str) -> str:
    """What the user typed, character for character."""
    return f'<p class="zc-asked"><span>{escape(text)}</span></p>'


def searching_html(assistant: Assistant, hits: Sequence[Hit] | None) -> str:
    """What is being done: looking, or checking the clauses found."""
    if not hits:
        count = len(assistant.index.documents)
        return f'<div class="zc-reply zc-busy"><p>正在查阅 {count} 个文件……</p></div>'
    names = []
    for hit in hits[:_SHOWN_HITS]:
        clause = assistant.retriever.outlines[hit.document].by_key.get((hit.part, hit.path))
        names.append(clause_name(clause))
    found = escape("、".join(dict.fromkeys(names)))
    return f'<div class="zc-reply zc-busy"><p>找到相关条款：{found}。正在核对引文……</p></div>'


def reply_steps(answer: Answer) -> list[str]:
    """The answer growing block by block; the last one is whole."""
    blocks = _BLOCK.findall(_in_scrollers(answer_html(answer)))
    return [f'<div class="zc-reply">{"".join(blocks[:count])}</div>' for count in range(1, len(blocks) + 1)]


def draft_html(draft: Draft) -> str:
    """What a language model has written so far."""
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in draft.text.split("\n\n"))
    return f'<div class="zc-reply zc-busy">{paragraphs}<p>正在逐句核对……</p></div>'


def error_html(message: str) -> str:
    """A refusal of the program."""
    return f'<div class="zc-reply zc-error" role="alert"><p>出错了：{escape(message)}</p></div>'


def exchange_html(asked: Asked, answer: Answer) -> str:
    """Question, whole answer, chips of its units, and actions."""
    reply = (reply_steps(answer) or [""])[-1]
    return (
        f'<section class="zc-exchange">{question_html(asked.question.text)}{reply}'
        f"{units_html(answer.units)}{_actions(asked, answer)}</section>"
    )


def copied_text(answer: Answer) -> str:
    """The answer as plain text with every quotation and where it stands, to paste elsewhere."""
    text = re.sub(r"\*\*(.+?)\*\*", r"\1", answer.text)
    quotes = [
        f"{number}. “{shown(citation.quote)}”——{source_name(citation)}"
        for number, citation in enumerate(answer.citations, 1)
    ]
    listed = "\n".join(["引文：", *quotes]) if quotes else ""
    return "\n\n".join(filter(None, (f"问：{answer.question}", text, listed)))


def _in_scrollers(html: str) -> str:
    """A wide table scrolls by itself instead of the whole page."""
    return html.replace("<table>", '<div class="zc-scroll"><table>').replace("</table>", "</table></div>")


def _actions(asked: Asked, answer: Answer) -> str:
    if answer.status == "chat":
        return ""
    return (
        f'<div class="zc-actions" data-judged="{escape(_judged(asked, answer))}">'
        f'<button type="button" data-action="copy" data-text="{escape(copied_text(answer))}">复制答案和引文'
        f"</button>{_export_form(asked)}"
        '<button type="button" data-action="helpful">有帮助</button>'
        '<button type="button" data-action="wrong" aria-expanded="false">有错误</button>'
        '<form class="zc-reason" hidden>'
        '<label>哪里不对？<textarea rows="2" maxlength="2000"></textarea></label>'
        '<button type="submit">提交</button></form><span class="zc-said" role="status"></span></div>'
    )


def _export_form(asked: Asked) -> str:
    question = asked.question
    fields = [("question", question.text), *(("history", turn) for turn in question.history)]
    fields += [("document", question.document), ("plain", "true" if asked.plain else "false")]
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(text)}">' for name, text in fields)
    return f'<form method="post" action="answer.docx">{inputs}<button type="submit">导出 Word</button></form>'


def _judged(asked: Asked, answer: Answer) -> str:
    """What ``/api/feedback`` takes besides the verdict and the reason."""
    record = {
        "question": asked.question.text,
        "history": asked.question.history,
        "document": asked.question.document,
        "answer": answer.text,
        "status": answer.status,
        "labels": list(dict.fromkeys(each.label for each in answer.citations if each.label))[:_LABELS],
        "index_fingerprint": answer.index_fingerprint,
    }
    return json.dumps(record, ensure_ascii=False)
