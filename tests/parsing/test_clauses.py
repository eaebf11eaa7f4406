from assistant.parsing import parse_text

from .helpers import labels, tree

LAW = """# 某省技能培训条例

（2021年7月30日某省第十三届人民代表大会常务委员会第三十三次会议通过）

目　录
第一章　总则
第二章　培训

第一章　总则

第一条　为了规范技能培训，根据《中华人民共和国职业教育法》，制定本条例。

第二条　本条例适用于本省行政区域。

法律另有规定的，从其规定。

第二章　培训

第三条　有下列情形之一的，可以申请补贴：

（一）取得证书的；

（二）符合第二条第二款规定的，包括：

1.新成长劳动力；

2.失业人员。

前款规定的补贴由县级财政承担。

第四条　本条例自2021年9月1日起施行。
"""


def test_law():
    assert labels(LAW) == [
        "第一章",
        "第一章第一条",
        "第一章第二条",
        "第二章",
        "第二章第三条",
        "第二章第三条（一）",
        "第二章第三条（二）",
        "第二章第三条（二）1",
        "第二章第三条（二）2",
        "第二章第四条",
    ]
    clauses = {c.label: c for c in parse_text(LAW).clauses}
    assert LAW[: clauses["第一章"].start].endswith("第二章　培训\n\n")  # behind the table of contents
    article = clauses["第一章第二条"]
    assert LAW[article.start : article.end].endswith("法律另有规定的，从其规定。")


def test_articles_on_their_own_line_and_without_space():
    text = (
        "第一条\n为了建立制度，制定本办法。\n第二条本办法适用于全市。"
        "\n第三条　【职责】市人社局负责。\n第四条所称单位包括企业。"
    )
    assert labels(text) == ["第一条", "第二条", "第三条"]


def test_numbering_that_runs_on_keeps_its_numbers():
    text = (
        "一、目标\n（一）甲。做好甲。\n（二）乙。做好乙。\n二、任务\n（三）丙。做好丙。\n（四）丁。做好丁。"
    )
    assert labels(text) == ["一", "一（一）", "一（二）", "二", "二（三）", "二（四）"]


def test_level_that_is_left_out():
    text = (
        "一、目标\n（一）甲。\n1.子。做好。\n二、保障\n2.丑。做好。\n3.寅。做好。\n三、其他\n（一）乙。做好。"
    )
    assert labels(text) == ["一", "一（一）", "一（一）1", "二", "二2", "二3", "三", "三（一）"]


def test_half_and_full_width_brackets_mix():
    assert labels("一、目标\n(一)甲。做好。\n（二）乙。做好。\n（1）子。\n(2)丑。") == [
        "一",
        "一（一）",
        "一（二）",
        "一（二）（1）",
        "一（二）（2）",
    ]


DECIMAL = """突发事件应急预案
目　　录
1　总则
1.1　编制目的
1.2　编制依据
2　组织体系
2.1　指挥机构

1　总则
1.1　编制目的
健全应对机制。
1.2　编制依据
依据《突发事件应对法》，制定本预案。
2　组织体系
2.1　指挥机构
预警分为两级：
（1）蓝色预警；
（2）红色预警。
"""


def test_decimal_headings_with_table_of_contents():
    document = parse_text(DECIMAL)
    assert [c.path for c in document.clauses] == [
        ("1",),
        ("1", "1.1"),
        ("1", "1.2"),
        ("2",),
        ("2", "2.1"),
        ("2", "2.1", "（1）"),
        ("2", "2.1", "（2）"),
    ]
    assert DECIMAL.count("1.1　编制目的", 0, document.clauses[0].start) == 1


def test_decimal_headings_in_flattened_text():
    body = "各级人民政府及有关部门应当加强监测，建立健全信息共享机制，及时组织研判会商。" * 4
    flat = (
        (DECIMAL + "2.2　地方机构\n" + body)
        .replace("1.2　编制依据\n2", "1.2　编制依据\n1.3　适用范围\n2")
        .replace("\n", "")
    )
    assert [c.heading for c in parse_text(flat).clauses][:5] == [
        "总则",
        "编制目的",
        "编制依据",
        "组织体系",
        "指挥机构",
    ]


