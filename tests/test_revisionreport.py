import io
import json

import pytest
from openpyxl import load_workbook

from assistant.parsing import parse_text
from assistant.revisionreport import revision_record, revision_text, revision_workbook
from assistant.revisions import Reviser
from assistant.units import UnitLexicon
from policies import document, segmenter
from policypairs import care


@pytest.fixture(scope="module")
def reviser():
    return Reviser(UnitLexicon.load(), segmenter().pieces)


@pytest.fixture(scope="module")
def revision(reviser):
    return reviser.compare(care("old"), care("new"))


def test_the_text_by_value(revision):
    assert revision_text(revision).split("\n\n") == [
        "旧版：《白石市推进居家养老服务实施方案》（白政办发〔2021〕12号）\n"
        "新版：《白石市推进居家养老服务实施方案（修订）》（白政办发〔2024〕5号）\n"
        "旧版 9 条，新版 9 条：修改 5 条，新增 1 条，删除 1 条，内容未变 3 条。"
        "其中编号变了的 3 条，换到别的部分的 1 条。",
        "一、文件信息\n"
        "标题：白石市推进居家养老服务实施方案 → 白石市推进居家养老服务实施方案（修订）\n"
        "文号：白政办发〔2021〕12号 → 白政办发〔2024〕5号\n"
        "日期：2021-04-06 → 2024-02-18",
        "二、修改的条款\n"
        "1. 一 工作目标\n"
        "   文字：到“2023年底”改为“2026年底”；全市建成社区助餐点“80个”改为“150个”；"
        "居家养老服务覆盖率达到“60%”改为“75%”\n"
        "   期限：2023年底 → 2026年底\n"
        "   数字：比例 （居家养老服务覆盖率达到）60% → 75%；数量 （全市建成社区助餐点）80个 → 150个\n"
        "2. 二（一） 改造居家环境（原编号 二（二））\n"
        "   文字：“为高龄”后增加“、失能”；每户补贴不超过“2000元”改为“3000元”；"
        "“2022年6月底”改为“2025年6月底”；2022年6月底前完成首批“500户”改为“800户”\n"
        "   责任单位：市住建局由配合改为牵头；市民政局由牵头改为配合\n"
        "   期限：2022年6月底前 → 2025年6月底前\n"
        "   数字：金额 （每户补贴不超过）2000元 → 3000元；数量 （2022年6月底前完成首批）500户 → 800户\n"
        "3. 二（二） 建设助餐点（原编号 二（一））\n"
        "   文字：每个助餐点补助“6万元”改为“8万元”\n"
        "   责任单位：增加市市场监管局（责任）\n"
        "   数字：金额 （每个助餐点补助）6万元 → 8万元\n"
        "4. 二（五） 加强督查（原在 三（一））\n"
        "   文字：“每半年”改为“每季度”\n"
        "5. 三 保障措施\n"
        "   文字：各县区于每年“12月10日”改为“11月20日”\n"
        "   期限：每年12月10日前 → 每年11月20日前",
        "三、新增的条款\n"
        "1. 二（四） 发展智慧养老\n"
        "   原文：发展智慧养老。搭建市级居家养老信息平台，接入呼叫终端2万个。\n"
        "   责任单位：市大数据局（责任）、市民政局（责任）",
        "四、删除的条款\n"
        "1. 二（四） 开展电话问候\n"
        "   原文：开展电话问候。各社区每月给独居老人打一次电话。\n"
        "   责任单位：市民政局（责任）",
        "五、内容未变、只变了编号或位置的条款\n1. 三（一） 落实资金（原编号 三（二））",
        "六、责任单位变化汇总\n"
        "市住建局：由配合改为牵头 二（一）\n"
        "市民政局：由牵头改为配合 二（一）；不再承担 旧版二（四）；新增 二（四）\n"
        "市市场监管局：新增 二（二）\n"
        "市大数据局：新增 二（四）",
    ]


def test_equal_versions_are_said_to_be_equal(reviser):
    assert revision_text(reviser.compare(care("old"), care("old"))).endswith("\n两版内容相同。")


def test_files_that_are_no_versions_of_one_document_are_pointed_out(reviser):
    assert "可能不是同一份文件的两个版本" in revision_text(reviser.compare(care("old"), document("parking")))
    assert "可能不是" not in revision_text(reviser.compare(care("old"), care("new")))


def test_a_clause_with_many_changes_is_shown_whole(reviser):
    old = "一、任务。" + "".join(f"甲{n}处补助{n}万元，" for n in range(1, 10)) + "完毕。\n"
    new = "一、任务。" + "".join(f"甲{n}处补助{n + 20}万元，" for n in range(1, 10)) + "完毕。\n"
    text = revision_text(reviser.compare(parse_text(old), parse_text(new)))
    assert "   文字：改动较多。旧文：任务。甲1处补助1万元，" in text
    assert "新文：任务。甲1处补助21万元，" in text


def test_the_record_by_value(revision):
    record = revision_record(revision)
    assert json.loads(json.dumps(record, ensure_ascii=False)) == record
    assert record["old"] == {
        "document": "care-old",
        "file": "居家养老old.txt",
        "title": "白石市推进居家养老服务实施方案",
        "doc_number": "白政办发〔2021〕12号",
        "date": "2021-04-06",
        "clauses": 9,
    }
    found = record["clauses"][4]
    assert (found["change"], found["placement"]) == ("changed", "renumbered")
    assert (found["old"]["path"], found["new"]["path"]) == (["二", "（一）"], ["二", "（二）"])
    assert found["edits"] == [{"before": "每个助餐点补助", "old": "6万元", "new": "8万元"}]
    assert found["units"] == [
        {"unit": "市市场监管局", "old_role": None, "new_role": "responsible", "former": ""}
    ]
    assert found["figures"] == [{"kind": "money", "old": "6万元", "new": "8万元", "before": "每个助餐点补助"}]
    new_text = care("new").text
    assert new_text[found["new"]["start"] : found["new"]["end"]].startswith("（二）建设助餐点。")
    assert record["clauses"][6]["new"] is None


def test_the_workbook_by_value(revision):
    sheet = load_workbook(io.BytesIO(revision_workbook(revision))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [
        *["变化", "新条款", "旧条款", "标题", "文字", "责任单位", "期限", "数字", "旧文", "新文"]
    ]
    assert len(rows) == 1 + 11
    assert rows[5] == [
        "修改（改编号）",
        "二（二）",
        "二（一）",
        "建设助餐点",
        "每个助餐点补助“6万元”改为“8万元”",
        "增加市市场监管局（责任）",
        None,
        "金额 （每个助餐点补助）6万元 → 8万元",
        "建设助餐点。每个助餐点补助6万元，由市民政局统一验收。",
        "建设助餐点。每个助餐点补助8万元，由市民政局统一验收。",
    ]
    assert rows[7][:4] == ["删除", None, "二（四）", "开展电话问候"]
