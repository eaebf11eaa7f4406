"""What ``zhengce questions`` does: gather candidates, list them or go through them with a person."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.config import Settings
from assistant.errors import UsageError
from assistant.evaluation.candidates import KINDS, Candidate, evenly, of_types
from assistant.evaluation.complaints import complaints
from assistant.evaluation.proposing import propose
from assistant.evaluation.reviewing import QuestionFile, review
from assistant.pipeline import Assistant


def propose_questions(
    settings: Settings,
    output: Path | None,
    *,
    document: str = "",
    types: Sequence[str] = (),
    count: int | None = None,
    read: Callable[[str], str],
    show: Callable[[str], None],
) -> None:
    """Propose questions on the indexed documents, with gold from clause tree and ledger.

    Args:
        settings: Where the index lies.
        output: Question file to add accepted questions to; None lists the candidates as JSON Lines.
        document: Only on this document.
        types: Only of these types.
        count: At most so many of each type.
        read: Asks the person with a prompt.
        show: Shows a line.

    Raises:
        UsageError: An unknown type.
        UnknownDocumentError: ``document`` is not in the index.
    """
    unknown = [name for name in types if name not in KINDS]
    if unknown:
        raise UsageError(f"没有题型 {'、'.join(unknown)}。可选：{'、'.join(KINDS)}。")
    assistant = Assistant.open(settings)
    chosen = [assistant.index.document(document)] if document else assistant.index.documents
    several = len(assistant.index.documents) > 1
    candidates = propose(chosen, assistant.ledger, assistant.lexicon.same_unit, several=several)
    _offer(assistant, evenly(of_types(candidates, types), count), output, read, show)


def questions_from_feedback(
    settings: Settings,
    feedback: Path,
    output: Path | None,
    *,
    read: Callable[[str], str],
    show: Callable[[str], None],
) -> None:
    """Turn answers that users marked as wrong into questions; the person says what is right.

    Raises:
        DataFileError: No feedback file, or a malformed one.
    """
    assistant = Assistant.open(settings)
    _offer(assistant, complaints(feedback, assistant.ask), output, read, show)


def _offer(
    assistant: Assistant,
    candidates: Sequence[Candidate],
    output: Path | None,
    read: Callable[[str], str],
    show: Callable[[str], None],
) -> None:
    if output is None:
        for candidate in candidates:
            show(json.dumps(candidate.record(), ensure_ascii=False))
        return
    paths = {each.file: {clause.path for clause in each.clauses} for each in assistant.index.documents}
    result = review(candidates, QuestionFile(output), paths=paths, read=read, show=show)
    show(f"\n接受 {result.accepted}，不要 {result.rejected}，未处理 {result.left}。已接受的题在 {output}。")
