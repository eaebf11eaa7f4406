import pytest

from assistant.datatypes import Metadata
from assistant.parsing import parse_text


def meta(text: str) -> Metadata:
    metadata = parse_text(text).metadata
    for field in (metadata.title, metadata.recipients, metadata.copies):
        squeezed = "".join(text[field.start : field.end].split())
        assert squeezed == field.value
    return metadata


NOTICE = """某市人民政府关于印发《某市推进数字经济行动计划(2018—2020年)》的通知
某市人民政府关于印发《某市推进数字经济行动计划(2018—2020年)》的通知

某政发[2019]77号
各县人民政府，市直各有关单位：
　　《某市推进数字经济行动计划（2018—2020年）》已经市政府同意，现印发给你们，请认真组织实施。
某市人民政府办公室
2019年12月31日
　　某市数字经济行动计划
　　（2018—2020年）
　　根据《某省数字经济行动计划》（某政发〔2018〕95号）和《中共某市委印发〈关于数字某市建设的意见〉的通知》精神，制定本计划。
　　一、总体要求
　　坚持创新驱动。
　　二、其他
　　本计划自印发之日起施行，有效期5年。
抄送：市委各部门，市人大常委会办公室。
某市人民政府办公室　2020年1月3日印发
"""


def test_notice_with_plan():
    found = meta(NOTICE)
    assert found.title.value == "某市数字经济行动计划（2018—2020年）"
    assert found.doc_number.value == "某政发[2019]77号"
    assert found.issuer.value == "某市人民政府办公室"
    assert found.date.value == "2019-12-31"
    assert found.recipients.value == "各县人民政府，市直各有关单位"
    assert [b.value for b in found.basis] == [
        "《某省数字经济行动计划》",
        "《中共某市委印发〈关于数字某市建设的意见〉的通知》",
    ]
    assert found.effective.value == "自印发之日起施行"
    assert found.expires.value == "有效期5年"
    assert found.copies.value == "市委各部门，市人大常委会办公室"


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("国办发〔2018〕126号", "国办发〔2018〕126号"),
        ("（杨府[2021]8号）", "杨府[2021]8号"),
        ("豫政 〔2023〕27号", "豫政〔2023〕27号"),
        ("渝府办发〔 2022 〕96 号", "渝府办发〔2022〕96号"),
        ("晋政办发(2017〕109号", "晋政办发(2017〕109号"),
        ("\u200b渝府办发〔2019〕103号", "渝府办发〔2019〕103号"),
        ("广州市人民政府令第 61 号", "广州市人民政府令第61号"),
        ("某某公告2018年第14号", "某某公告2018年第14号"),
    ],
)
def test_document_numbers(line, number):
    found = meta(
        f"某市关于做好有关工作的通知\n{line}\n各县人民政府：\n依据国发〔2017〕1号文件，通知如下：\n一、要求\n落实。"
    )
    assert found.doc_number.value == number


def test_cited_number_is_not_the_documents_own():
    text = "某市关于做好工作的通知\n根据《意见》（国发〔2017〕1号）精神，通知如下：\n一、要求\n落实。"
    assert meta(text).doc_number.value == ""


def test_wrapped_title_and_end_signature():
    text = (
        "国务院办公厅关于深入开展消费帮扶\n\n助力乡村发展的指导意见\n\n国办发〔2018〕129号\n\n各省人民政府：\n\n"
        "为贯彻落实《三年行动的指导意见》，提出如下意见。\n\n一、总体要求\n\n坚持改革。\n\n二、任务\n\n抓好落实。\n\n"
        "国务院办公厅\n\n二〇一八年十二月三十日\n\n（此件公开发布）\n"
    )
    found = meta(text)
    assert found.title.value == "国务院办公厅关于深入开展消费帮扶助力乡村发展的指导意见"
    assert (found.issuer.value, found.date.value) == ("国务院办公厅", "2018-12-30")
    assert [b.value for b in found.basis] == ["《三年行动的指导意见》"]


def test_joint_issuers_from_the_title():
    text = (
        "某市民政局  某市财政局关于印发补助标准的通知\n某民规字〔2025〕2号\n"
        "各区政府：\n现就有关事项通知如下：\n一、标准\n每月100元。"
    )
    found = meta(text)
    assert found.issuer.value == "某市民政局、某市财政局"
    assert found.date.value == ""


def test_plan_that_does_not_repeat_its_title():
    text = (
        "关于印发《工资支付规定》的通知\n某部发〔1994〕489号\n各省厅：\n现印发给你们，请遵照执行。\n某某部\n一九九四年十二月六日\n"
        "第一条 为维护权益，根据《劳动法》，制定本规定。\n第二条 本规定自1995年1月1日起执行。"
    )
    found = meta(text)
    assert found.title.value == "工资支付规定"
    assert found.date.value == "1994-12-06"
    assert [b.value for b in found.basis] == ["《劳动法》"]
    assert found.effective.value == "1995-01-01"


def test_law_with_its_history():
    text = (
        "# 城市绿道条例\n\n2011年3月2日 国务院第145次常务会议通过\n"
        "\n2011年3月9日 中华人民共和国国务院令第602号公布\n\n"
        "<!-- INFO END -->\n\n第一条 为了维护权利，制定本条例。\n\n第二条 本条例自2011年5月1日起施行。"
    )
    found = meta(text)
    assert found.title.value == "城市绿道条例"
    assert found.doc_number.value == "中华人民共和国国务院令第602号"
    assert (found.issuer.value, found.date.value) == ("国务院", "2011-03-09")
    assert found.effective.value == "2011-05-01"


def test_order_on_two_lines():
    text = (
        "某市人民政府令\n\n第179号\n\n《办法》已经通过，现予公布。"
        "\n\n市长：张三\n\n2021年1月29日\n\n某市老年人优待办法\n"
        "\n第一条 为发展事业，制定本办法。"
    )
    found = meta(text)
    assert found.doc_number.value == "某市人民政府令第179号"
    assert (found.title.value, found.issuer.value) == ("某市老年人优待办法", "某市人民政府")
    assert found.date.value == "2021-01-29"


def test_expiry_date():
    text = (
        "某市关于支持企业的意见\n一、支持\n落实政策。\n二、附则\n"
        "本意见自2021年9月1日起施行，有效期至2026年2月21日。"
    )
    found = meta(text)
    assert (found.effective.value, found.expires.value) == ("2021-09-01", "2026-02-21")


def test_text_without_front_matter():
    found = meta("为深入贯彻落实《规划》精神，制定本计划。\n一、总体要求\n坚持改革。")
    assert (found.title.value, found.doc_number.value, found.issuer.value, found.date.value) == ("",) * 4
