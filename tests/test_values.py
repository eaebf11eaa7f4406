import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.datatypes import ValueKind
from assistant.values import KIND_NAMES, asked_kind, values


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("津贴每月多少元", "money"),
        ("随迁配偶的生活补贴财政补多少钱", "money"),
        ("职工教育经费按百分之几提取", "percent"),
        ("一线职工培训占多大比例", "percent"),
        ("总结几月几号前报", "date"),
        ("什么时候截止", "date"),
        ("试点期限是多久", "duration"),
        ("有效期几年", "duration"),
        ("要建多少个站点", "count"),
        ("咨询电话多少", "contact"),
        ("报名网址是什么", "contact"),
        ("服务窗口在哪条街", "place"),
        ("试点企业名单", "roster"),
        ("申请要带什么材料", "material"),
        ("安排了多少专项资金", "amount"),
        ("新增多少贷款额度", "amount"),
        # What is asked is the time, not the list that is to be handed in by then.
        ("人员名单几天内要报上去", "duration"),
        ("哪些企业的名单能查到", "roster"),
        ("名单里的企业贷款利率低于多少", "percent"),
        ("这个办法定在哪一年出台", "date"),
        ("自习室建在哪里", "place"),
        ("农民工欠薪归谁管", None),
        ("", None),
    ],
)
def test_asked_kind_by_value(question, kind):
    assert asked_kind(question) == kind


def test_contact_goes_before_money_and_percent_before_count():
    assert asked_kind("电话多少") == "contact"
    assert asked_kind("提高几个百分点") == "percent"


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("percent", "由同级财政补助 50%。", ["50%"]),
        ("percent", "不低于百分之六十，或提高3.5 个百分点", ["百分之六十", "3.5 个百分点"]),
        ("money", "每个补助1.5万元，最高3,000元", ["1.5万元", "3,000元"]),
        ("money", "奖励五千元", ["五千元"]),
        ("date", "6月15日前报送", ["6月", "15日"]),
        ("date", "到2025年底", ["2025年"]),
        ("duration", "培训不少于40学时，为期三个月", ["40学时", "三个月"]),
        ("duration", "期限1.5年", ["1.5年"]),
        ("duration", "60日内答复，满十年的15天", ["60日", "十年", "15天"]),
        # Parts of a date are no durations.
        ("duration", "2011年7月21日施行", []),
        ("percent", "不得超过五分之一", ["五分之一"]),
        ("contact", "拨打12355热线", ["12355"]),
        ("contact", "投入123550元", []),
        ("count", "新增2.5万人、1.2 亩", ["2.5万人", "1.2 亩"]),
        ("percent", "提高1.5倍、2.5成", ["1.5倍", "2.5成"]),
        ("amount", "罚款2.5倍、补助50%", ["2.5倍", "50%"]),
        ("count", "每月至少开展 1 次，至少有 1 名", ["1 次", "1 名"]),
        ("contact", "电话0358-8221234，手机13800000000", ["0358-8221234", "13800000000"]),
        ("place", "地址：滨河路 12 号", ["地址：", "路 12 号"]),
        ("roster", "名单如下：甲公司", ["名单如下"]),
        ("material", "提交身份证复印件", ["提交身份证复印件"]),
        ("money", "加大资金投入", []),
        ("percent", "提高比例", []),
        ("contact", "加强电话服务", []),
    ],
)
def test_values_by_value(kind, text, expected):
    assert [text[start:end] for start, end in values(kind, text)] == expected


def test_documented_example():
    assert values("percent", "补助 50%") == [(3, 6)]


def test_every_kind_has_a_name():
    assert set(KIND_NAMES) == set(typing.get_args(ValueKind))


@given(
    st.sampled_from(sorted(KIND_NAMES)), st.text(alphabet="1五.万元%年月日个次路号电话：0358-", max_size=40)
)
def test_spans_are_ordered_disjoint_and_inside(kind, text):
    borders = [offset for span in values(kind, text) for offset in span]
    assert borders == sorted(borders)
    assert all(0 <= offset <= len(text) for offset in borders)
