import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.units import UnitLexicon, UnitName, parse_unit

LEXICON = UnitLexicon.load()


def found(text, known=()):
    return [mention.text for mention in LEXICON.find_mentions(text, known)]


@pytest.mark.parametrize(
    ("name", "concept", "level", "place", "core"),
    [
        ("人社局", "人社局", "", "", "人社局"),
        ("市人力资源和社会保障局", "人社局", "市", "", "人力资源和社会保障局"),
        ("省人力资源社会保障厅", "人社局", "省", "", "人力资源社会保障厅"),
        ("人力资源社会保障部", "人社局", "国家", "", "人力资源社会保障部"),
        ("市场监管局", "市场监管局", "", "", "市场监管局"),
        ("市市场监管局", "市场监管局", "市", "", "市场监管局"),
        ("厦门市市场监管局", "市场监管局", "市", "厦门", "市场监管局"),
        ("市民政局", "民政局", "市", "", "民政局"),
        ("市政府外办", "外事办", "市", "", "政府外办"),
        ("市委组织部", "组织部", "市", "", "组织部"),
        ("省委网信办", "网信办", "省", "", "网信办"),
        ("市人大社建委", "人大社建委", "市", "", "人大社建委"),
        ("市人大办公室", "人大办", "市", "", "人大办公室"),
        ("市委办", "党委办", "市", "", "市委办"),
        ("政府办", "政府办", "", "", "政府办"),
        ("团市委", "团委", "市", "", "团市委"),
        ("共青团中央", "团委", "国家", "", "共青团中央"),
        ("全国总工会", "总工会", "国家", "", "总工会"),
        ("国家发展改革委", "发改委", "国家", "", "发展改革委"),
        ("黄埔区政府", "政府", "县", "黄埔区", "政府"),
        ("凤山县自然资源局", "自然资源局", "县", "凤山县", "自然资源局"),
        ("山西省吕梁市人社局", "人社局", "市", "吕梁", "人社局"),
        ("厦门通信管理局", "通信管理局", "市", "厦门", "通信管理局"),
        ("人民银行南昌中心支行", "人民银行", "市", "南昌", "人民银行"),
        ("国办", "政府办", "国家", "", "国办"),
        ("州工信委", "工信局", "市", "", "工信委"),
        ("人力社保部门", "人社局", "", "", "人力社保部门"),
        ("县产改办", None, "县", "", "产改办"),
        ("试点企业", None, "", "", "试点企业"),
        ("城关镇人民政府", None, "乡", "", "城关镇人民政府"),
    ],
)
def test_names_are_taken_apart(name, concept, level, place, core):
    assert parse_unit(name, LEXICON) == UnitName(name, concept, level, place, core)


@pytest.mark.parametrize(
    ("name", "concept", "alternatives"),
    [
        ("发展改革委（铁路办）", "发改委", ("铁路办",)),
        ("市工业和信息化局（市大数据管理局）", "工信局", ("数据局",)),
        ("县委编办（绩效办）", "编办", ("绩效办",)),
        ("教体局", "教育局", ("体育局",)),
        ("县工信和商务局", "工信局", ("商务局",)),
        ("民政和退役军人局", "民政局", ("退役军人局",)),  # in no table: read from its parts
        ("住房和城乡建设局", "住建局", ()),
    ],
)
def test_second_nameplates_and_merged_organs(name, concept, alternatives):
    unit = parse_unit(name, LEXICON)
    assert (unit.concept, unit.alternatives) == (concept, alternatives)


