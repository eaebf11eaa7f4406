import pytest

from assistant.parsing.unitlists import split_units
from assistant.parsing.unitnames import document_level, is_bare, level_prefix, restore, with_prefix


def names(text: str) -> list[str]:
    units, _ = restore(split_units(text, 0, len(text), default="responsible"))
    assert all(text[u.start : u.end] == u.name for u in units)
    return [u.canonical for u in units]


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("市发展改革委、科技局", "市发展改革委 市科技局"),
        ("市委网信办，市通管办、工信局", "市委网信办 市通管办 市工信局"),
        ("县委组织部、宣传部、教育局", "县委组织部 县委宣传部 县教育局"),
        ("团市委、妇联", "团市委 市妇联"),
        ("人社局、总工会、市人大社建委", "市人社局 市总工会 市人大社建委"),
        ("省财政厅、江西证监局、商务厅", "省财政厅 江西证监局 省商务厅"),
        ("遂宁海关、市财政局", "遂宁海关 市财政局"),
        ("市工信局、国网某某供电公司、各通信运营商", "市工信局 国网某某供电公司 各通信运营商"),
        ("市工信局、人民银行某某支行、财政局", "市工信局 人民银行某某支行 市财政局"),
        ("市场监管总局、科技部", "市场监管总局 科技部"),
        ("市市场监管局、市场监管局", "市市场监管局 市市场监管局"),
        ("教育部、发展改革委", "教育部 发展改革委"),
        ("自治区科技厅、教育厅", "自治区科技厅 自治区教育厅"),
        ("某某县发改局、财政局", "某某县发改局 某某县财政局"),
        ("各县、区政府，市直有关部门", "各县、区政府 市直有关部门"),
        ("各市、州、县人民政府", "各市、州、县人民政府"),
        ("各县（市、区）政府、韩城市政府", "各县（市、区）政府 韩城市政府"),
        ("各部门、各直属机构", "各部门 各直属机构"),
        ("县委编办（绩效办）、县发改局（科技局）", "县委编办（绩效办） 县发改局（科技局）"),
        ("市工业和信息化局和市财政局", "市工业和信息化局 市财政局"),
        ("市人力资源和社会保障局、市教育局等", "市人力资源和社会保障局 市教育局"),
        ("市教育局等有关部门", "市教育局"),
        ("拖欠民营企业账款的所有部门和单位", "拖欠民营企业账款的所有部门和单位"),
        ("/", ""),
    ],
)
def test_canonical_names(printed, canonical):
    assert " ".join(names(printed)) == canonical


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("市市场监管局", "市"),
        ("市场监管总局", ""),
        ("省委宣传部", "省"),
        ("团县委", "县"),
        ("区块链协会", ""),
        ("自治区财政厅", "自治区"),
        ("市直有关部门", ""),
        ("国家发展改革委", ""),
        ("市政府办公室", "市"),
    ],
)
def test_level_prefix(name, prefix):
    assert level_prefix(name) == prefix


def test_prefix_is_put_only_before_bare_units():
    assert with_prefix("宣传部", "市") == "市委宣传部"
    assert with_prefix("财政局", "县") == "县财政局"
    assert with_prefix("科技部", "市") == "科技部"
    assert not is_bare("某某银保监分局")
    assert not is_bare("试点企业")


def lists(*printed: str):
    return [restore(split_units(p, 0, len(p), default="responsible"))[0] for p in printed]


def test_document_level_needs_a_habit():
    habit = lists("人社局、教育局", "财政局、商务局", "市委组织部、人社局", "市总工会")
    assert document_level(habit) == "市"
    slip = lists("农业农村局", *["县工信局、财政局"] * 9)
    assert document_level(slip) == ""
    state = lists("发展改革委、财政部", "教育部、科技部", "扶贫办、农业农村部")
    assert document_level(state) == ""
