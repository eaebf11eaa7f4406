import pytest

from policies import ask

CORPUS, ELDERLY, PARKING = ("corpus",), ("elderly",), ("parking",)


@pytest.mark.parametrize(
    ("names", "question", "label", "line"),
    [
        (ELDERLY, "互助养老点补助多少钱", "二（一）1", "金额：**8万元**"),
        (ELDERLY, "居家改造每户多少钱", "二（一）2", "金额：**3000元**"),
        (ELDERLY, "护理员培训一年多少人", "二（二）1", "数量：**150人**"),
        (ELDERLY, "护理型床位占比要达到多少", "一", "比例：**55%**"),
        (PARKING, "在疏散通道停电动车罚多少钱", "第三章第五条", "金额：**500元**"),
        (PARKING, "充电泊位比例多少", "第二章第四条", "比例：**20%**"),
        (CORPUS, "职工教育经费按工资总额的百分之几提取", "二（二）2", "8%"),
        (CORPUS, "随迁配偶的补贴由同级财政补助多少", "二（一）2", "50%"),
    ],
)
def test_a_value_that_the_text_gives_comes_first(names, question, label, line):
    answer = ask(names, question)
    assert (answer.status, answer.citations[0].label) == ("answered", label)
    assert line in answer.text
    assert line.strip("：*").rpartition("**")[2].replace("**", "") in answer.citations[0].quote.replace(
        " ", ""
    )


@pytest.mark.parametrize(
    ("names", "question", "kind"),
    [
        (ELDERLY, "老年食堂补贴多少钱", "金额"),
        (ELDERLY, "养老护理员奖励多少钱", "金额"),
        (ELDERLY, "互助养老点的联系电话是多少", "联系方式"),
        (PARKING, "占用盲道停放罚多少钱", "金额"),
        (CORPUS, "技能津贴每月多少元", "金额"),
        (CORPUS, "高技能领军人才服务窗口电话是多少", "联系方式"),
    ],
)
def test_a_value_that_the_text_does_not_give_is_refused(names, question, kind):
    answer = ask(names, question)
    assert (answer.status, answer.units, answer.citations) == ("no_evidence", (), ())
    assert answer.text.startswith("文件有相关内容（《")
    assert f"所问的{kind}" in answer.text


def test_the_units_of_the_clause_are_named_as_whom_to_turn_to():
    answer = ask(ELDERLY, "互助养老点补助多少钱")
    assert [unit.name for unit in answer.units] == ["县民政局", "县财政局", "县自然资源局"]
    assert "可以找：县民政局、县财政局、县自然资源局。" in answer.text
    assert "可以找" not in ask(PARKING, "充电泊位比例多少").text


@pytest.mark.parametrize(
    ("names", "question", "label", "quoted"),
    [
        (ELDERLY, "高龄老人吃饭有什么帮助", "二（二）3", "为高龄老人提供助餐服务"),
        (PARKING, "盲道上能停车吗", "第二章第三条", "不得占用盲道和消防通道"),
        (CORPUS, "农民工孩子上学怎么办", "二（三）3", "普惠性教育设施"),
        (CORPUS, "派遣工能加入工会吗", "二（三）4", "吸收劳务派遣工加入工会组织"),
        (CORPUS, "领军人才落户有什么照顾", "二（一）3", "放宽落户条件限制"),
    ],
)
def test_benefits_quote_the_sentence(names, question, label, quoted):
    answer = ask(names, question)
    assert (answer.status, answer.citations[0].label) == ("answered", label)
    assert quoted in "".join(each.quote for each in answer.citations)
    assert quoted in answer.text


@pytest.mark.parametrize(
    ("names", "question", "label", "limit"),
    [
        (ELDERLY, "进展情况最晚什么时候报", "三", "11月20日前"),
        (ELDERLY, "首批互助养老点什么时候建成", "二（一）1", "2024年10月底前"),
        (CORPUS, "具体落实措施最晚哪天报", "三", "6月15日前"),
        (CORPUS, "落实措施什么时候交给市产改办", "三", "6月15日前"),
    ],
)
def test_deadlines(names, question, label, limit):
    answer = ask(names, question)
    assert (answer.status, answer.intent) == ("answered", "deadline")
    assert f"期限：**{limit}**（{label} " in answer.text
    assert limit in "".join(each.quote for each in answer.citations if each.label == label)
    assert answer.units == ()


@pytest.mark.parametrize(
    ("names", "question"),
    [
        (PARKING, "停放泊位什么时候建成"),  # no limit in the document
        (CORPUS, "光伏项目最晚什么时候报送"),
        (ELDERLY, "烟花爆竹许可什么时候到期"),
    ],
)
def test_no_deadline_of_another_matter_is_given(names, question):
    answer = ask(names, question)
    assert "期限：**" not in answer.text


@pytest.mark.parametrize(
    "question",
    ["光伏发电补贴怎么申请", "怎么办护照", "烟花爆竹在哪里买", "宠物狗要打什么疫苗", "高考加多少分"],
)
@pytest.mark.parametrize("names", [ELDERLY, PARKING, CORPUS])
def test_what_no_document_speaks_of_is_refused(names, question):
    answer = ask(names, question)
    assert (answer.status, answer.units, answer.citations) == ("no_evidence", (), ())


def test_a_benefit_answer_is_short():
    answer = ask(CORPUS, "领军人才在技术创新上有哪些支持和激励")
    assert answer.status == "answered"
    assert sum(len(each.quote) for each in answer.citations) <= 420 + 2 * 210


def test_a_heading_alone_is_not_quoted():
    answer = ask(("elderly",), "老年食堂有什么规定")
    assert "鼓励餐饮企业送餐上门" in answer.citations[0].quote