SAME = [
    ("市人社局", "人社局"),
    ("市人社局", "市人力资源和社会保障局"),
    ("市人社局", "人社部门"),
    ("人社", "人社局"),
    ("市总工会", "总工会"),
    ("市总工会", "工会"),
    ("工会组织", "总工会"),
    ("团市委", "共青团"),
    ("共青团市委", "团市委"),
    ("市妇联", "妇女联合会"),
    ("央行", "人民银行"),
    ("卫生健康委员会", "卫健委"),
    ("市文化和旅游局", "文旅局"),
    ("市委宣传部", "宣传部"),
    ("应急管理局", "应急局"),
    ("国家发展改革委", "发展改革委"),
    ("厦门市人社局", "市人社局"),
    ("县工信和商务局", "商务局"),
    ("发展改革委（铁路办）", "铁路办"),
    ("市产改办", "产改办"),
    ("各县（市、区）人民政府", "各县市区政府"),
    ("扶贫办", "县乡村振兴局"),
    ("市卫计委", "市卫健委"),
    ("国税局", "税务局"),
    ("银监会", "金融监管总局"),
]
DIFFERENT = [
    ("省人社厅", "市人社局"),
    ("教育局", "省教育厅"),
    ("教育局", "教育部"),
    ("市场监管总局", "市市场监管局"),
    ("市委办", "政府办"),
    ("市人大办公室", "政府办"),
    ("市政协办公室", "市人大办公室"),
    ("人大办公室", "人大社建委"),
    ("厦门市人社局", "福州市人社局"),
    ("海淀区政府", "朝阳区政府"),
    ("省产改办", "市产改办"),
    ("经开区管委会", "风景区管委会"),
    ("工商局", "质监局"),  # both became 市场监管局, neither was the other
    ("科技局", "科协"),
    ("企业工会", "市总工会"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_same_unit(first, second):
    assert LEXICON.same_unit(first, second)
    assert LEXICON.same_unit(second, first)


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_different_units(first, second):
    assert not LEXICON.same_unit(first, second)
    assert not LEXICON.same_unit(second, first)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("扶贫办", "乡村振兴局", "扶贫办2021年起改为乡村振兴局"),
        ("县乡村振兴局", "县扶贫办", "扶贫办2021年起改为乡村振兴局"),
        ("市工商局", "市市场监管局", "工商局2018年起改为市场监管局"),
        ("卫生局", "卫健委", "卫生局2013年起改为卫计委，2018年起改为卫健委"),
        ("人社局", "市人社局", None),
        ("工商局", "质监局", None),
        ("试点企业", "人社局", None),
    ],
)
def test_renamed(first, second, expected):
    assert LEXICON.renamed(first, second) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我是市教育局的，我们局要干哪几条？", ["市教育局"]),
        ("组织部和工商联都有份", ["组织部", "工商联"]),
        ("共青团这边承担哪项工作？", ["共青团"]),
        ("人社那边有啥任务", ["人社"]),
        ("财政部门要做什么", ["财政部门"]),
        ("财政口子上的事", ["财政"]),
        ("财政出的一半是哪一级掏", []),
        ("应急管理局跟哪几条有关系", ["应急管理局"]),
        ("住房和城乡建设局的活儿", ["住房和城乡建设局"]),
        ("卫生健康委在里头有啥任务", ["卫生健康委"]),
        ("市委宣传部负责什么", ["市委宣传部"]),
        ("科技局跟科协一起负责的", ["科技局", "科协"]),
        ("市人大社建委算不算", ["市人大社建委"]),
        ("我们财政局就一条任务吗", ["财政局"]),
        ("市市场监管局和市市场监督管理局", ["市市场监管局", "市市场监督管理局"]),
        ("山西省吕梁市人社局", ["山西省吕梁市人社局"]),
        ("黑龙江省商务厅要负责哪些条", ["黑龙江省商务厅"]),
        ("支持市人社局牵头", ["市人社局"]),
        ("请问公安局和税务局", ["公安局", "税务局"]),
        ("烟草专卖局呢？城建集团呢？", ["烟草专卖局", "城建集团"]),
        ("我们县产改办什么时候报方案", ["县产改办"]),
        ("中关村管委会管不管", ["中关村管委会"]),
        ("人民银行南昌中心支行", ["人民银行南昌中心支行"]),
        ("各级工会组织要做什么", ["各级工会组织"]),
        ("工会能出面不", ["工会"]),
        ("市政府办公室印发的", ["市政府办公室"]),
    ],
)
def test_units_are_found_in_questions(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "结局、布局、格局、大局、全局",
        "全部、干部、内部、部门、单位",
        "哪个局、哪几个局、我们局、这几个局",
        "社会、机会、大会、晚会、党代会、职代会",
        "负责、办法、怎么办、咋办、办理、主办、一网通办",
        "委托、委员、原委、常委",
        "财政部分和商务部署",
        "政府打算用什么办法帮我们",
        "以人民为中心、物流中心",
        "派遣工会不会没活干",
        "农民工会不会被辞退",
        "企业集团和劳务派遣公司",
        "人行横道",
        "行业协会、有关部门",
        "参加政协会议",
        "教育这块有什么政策",
    ],
)
def test_ordinary_words_are_no_units(text):
    assert found(text) == []


def test_known_units_are_found_as_printed_and_by_their_core():
    known = ["试点企业", "各县市区产改办", "遂宁海关", "市招就办", "有关部门", "市人社局"]
    assert found("哪几条没把试点企业列进去") == []
    assert found("哪几条没把试点企业列进去", known) == ["试点企业"]
    assert found("各县市区产改办何时报", known) == ["各县市区产改办"]
    assert found("遂宁海关管啥", known) == ["遂宁海关"]
    assert found("招就办管啥", known) == ["招就办"]
    assert found("有关部门管啥", known) == []


def test_the_longest_reading_wins():
    [mention] = LEXICON.find_mentions("市委市政府的市委组织部")[-1:]
    assert (mention.text, mention.unit.concept) == ("市委组织部", "组织部")


@given(
    st.text(
        alphabet="市县区省委政府办公室局人社财政教育部门工会组织的和，厅这边吕梁中心支行银协团", max_size=40
    ),
    st.lists(st.sampled_from(["试点企业", "市人社局", "教育局工会", "(", "办"]), max_size=3),
)
def test_mentions_are_in_range_ordered_disjoint_and_verbatim(text, known):
    end = 0
    for mention in LEXICON.find_mentions(text, known):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text == mention.unit.printed
        end = mention.end


@given(st.text(alphabet="市县区省委政府办公室局人社财政教育（）和州国家中央", min_size=1, max_size=20))
def test_parsing_never_fails_and_every_name_is_its_own_unit(name):
    unit = parse_unit(name, LEXICON)
    assert unit.printed == name
    assert LEXICON.same_unit(name, name)


COMMON = """
发改委 教育局 科技局 工信局 公安局 民政局 司法局 财政局 人社局 自然资源局 生态环境局 住建局
城管局 交通局 水利局 农业农村局 商务局 文旅局 卫健委 退役军人局 应急局 审计局 国资委 市场监管局
统计局 医保局 林草局 能源局 数据局 信访局 乡村振兴局 税务局 气象局 海关 人民银行 药监局
体育局 供销社 组织部 宣传部 统战部 政法委 网信办 编办 纪委监委 党校 总工会 团委
妇联 工商联 科协 残联 文联 社科联 侨联 贸促会 红十字会 人大办 政协办 政府办
党委办 机关工委
"""


def test_the_table_covers_what_official_documents_name():
    assert [name for name in COMMON.split() if LEXICON.concept(name) != name] == []


def test_import_is_light():
    code = (
        "import sys, assistant.units, assistant.places\n"
        "heavy = {'numpy', 'jieba', 'torch', 'faiss'} & set(sys.modules)\n"
        "sys.exit(1 if heavy else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
