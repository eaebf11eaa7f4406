import pytest

from assistant.datatypes import Question
from assistant.parsing import parse_text
from policies import ask, open_in_memory

CORPUS, ELDERLY, PARKING = ("corpus",), ("elderly",), ("parking",)


def units(answer):
    return [(unit.name, unit.role) for unit in answer.units]


@pytest.mark.parametrize(
    ("question", "label", "expected"),
    [
        (
            "互助养老点归谁管？",
            "二（一）1",
            [("县民政局", "lead"), ("县财政局", "support"), ("县自然资源局", "support")],
        ),
        (
            "失能老人家里装扶手由哪些单位负责",
            "二（一）2",
            [("县民政局", "lead"), ("县残联", "support"), ("县住建局", "support")],
        ),
        (
            "养老护理员培训哪个部门牵头",
            "二（二）1",
            [("县人社局", "lead"), ("县民政局", "support"), ("县卫健局", "support")],
        ),
        (
            "二（一）2归谁管",
            "二（一）2",
            [("县民政局", "lead"), ("县残联", "support"), ("县住建局", "support")],
        ),
    ],
)
def test_all_units_of_the_annotation_in_printed_order_with_roles(question, label, expected):
    answer = ask(ELDERLY, question)
    assert (answer.status, answer.intent, answer.verdict) == ("answered", "owner", None)
    assert units(answer) == expected
    assert {each.label for each in answer.units} == {label} == {each.label for each in answer.citations}
    for name, _ in expected:
        assert name in answer.text
    assert f"（共 {len(expected)} 个）" in answer.text


def test_units_of_the_shipped_document_have_no_lead():
    answer = ask(CORPUS, "农民工欠薪归谁管？")
    assert [name for name, _ in units(answer)] == [
        "人社局",
        "总工会",
        "市人大社建委",
        "卫健委",
        "应急局",
        "试点企业",
    ]
    assert {role for _, role in units(answer)} == {"responsible"}
    assert "文件未指明牵头单位。" in answer.text
    assert "农民工工资按时足额发放" in answer.text  # the sentence that says what is to be done


def test_a_prefix_that_the_list_shares_is_restored():
    answer = ask(CORPUS, "高技能领军人才的社会待遇由哪些单位负责")
    assert [(unit.name, unit.canonical) for unit in answer.units] == [
        ("市委组织部", "市委组织部"),
        ("人社局", "市人社局"),
        ("教育局", "市教育局"),
        ("市总工会", "市总工会"),
    ]


def test_the_rule_that_the_first_unit_leads_is_said():
    answer = ask(ELDERLY, "独居老人探访由谁负责")
    assert (
        "牵头单位：县民政局；责任单位：各乡镇人民政府（共 2 个）。文件规定列第一位的单位牵头。" in answer.text
    )


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("独居老人探访由谁负责", [("县民政局", "lead"), ("各乡镇人民政府", "responsible")]),
        ("不赡养老人的谁来调解", [("县司法局", "lead"), ("县公安局", "responsible")]),
    ],
)
def test_of_two_annotations_in_a_clause_the_one_behind_the_sentence_governs(question, expected):
    answer = ask(ELDERLY, question)
    assert units(answer) == expected
    assert [each.label for each in answer.citations] == ["二（二）2", "二（二）2"]


def test_a_clause_named_by_number_has_the_units_of_all_its_annotations():
    answer = ask(ELDERLY, "二（二）2的责任单位有哪些")
    assert [name for name, _ in units(answer)] == ["县民政局", "各乡镇人民政府", "县司法局", "县公安局"]
    assert len(answer.citations) == 2


