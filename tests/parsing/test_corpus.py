"""Golden values of the shipped corpus document."""

from pathlib import Path

import pytest

from assistant.datatypes import Document
from assistant.parsing import parse_file

CORPUS = Path(__file__).parents[2] / "corpus" / "lvliang-chan-gai-ban-2023-6.txt"

HEADINGS = {
    "一": "总体要求",
    "二": "具体举措",
    "二（一）": "切实提高高技能领军人才待遇和保障水平",
    "二（一）1": "提高高技能领军人才的政治待遇",
    "二（一）2": "提高高技能领军人才的经济待遇",
    "二（一）3": "提高高技能领军人才的社会待遇",
    "二（一）4": "全面加强对高技能领军人才的服务保障",
    "二（一）5": "发挥高技能领军人才在技术创新等方面的重要作用",
    "二（二）": "健全完善技术工人培养、评价、使用、激励、保障机制",
    "二（二）1": "提高技术工人收入水平",
    "二（二）2": "提高技术工人技能素质",
    "二（二）3": "提升技术工人的创新能力",
    "二（二）4": "畅通技术工人职业发展通道",
    "二（二）5": "鼓励技术工人参与企业管理",
    "二（三）": "积极推动农民工成为稳定就业的产业工人",
    "二（三）1": "维护农民工合法权益",
    "二（三）2": "提升农民工技术技能素质、促进稳定就业",
    "二（三）3": "促进农民工融入城市",
    "二（三）4": "严格规范劳务派遣用工",
    "三": "保障措施",
    "三（一）": "强化组织领导，形成工作协同",
    "三（二）": "强化探索创新，发挥示范引领",
    "三（三）": "强化交流培训，突出宣传引导",
}

UNITS = {
    "二（一）1": "市委组织部 市人大办公室 市政协办公室 市委统战部 市总工会 团市委 妇联 市人社局",
    "二（一）2": "市人社局 市委组织部 国资委 中小企业局 工商联 试点企业",
    "二（一）3": "市委组织部 人社局 教育局 市总工会",
    "二（一）4": "人社局 市委组织部 国资委 中小企业局 工商联 市总工会 试点企业",
    "二（一）5": "市委办 政府办 市总工会 人社局 科技局 科协 商务局 外事办 试点企业",
    "二（二）1": "人社局 国资委 中小企业局 工商联 总工会 试点企业",
    "二（二）2": "人社局 教育局 财政局 国资委 中小企业局 工商联 总工会 试点企业",
    "二（二）3": "科技局 科协 人社局 国资委 中小企业局 工商联 总工会 试点企业",
    "二（二）4": "人社局 国资委 中小企业局 工商联 试点企业",
    "二（二）5": "总工会 人社局 国资委 中小企业局 工商联 试点企业",
    "二（三）1": "人社局 总工会 市人大社建委 卫健委 应急局 试点企业",
    "二（三）2": "人社局 总工会",
    "二（三）3": "住建局 城管局 教育局 卫健委 市委组织部 人社局 总工会",
    "二（三）4": "人社局 市委组织部 总工会 宣传部 文旅局 市人大社建委 卫健委 应急局 试点企业",
}


@pytest.fixture(scope="module")
def document() -> Document:
    return parse_file(CORPUS)


def test_labels_and_headings(document):
    assert {c.label: c.heading for c in document.clauses} == HEADINGS
    assert [c.label for c in document.clauses] == list(HEADINGS)


def test_units_of_all_fourteen_measures(document):
    found: dict[str, list[str]] = {}
    for duty in document.duties:
        found.setdefault("".join(duty.path), []).append(duty.unit)
    assert {label: " ".join(units) for label, units in found.items()} == UNITS


def test_every_unit_is_responsible_and_verbatim(document):
    assert {d.role for d in document.duties} == {"responsible"}
    assert all(document.text[d.start : d.end] == d.unit for d in document.duties)
    assert not document.first_unit_leads


def test_canonical_names_carry_the_level_of_the_city(document):
    canonical = {d.unit: d.canonical for d in document.duties}
    assert canonical["人社局"] == "市人社局"
    assert canonical["宣传部"] == "市委宣传部"
    assert canonical["财政局"] == "市财政局"
    assert canonical["团市委"] == "团市委"
    assert canonical["市人大社建委"] == "市人大社建委"
    assert canonical["试点企业"] == "试点企业"
    assert len({c for u, c in canonical.items() if u.endswith("人社局")}) == 1


def test_closing_paragraph_belongs_to_the_section_but_not_to_its_last_item(document):
    section, item = document.clauses[-4], document.clauses[-1]
    closing = document.text.index("市产改协调小组各牵头单位")
    assert (section.label, item.label) == ("三", "三（三）")
    assert item.end <= closing < section.end
    assert document.text[item.start : item.end].endswith("良好氛围。")
    assert document.text[section.start : section.end].endswith("及时上报市产改办。")


def test_deadline(document):
    (deadline,) = document.deadlines
    assert (deadline.text, deadline.path) == ("6月15日前", ("三",))
    assert document.text[deadline.start : deadline.end] == "6月15日前"


def test_metadata(document):
    meta = document.metadata
    assert meta.title.value == "关于建立健全全市推进产业工人队伍建设改革分类指导机制的实施方案"
    assert document.text[meta.title.start : meta.title.end].replace(" ", "") == meta.title.value
    assert meta.doc_number.value == "吕产改办发〔2023〕6号"
    assert meta.issuer.value == "吕梁市产业工人队伍建设改革协调小组办公室"
    assert meta.date.value == ""
    assert meta.recipients.value == (
        "市产业工人队伍建设改革协调小组各牵头单位、参与单位，各县市区产业工人队伍建设改革协调小组，各有关部门"
    )
    assert [b.value for b in meta.basis] == [
        "《中共中央、国务院新时期产业工人队伍建设改革方案》",
        "《省委、省政府山西省贯彻落实〈新时期产业工人队伍建设改革方案〉责任分工方案》",
        "《市委、市政府关于吕梁市贯彻落实〈新时期产业工人队伍建设改革方案〉责任分工方案》",
    ]
    assert meta.effective.value == meta.expires.value == meta.copies.value == ""


def test_annotation_and_scope(document):
    duty = next(d for d in document.duties if d.path == ("二", "（三）", "2"))
    clause = next(c for c in document.clauses if c.path == duty.path)
    assert document.text[duty.annotation_start : duty.annotation_end] == "（责任单位：人社局、总工会）"
    assert duty.scope_start == clause.start


def test_identity(document):
    assert document.id == "lvliang-chan-gai-ban-2023-6"
    assert document.file == CORPUS.name
    assert document.warnings == ()