PARTS = """关于印发两个方案的通知
某政发〔2020〕1号
各县人民政府：
现将《某省规范服务专项方案》《某省优化审批专项方案》印发给你们，请认真落实。
某省人民政府
2020年1月2日
某省规范服务专项方案
一、总体要求
坚持改革。
二、主要任务
完善制度。
某省优化审批专项方案
一、总体要求
坚持便民。
二、主要任务
（一）压缩时限。减少环节。
附件1
名词解释
1.数据要素：指参与生产的数据。
2.算力网络：指算力的网络。
"""


def test_inner_plans_and_attachments_are_parts():
    assert tree(parse_text(PARTS)) == [
        ("某省规范服务专项方案", "一", "总体要求"),
        ("某省规范服务专项方案", "二", "主要任务"),
        ("某省优化审批专项方案", "一", "总体要求"),
        ("某省优化审批专项方案", "二", "主要任务"),
        ("某省优化审批专项方案", "二（一）", "压缩时限"),
        ("附件1", "1", "数据要素"),
        ("附件1", "2", "算力网络"),
    ]


def test_list_of_attachments_is_no_clause():
    text = (
        "一、要求\n按时办理。\n二、其他\n抓好落实。\n附件：1.任务清单\n　　　2.联系人名单\n某局\n2020年1月2日"
    )
    document = parse_text(text)
    assert [c.label for c in document.clauses] == ["一", "二"]
    assert text[document.clauses[1].start : document.clauses[1].end] == "二、其他\n抓好落实。"


FLAT = (
    "某市人民政府办公室关于印发若干措施的通知某政办发〔2019〕17号各县人民政府，市政府各部门："
    "《若干措施》已经市政府同意，现印发给你们，请认真贯彻落实。某市人民政府办公室2019年10月21日（此件公开发布）"
    "某市若干措施为激发活力，制定如下措施。一、放宽准入（一）清理事项。取消年检。（市市场监管局、司法局牵头）"
    "（二）压减许可。取消许可。（市审批局牵头，工信局等部门及各县区按职责分工负责）二、加强监管"
    "（一）推进联合检查。制定办法。（市市场监管局负责）（二）鼓励创新。完善标准。（市科技局负责）"
)


def test_flattened_text_without_any_break():
    document = parse_text(FLAT)
    assert tree(document) == [
        ("", "一", "放宽准入"),
        ("", "一（一）", "清理事项"),
        ("", "一（二）", "压减许可"),
        ("", "二", "加强监管"),
        ("", "二（一）", "推进联合检查"),
        ("", "二（二）", "鼓励创新"),
    ]
    meta = document.metadata
    assert (meta.title.value, meta.doc_number.value) == ("某市若干措施", "某政办发〔2019〕17号")
    assert (meta.issuer.value, meta.date.value) == ("某市人民政府办公室", "2019-10-21")
    assert meta.recipients.value == "各县人民政府，市政府各部门"


def test_flattened_text_with_spaces_for_breaks():
    text = (
        "某省稳定就业若干措施 为稳定就业，制定以下措施。 一、支持企业稳定岗位 "
        "降低费率，保持稳定。落实返还政策，扩大范围，"
        "实施期限延长。（省人社厅、省财政厅负责） 二、开发更多岗位 "
        "挖掘内需带动就业。支持养老服务业发展，加强队伍建设，"
        "打通消费渠道。（省发展改革委负责） 三、强化服务 推行实名登记。"
        "完善监测。（省人社厅负责） 各地要切实履行责任。"
    )
    document = parse_text(text)
    assert tree(document) == [
        ("", "一", "支持企业稳定岗位"),
        ("", "二", "开发更多岗位"),
        ("", "三", "强化服务"),
    ]
    assert text[document.clauses[-1].start : document.clauses[-1].end].endswith("各地要切实履行责任。")


