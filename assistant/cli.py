"""The command line: arguments in, one call, printed answer out."""

import argparse
import getpass
import json
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant import __version__, contract
from assistant.config import Settings
from assistant.errors import UsageError, ZhengceError

_PROGRAM = "zhengce"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 1 failed, 2 wrong usage)."""
    parser = _parser()
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    try:
        command: Callable[[argparse.Namespace, Settings], int] = options.run
        return command(options, _settings(options))
    except ZhengceError as error:
        print(f"错误：{error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("已中断。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (… | head): nothing is left to say.
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=_PROGRAM, description="政策问答助手：按条款原文回答，注明责任单位")
    parser.add_argument("--version", action="version", version=f"{_PROGRAM} {__version__}")
    commands = parser.add_subparsers(title="命令", required=True, metavar="命令")

    def command(
        name: str, summary: str, run: Callable[[argparse.Namespace, Settings], int]
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=summary, description=summary)
        added.set_defaults(run=run)
        return added

    def indexed(added: argparse.ArgumentParser) -> argparse.ArgumentParser:
        added.add_argument("--index", type=Path, metavar="目录", help="索引目录（默认 index）")
        return added

    parse = command("parse", "解析一个文件，不建索引", _parse)
    parse.add_argument("file", type=Path, metavar="文件")
    parse.add_argument("--json", action="store_true", help="输出 JSON")

    index = indexed(command("index", "建立或更新索引", _index))
    index.add_argument("paths", nargs="*", type=Path, metavar="路径", help="文件或目录（默认 corpus）")
    index.add_argument("--corpus", type=Path, metavar="目录", help="文件目录（默认 corpus）")
    index.add_argument("--workers", type=int, default=1, metavar="个数", help="用几个进程解析（默认 1）")
    index.add_argument("--ray", default="", metavar="地址", help="在 Ray 集群上解析；local 为本机临时集群")

    ask = indexed(command("ask", "回答一个问题", _ask))
    ask.add_argument("question", metavar="问题")
    ask.add_argument("--document", default="", metavar="编号", help="只在这个文件里找")
    ask.add_argument("--plain", action="store_true", help="附上名词解释")
    ask.add_argument("--docx", type=Path, metavar="文件", help="另写成 Word 答复单")
    ask.add_argument("--json", action="store_true", help="输出 JSON")

    batch = indexed(command("batch", "回答一批问题（JSON Lines）", _batch))
    batch.add_argument("questions", type=Path, metavar="问题文件")
    batch.add_argument("answers", type=Path, metavar="答案文件")

    duties = indexed(command("duties", "责任台账", _duties))
    duties.add_argument("--unit", default="", metavar="单位")
    duties.add_argument("--document", default="", metavar="编号")
    output = duties.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="输出 JSON")
    output.add_argument("--xlsx", type=Path, metavar="文件", help="写成 Excel")

    show = indexed(command("show", "显示一条原文", _show))
    show.add_argument("label", metavar="条款", help="例如 二（三）1")
    show.add_argument("--document", default="", metavar="编号")

    diff = indexed(command("diff", "比较一份文件的新旧两版", _diff))
    diff.add_argument("old", metavar="旧版", help="文件，或索引中文件的编号")
    diff.add_argument("new", metavar="新版", help="文件，或索引中文件的编号")
    output = diff.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="输出 JSON")
    output.add_argument("--xlsx", type=Path, metavar="文件", help="写成 Excel 对照表")

    evaluate = indexed(command("eval", "按题型统计准确率，与基线比较", _evaluate))
    evaluate.add_argument("questions", nargs="*", type=Path, metavar="问题文件")
    evaluate.add_argument("--json", action="store_true", help="输出 JSON")
    evaluate.add_argument(
        "--report", action="append", default=[], type=Path, metavar="文件", help="写报告（.md、.html）"
    )
    evaluate.add_argument("--compare", type=Path, metavar="文件", help="与另一次的 --json 输出逐题比较")

    _add_questions(command("questions", "编写问题集", _propose))

    serve = indexed(command("serve", "启动网页和 HTTP 接口", _serve))
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=7860)

    indexed(command("mcp", "作为 MCP 工具供其他助手调用（标准输入输出）", _mcp))

    replay = indexed(command("replay", "把审计记录里的问题再问一遍，看有什么不同", _replay))
    replay.add_argument("records", type=Path, metavar="记录文件")
    replay.add_argument("--json", action="store_true", help="输出 JSON")

    access = command("access", "管理账号和密钥", _access)
    change = access.add_subparsers(title="操作", required=True, metavar="操作", dest="change")
    user = change.add_parser("add-user", help="建立账号，或改密码和角色；密码从终端或标准输入读取")
    key = change.add_parser("add-key", help="建立接口密钥，只显示这一次")
    for each in (user, key):
        each.add_argument("name", metavar="名称")
        each.add_argument(
            "--role",
            choices=("reader", "curator"),
            default="reader",
            help="reader 查阅（默认），curator 管理",
        )
    change.add_parser("list", help="列出账号和密钥")
    change.add_parser("remove", help="移除账号或密钥").add_argument("name", metavar="名称或密钥编号")
    return parser


def _add_questions(parser: argparse.ArgumentParser) -> None:
    """``questions propose`` and ``questions from-feedback``."""
    actions = parser.add_subparsers(title="动作", required=True, metavar="动作")
    summary = "由条款树和责任台账提出候选题，逐条接受、修改或拒绝"
    propose = actions.add_parser("propose", help=summary, description=summary)
    propose.add_argument("--document", default="", metavar="编号", help="只问这个文件")
    propose.add_argument("--type", action="append", default=[], metavar="题型", help="只要这种题，可多次")
    propose.add_argument("--count", type=int, metavar="个数", help="每种题最多几个")
    summary = "把用户标为“不对”的回答变成候选题"
    feedback = actions.add_parser("from-feedback", help=summary, description=summary)
    feedback.add_argument("feedback", type=Path, metavar="反馈文件")
    for action, run in ((propose, _propose), (feedback, _from_feedback)):
        action.set_defaults(run=run)
        target = action.add_mutually_exclusive_group()
        target.add_argument("--out", type=Path, default=Path("questions.jsonl"), metavar="问题文件")
        target.add_argument("--list", action="store_true", help="只列出候选题（JSON Lines），不询问")
        action.add_argument("--index", type=Path, metavar="目录", help="索引目录（默认 index）")


def _settings(options: argparse.Namespace) -> Settings:
    settings = Settings.from_env()
    if getattr(options, "index", None):
        settings = replace(settings, index_dir=options.index)
    if getattr(options, "corpus", None):
        settings = replace(settings, corpus_dir=options.corpus)
    return settings


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _log(line: str) -> None:
    print(line, file=sys.stderr)


def _parse(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.parsing import parse_file

    document = parse_file(options.file)
    if options.json:
        _print_json(contract.document_record(document))
    else:
        print(contract.document_summary(document))
    return 0


def _index(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.pipeline import index_corpus

    report = index_corpus(settings, options.paths, workers=options.workers, ray=options.ray, progress=_log)
    print(contract.build_summary(report, settings))
    return 1 if report.failed else 0


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.datatypes import Question
    from assistant.pipeline import Assistant

    assistant = Assistant.open(settings)
    answer = assistant.ask(Question(options.question, document=options.document))
    optional: dict[str, Any] = {}
    if options.plain:
        from assistant.glossary import gloss_records, glosses, with_glosses

        found = glosses(answer)
        answer, optional = with_glosses(answer, found), {"glossary": gloss_records(found)}
    if options.docx:
        from assistant.export import answer_docx

        documents = {each.id: each for each in assistant.index.documents}
        contract.write_bytes(options.docx, answer_docx(answer, documents, answer.index_fingerprint))
        _log(f"已写入 {options.docx}")
    if options.json:
        _print_json(contract.answer_record(answer) | optional)
    else:
        print(answer.text)
    return 0


def _batch(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.evaluation.questions import read_questions, to_question
    from assistant.pipeline import Assistant

    records = read_questions(options.questions)
    assistant = Assistant.open(settings)
    lines = []
    for record in records:
        answer = assistant.ask(to_question(record))
        lines.append(
            json.dumps(contract.answer_record(answer, identifier=record.get("id")), ensure_ascii=False)
        )
    contract.write_text(options.answers, "".join(f"{line}\n" for line in lines))
    _log(f"已回答 {len(lines)} 个问题，写入 {options.answers}")
    return 0


def _duties(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.pipeline import Assistant

    assistant = Assistant.open(settings)
    rows = assistant.duty_rows(unit=options.unit, document=options.document)
    if options.unit and not rows:
        raise ZhengceError(f"没有这个单位的任务：{options.unit}。可用 zhengce duties 查看全部单位。")
    if options.xlsx:
        from assistant.spreadsheet import write_duties

        write_duties(options.xlsx, rows)
        _log(f"已写入 {options.xlsx}：{len(rows)} 行")
    elif options.json:
        _print_json(contract.duty_records(rows))
    else:
        print(contract.duty_table(rows))
    return 0


def _show(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.pipeline import Assistant

    print(Assistant.open(settings).clause_text(options.label, document=options.document))
    return 0


def _diff(options: argparse.Namespace, settings: Settings) -> int:
    from assistant import revisionreport
    from assistant.versions import compare_versions

    revision = compare_versions(options.old, options.new, settings)
    if options.xlsx:
        contract.write_bytes(options.xlsx, revisionreport.revision_workbook(revision))
        _log(f"已写入 {options.xlsx}：{len(revision.clauses)} 行")
    elif options.json:
        _print_json(revisionreport.revision_record(revision))
    else:
        print(revisionreport.revision_text(revision))
    return 0


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.evaluation.command import evaluate

    return evaluate(
        settings,
        options.questions,
        as_json=options.json,
        emit=print,
        log=_log,
        reports=options.report,
        against=options.compare,
    )


def _propose(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.evaluation.authoring import propose_questions

    if options.count is not None and options.count < 1:
        raise UsageError(f"--count 应为正整数，实际是 {options.count}。")
    propose_questions(
        settings,
        None if options.list else options.out,
        document=options.document,
        types=options.type,
        count=options.count,
        read=input,
        show=print,
    )
    return 0


def _from_feedback(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.evaluation.authoring import questions_from_feedback

    questions_from_feedback(
        settings, options.feedback, None if options.list else options.out, read=input, show=print
    )
    return 0


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    if not 0 < options.port < 65536:
        raise UsageError(f"端口号应在 1 到 65535 之间，实际是 {options.port}。")
    from assistant.server import serve

    serve(settings, host=options.host, port=options.port, announce=_log)
    return 0


def _mcp(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.mcp_server import run_stdio
    from assistant.service import Service

    service = Service.open(settings)
    service.keep_records()
    run_stdio(service)
    return 0


def _replay(options: argparse.Namespace, settings: Settings) -> int:
    from assistant import audit
    from assistant.pipeline import Assistant

    records = audit.read_records(options.records)
    replayed = audit.replay_all(records, Assistant.open(settings))
    changed = sum(map(audit.changes_answer, replayed))
    if options.json:
        _print_json([audit.replay_record(*each) for each in zip(records, replayed, strict=True)])
    else:
        for record, differences in zip(records, replayed, strict=True):
            print("\n".join(audit.difference_lines(record, differences)))
    _log(f"共 {len(records)} 条记录，{changed} 条的回答与记录不同。")
    return 1 if changed else 0


def _access(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.access import Access

    access = Access(settings.state_dir)
    if options.change == "add-user":
        access.add_user(options.name, _password(), options.role)
        _log(f"已建立账号 {options.name}（{options.role}）。")
    elif options.change == "add-key":
        print(access.add_key(options.name, options.role))
        _log(f"已建立密钥 {options.name}（{options.role}）。密钥只显示这一次，请妥善保存。")
    elif options.change == "remove":
        access.remove(options.name)
        _log(f"已移除 {options.name}。")
    else:
        print(access.accounts.table())
    return 0


def _password() -> str:
    """Typed twice at a terminal, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("密码：")
    if getpass.getpass("再输入一次：") != password:
        raise UsageError("两次输入的密码不一致，请重新运行。")
    return password


if __name__ == "__main__":
    sys.exit(main())
