import pytest

from policies import ask, document

CORPUS, ELDERLY, PARKING, BOTH = ("corpus",), ("elderly",), ("parking",), ("elderly", "parking")


@pytest.mark.parametrize(
    ("names", "question", "said"),
    [
        (CORPUS, "文号是多少", "发文字号：**吕产改办发〔2023〕6号**"),
        (CORPUS, "这文件谁发的", "发文机关：**吕梁市产业工人队伍建设改革协调小组办公室**"),
        (CORPUS, "主送哪些单位", "县市区产业工人队伍建设改革协调小组"),
        (CORPUS, "依据什么文件制定", "- 《中共中央、国务院新时期产业工人队伍建设改革方案》"),
        (CORPUS, "这是哪个市的方案", "这是**吕梁市**的文件"),
        (CORPUS, "哪年发的文", "2023年"),
        (ELDERLY, "文号是多少", "发文字号：**临政办发〔2024〕11号**"),
        (ELDERLY, "谁发的文", "发文机关：**临河县人民政府办公室**"),
        (ELDERLY, "主送给谁", "主送机关：**各乡镇人民政府，县直各有关单位**"),
        (ELDERLY, "依据是什么文件", "制定依据：\n- 《海东省养老服务条例》"),
        (ELDERLY, "文件全称叫什么", "标题：**关于提升农村养老服务水平的实施方案**"),
        (ELDERLY, "什么时候印发的", "成文日期：**2024年3月5日**（2024-03-05）"),
        (ELDERLY, "哪个县的文件", "这是**临河县**的文件，发文机关：临河县人民政府办公室。"),
        (ELDERLY, "为什么出台这个方案", "> 为进一步提升全县农村养老服务水平"),
        (PARKING, "有效期几年", "施行与有效期：**2024-07-01；有效期5年**"),
        (PARKING, "什么时候施行", "施行与有效期：**2024-07-01；有效期5年**"),
        (PARKING, "文件全称叫什么", "标题：**临河县电动自行车停放管理办法**"),
    ],
)
def test_facts_with_the_place_they_were_read_from(names, question, said):
    answer = ask(names, question)
    assert (answer.status, answer.intent, answer.units) == ("answered", "meta", ())
    assert said in answer.text
    text = document(names[0]).text
    assert answer.citations
    assert all(text[each.start : each.end] == each.quote for each in answer.citations)


@pytest.mark.parametrize(
    ("names", "question", "name"),
    [
        (CORPUS, "抄送哪些单位", "抄送机关"),
        (CORPUS, "抄送给谁", "抄送机关"),
        (ELDERLY, "抄送给哪些部门", "抄送机关"),
        (CORPUS, "有效期到哪年", "施行与有效期"),
        (ELDERLY, "方案什么时候失效", "施行与有效期"),
        (PARKING, "文号是多少", "发文字号"),
        (PARKING, "发文机关是谁", "发文机关"),
        (PARKING, "主送哪些单位", "主送机关"),
        (PARKING, "成文日期是哪天", "成文日期"),
    ],
)
def test_a_fact_that_the_text_does_not_give(names, question, name):
    answer = ask(names, question)
    assert (answer.status, answer.citations, answer.units) == ("no_evidence", (), ())
    assert answer.text.endswith(f"的文本没有写明{name}。")


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("这是几号文", "发文字号"),
        ("文件下发给谁了", "主送机关"),
        ("通知发给哪些单位", "主送机关"),
        ("抄送给谁", "抄送机关"),
        ("抄报哪里", "抄送机关"),
        ("文件叫什么名", "标题"),
        ("标题是什么", "标题"),
        ("有效期几年", "施行与有效期"),
        ("从什么时候施行", "施行与有效期"),
        ("成文日期是哪天", "成文日期"),
        ("哪年发的文", "成文日期"),
        ("根据什么文件制定的", "制定依据"),
        ("为什么要出台这个方案", "制定目的"),
        ("发文机关是谁", "发文机关"),
        ("文件是哪个单位印发的", "发文机关"),
    ],
)
def test_each_fact_in_other_words(question, name):
    answer = ask(ELDERLY, question)
    assert answer.intent == "meta"
    assert f"{name}：" in answer.text or f"{name}（原文）" in answer.text or f"没有写明{name}" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "归谁管",
        "补贴多少",
        "进展情况最晚什么时候报",
        "养老护理员证书有效期几年",
        "巡访台账什么时候印发",
        "互助养老点给谁建",
    ],
)
def test_no_fact_about_the_document(question):
    assert ask(ELDERLY, question).intent != "meta"


def test_the_year_of_the_number_is_no_day():
    # The shipped document is undated; its number has the year.
    year = ask(CORPUS, "哪年发的文")
    assert "文件没有写明成文日期；从发文字号看是 **2023年**（吕产改办发〔2023〕6号）。" in year.text
    assert ask(CORPUS, "成文日期是几月几日").status == "no_evidence"


def test_whom_it_concerns_are_the_headings_of_the_largest_section():
    answer = ask(CORPUS, "针对哪几类人")
    assert [each.label for each in answer.citations] == ["二（一）", "二（二）", "二（三）"]


def test_of_several_documents_each_gives_its_fact_and_those_without_are_left_out():
    assert [each.document for each in ask(BOTH, "文件全称叫什么").citations] == ["elderly", "parking"]
    assert [each.document for each in ask(BOTH, "文号是多少").citations] == ["elderly"]
    assert ask(BOTH, "文号是多少", document="parking").status == "no_evidence"