def test_box_entries_are_text_of_the_clause():
    text = (
        "一、任务\n　　1.建设平台。完善设施。\n专栏1 重点工程\n1.数据中心工程。\n2.网络工程。\n"
        "　　2.发展产业。培育企业。\n　　3.引进人才。落实政策。\n"
    )
    document = parse_text(text)
    assert [c.label for c in document.clauses] == ["一", "一1", "一2", "一3"]
    assert "网络工程" in text[document.clauses[1].start : document.clauses[1].end]


def test_document_printed_twice_is_parsed_once():
    body = "关于做好工作的通知\n" + "".join(
        f"{n}、第{n}项工作要求\n按照第{n}项安排落实到位。\n" for n in "一二三四五"
    )
    document = parse_text(body + body)
    assert [c.label for c in document.clauses] == list("一二三四五")
    assert "重复印了一遍" in document.warnings[0]
    assert document.clauses[-1].end <= len(body)


def test_wrapped_lines_do_not_open_clauses_inside_a_sentence():
    width = 22
    paragraph = "同一项目不可同时申报本措施第十条第（一）款和第（二）款的资助并应按照规定流程办理。"
    body = "".join(f"第{n}条 {paragraph}" + "\n" for n in "一二三四五六七八九十")
    wrapped = "\n".join(
        "\n".join(line[i : i + width] for i in range(0, len(line), width)) for line in body.splitlines()
    )
    assert labels(wrapped) == [f"第{n}条" for n in "一二三四五六七八九十"]


def test_signature_date_and_imprint_are_not_clause_text():
    text = (
        "一、要求\n按时办理。\n二、其他\n本意见自印发之日起施行。\n某市人民政府\n2020年1月2日\n（此件公开发布）\n"
        "抄送：市委各部门，市人大办公室。\n某市人民政府办公室　2020年1月3日印发\n"
    )
    clause = parse_text(text).clauses[-1]
    assert text[clause.start : clause.end].endswith("自印发之日起施行。")


def test_table_behind_the_last_clause_is_outside_it():
    text = (
        "一、要求\n按时办理。\n二、其他\n抓好落实。\n附件\n任务分工表\n"
        "序号\t事项\t牵头单位\n1\t甲\t市人社局\n"
    )
    document = parse_text(text)
    assert document.clauses[-1].end < text.index("附件")
    assert [(d.part, d.path, d.unit) for d in document.duties] == [("附件", (), "市人社局")]


def test_parts_of_flattened_text():
    text = (
        "某市关于印发方案的通知某政发〔2020〕1号各县人民政府：现将方案印发给你们，请认真贯彻落实。某市人民政府2020年3月1日"
        "某市服务专项方案为规范服务，制定本方案。一、总体要求坚持改革。落实责任。二、重点任务（一）清理事项。全面清理。"
        "（市审批局负责）（二）加强监管。完善制度。（市市场监管局负责）附件1某市审批专项方案为优化审批，制定本方案。"
        "一、总体要求坚持便民。压缩时限。二、重点任务（一）压缩时限。减少环节。（市审批局牵头）"
        "（二）优化流程。并联审批。（市住建局牵头）"
    )
    document = parse_text(text)
    assert tree(document) == [
        ("", "一", "总体要求"),
        ("", "二", "重点任务"),
        ("", "二（一）", "清理事项"),
        ("", "二（二）", "加强监管"),
        ("附件1", "一", "总体要求"),
        ("附件1", "二", "重点任务"),
        ("附件1", "二（一）", "压缩时限"),
        ("附件1", "二（二）", "优化流程"),
    ]
    assert [(d.part, d.path[-1], d.unit) for d in document.duties] == [
        ("", "（一）", "市审批局"),
        ("", "（二）", "市市场监管局"),
        ("附件1", "（一）", "市审批局"),
        ("附件1", "（二）", "市住建局"),
    ]
