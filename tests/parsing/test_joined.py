from assistant.parsing import parse_text
from assistant.parsing.joined import join_lines, to_joined
from assistant.parsing.layout import Layout, split_lines

WIDTH = 24
PARAGRAPHS = [
    "关于支持企业发展的若干措施",
    "一、支持企业稳定发展",
    "（一）降低成本。落实减税降费政策，对符合条件的中小企业给予补助，切实减轻企业负担，于2023年6月30日前完成。"
    "（牵头单位：市工业和信息化局、市财政局；配合单位：市税务局、人力资源和社会保障局，各县（市、区）人民政府）",
    "（二）优化服务。推行网上办理和容缺受理，压缩办理时限，提高服务水平，营造良好环境。"
    "（市行政审批服务管理局牵头，市直有关部门按职责分工负责）",
    "（三）加强保障。强化资金和人才支持，建立工作台账，定期调度工作进展，确保各项措施落地。",
    "责任单位：市委组织部、市科学技术局，市人力资源和社会保障局，各县（市、区）人民政府",
    "（四）强化督导。定期通报工作进展情况，对工作成效明显的单位按照规定给予表扬。（责任单位：市政府办公室）",
]


def wrapped() -> str:
    return "\n".join(p[i : i + WIDTH] for p in PARAGRAPHS for i in range(0, len(p), WIDTH))


def test_clauses_and_duties_of_wrapped_text_equal_those_of_the_paragraphs():
    broken, whole = parse_text(wrapped()), parse_text("\n".join(PARAGRAPHS))
    assert [(c.path, c.heading) for c in broken.clauses] == [(c.path, c.heading) for c in whole.clauses]
    assert [(d.path, d.canonical, d.role) for d in broken.duties] == [
        (d.path, d.canonical, d.role) for d in whole.duties
    ]
    assert len(whole.duties) == 12


def test_units_and_deadlines_of_wrapped_text_are_verbatim():
    document = parse_text(wrapped())
    assert all(document.text[d.start : d.end] == d.unit for d in document.duties)
    assert all(d.unit.replace("\n", "").endswith(d.canonical.removeprefix("市")) for d in document.duties)
    assert [d.text.replace("\n", "") for d in document.deadlines] == ["2023年6月30日前"]


def test_offsets_of_the_joined_text():
    text = "甲乙丙丁\n  戊己庚辛\n一、壬"
    layout = Layout(split_lines(text), wrapped=True, width=4, flat=False)
    stop = text.index("一")
    joined = join_lines(text, layout, [stop])
    assert joined.text == "甲乙丙丁戊己庚辛\n一、壬"
    assert all(text[joined.start(i)] == c for i, c in enumerate(joined.text))
    assert to_joined(joined, [0, stop]) == [0, 9]
    assert text[joined.start(2) : joined.end(6)] == "丙丁\n  戊己"


def test_text_with_paragraphs_is_not_joined():
    text = "甲\n乙"
    layout = Layout(split_lines(text), wrapped=False, width=0, flat=False)
    assert join_lines(text, layout, []).origin == ()
