import pytest

from assistant.understanding.wording import Repaired, SlipRepairer, plain
from policies import assistant

VOCABULARY = {"职工": 9, "教育": 7, "农民工": 8, "工资": 12, "公资": 1, "津贴": 3, "培训": 5, "负责": 0}
DICTIONARY = ["农民工", "职工", "教育", "工资", "津贴", "培训", "负责", "公办", "职权"]


def segment(text):
    """Longest dictionary word first, else one character."""
    found, at = [], 0
    while at < len(text):
        word = next((each for each in DICTIONARY if text.startswith(each, at)), text[at])
        found.append(word)
        at += len(word)
    return found


@pytest.fixture(scope="module")
def repairer():
    return SlipRepairer(VOCABULARY, segment, lambda text: text in DICTIONARY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("農民工欠薪歸誰管", "农民工欠薪归谁管"),
        ("第２条ＡＢＣ", "第2条ABC"),
        ("  工资  ", "工资"),
        # Punctuation keeps its width: 「（三）」 names a clause.
        ("二（三）1？", "二（三）1？"),
        ("①", "①"),
        ("", ""),
    ],
)
def test_plain(typed, meant):
    assert plain(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant", "changes"),
    [
        ("职公培训", "职工培训", (("职公", "职工"),)),
        ("职公金贴", "职工津贴", (("职公", "职工"), ("金贴", "津贴"))),
        # Of two words of one sound the more frequent one.
        ("工姿", "工资", (("工姿", "工资"),)),
        ("浓民工培训", "农民工培训", (("浓民工", "农民工"),)),
        ("nongmingong gongzi", "农民工工资", (("nongmingong gongzi", "农民工工资"),)),
        ("谁fuze培训", "谁负责培训", (("fuze", "负责"),)),
        ("NONG MIN GONG培训", "农民工培训", (("nong min gong", "农民工"),)),
    ],
)
def test_slips_and_pinyin_become_words_of_the_documents(repairer, typed, meant, changes):
    assert repairer.repair(typed) == Repaired(meant, changes)


@pytest.mark.parametrize(
    "question",
    [
        "职工培训",  # right already
        "职权",  # a word of its own, though close in sound
        "公办教育",
        "他的公司",  # particles and function words take part in no slip
        "abc",  # no pinyin
        "hello world",
        "GDP增长",
        "",
    ],
)
def test_what_is_no_slip_stays(repairer, question):
    assert repairer.repair(question) == Repaired(question)


def test_protected_spans_stay(repairer):
    assert repairer.repair("职公职公", protected=[(0, 2)]) == Repaired("职公职工", (("职公", "职工"),))


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("金贴", "津贴"),
        ("津贴", ""),  # the word itself
        ("傅泽", ""),  # 负责 is a word of questions, no document has it
        ("不知", ""),  # consists of words that stand alone
        ("天空", ""),
    ],
)
def test_homophone_names_words_of_the_documents_only(repairer, word, meant):
    assert repairer.homophone(word) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("职公教育经费提多少", "职工教育经费提多少"),
        ("农民工工资谁付责", "农民工工资谁负责"),
        ("jishu gongren peixun", "技术工人培训"),
    ],
)
def test_slips_against_the_words_of_the_shipped_document(typed, meant):
    assert assistant("corpus").planner.plan(typed).question == meant


@pytest.mark.parametrize(
    "question",
    [
        "市人社局和县人社局谁管",
        "外事办管不管这件事",
        "二（三）1讲什么",
        "我是外地来的，孩子上学怎么办",
        "企业拖欠工资，我该找谁",
        "老板不给交社保咋办",
        "年薪制是什么意思",
    ],
)
def test_ordinary_questions_are_not_repaired(question):
    plan = assistant("corpus").planner.plan(question)
    assert (plan.question, plan.notes) == (question, ())


def test_a_repair_is_noted_for_the_reader():
    assert assistant("corpus").planner.plan("职公培训").notes == ("“职公”按“职工”理解",)