@pytest.mark.parametrize(
    ("question", "verdict", "said"),
    [
        (
            "县财政局是不是互助养老点的责任单位？",
            "yes",
            "是。县财政局是“二（一）1 建设互助养老点”的配合单位。",
        ),
        ("县民政局管不管互助养老点", "yes", "是。县民政局是“二（一）1 建设互助养老点”的牵头单位。"),
        ("民政局管不管互助养老点", "yes", "是。民政局是"),  # the county's bureau, named shorter
        ("县卫健局管不管互助养老点", "no", "不是。“二（一）1 建设互助养老点”的责任单位中没有县卫健局。"),
        ("县民政局管不管老年食堂", "no", "不是。文件没有给“二（二）3 举办老年食堂”标注责任单位。"),
    ],
)
def test_yes_or_no_with_the_whole_list(question, verdict, said):
    answer = ask(ELDERLY, question)
    assert answer.verdict == verdict
    assert answer.text.startswith(said)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("外事办是不是发挥领军人才技术创新作用那条的责任单位", "yes"),
        ("教育局管不管农民工融入城市", "yes"),
        ("财政局管不管农民工融入城市", "no"),
        ("教育局是不是维护农民工合法权益的责任单位", "no"),
        ("市人社局是不是二（三）2的责任单位", "yes"),  # printed 人社局
        ("省人社厅是不是二（三）2的责任单位", "no"),
        ("二（二）2里有没有财政局", "yes"),
        ("二（二）2的责任单位包括外事办吗", "no"),
    ],
)
def test_yes_or_no_on_the_shipped_document(question, verdict):
    assert ask(CORPUS, question).verdict == verdict


@pytest.mark.parametrize(
    ("names", "question", "label"),
    [
        (ELDERLY, "老年食堂归哪个部门负责", "二（二）3"),
        (PARKING, "在疏散通道停放由谁责令改正", "第三章第五条"),
        (CORPUS, "专题培训班由谁举办", "三（三）"),
    ],
)
def test_a_clause_without_annotation_is_quoted_and_no_unit_asserted(names, question, label):
    answer = ask(names, question)
    assert (answer.status, answer.units) == ("answered", ())
    assert answer.text.startswith("文件没有给这部分（")
    assert answer.citations[0].label == label
    assert all(len(each.quote) <= 400 for each in answer.citations)


def test_the_unit_that_a_sentence_names_stands_in_the_quotation():
    assert "县消防救援大队" in ask(PARKING, "在疏散通道停放由谁责令改正").text


@pytest.mark.parametrize(
    "question", ["光伏发电归哪个部门管", "烟花爆竹归谁管", "高考报名由哪个单位负责", "渔船由谁登记"]
)
@pytest.mark.parametrize("names", [CORPUS, ELDERLY])
def test_what_no_document_speaks_of_is_refused(names, question):
    answer = ask(names, question)
    assert (answer.status, answer.units, answer.citations, answer.verdict) == ("no_evidence", (), (), None)
    assert answer.text.startswith("不在文件范围：")


def test_without_a_matter_all_units_are_listed():
    answer = ask(ELDERLY, "有哪些责任单位")
    assert answer.text.startswith("共有 10 个责任单位，任务最多的是县民政局（4 条）。")
    assert len({unit.canonical for unit in answer.units}) == 10


TWINS = [
    parse_text(
        f"{name}办事方案\n\n一、办理证照。县公安局要在三日内办理居住证。\n\n二、{matter}。按期完成。（责任单位：{unit}）\n",
        document_id=name,
        file=f"{name}.txt",
    )
    for name, matter, unit in (("甲县", "修桥", "县住建局"), ("乙县", "植树", "县林业局"))
]


def test_a_sentence_that_names_the_unit_of_a_clause_without_annotation_leaves_the_verdict_open():
    answer = open_in_memory(TWINS[:1]).ask(Question("县公安局是不是办理居住证的责任单位？"))
    assert answer.verdict is None
    assert "县公安局要在三日内办理居住证" in answer.text


def test_a_clause_number_that_two_documents_have_is_asked_back():
    assistant = open_in_memory(TWINS)
    answer = assistant.ask(Question("第二条归谁管？"))
    assert (answer.status, answer.units) == ("no_evidence", ())
    assert "有 2 份文件都有这一条" in answer.text


def test_a_follow_up_stays_in_the_document_of_the_turn_before():
    answer = open_in_memory(TWINS).ask(Question("这条归谁管？", history=("植树讲了什么？",)))
    assert [(unit.name, unit.document) for unit in answer.units] == [("县林业局", "乙县")]


def test_two_clause_numbers_that_two_documents_have_are_asked_back():
    answer = open_in_memory(TWINS).ask(Question("第一条和第二条的责任单位差在哪儿？"))
    assert (answer.status, answer.citations) == ("no_evidence", ())
    assert "有 2 份文件都有这一条" in answer.text
