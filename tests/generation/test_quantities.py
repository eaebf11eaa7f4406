import pytest

from assistant.generation.quantities import misplaced, quantities, unfounded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5万元", "15000元"),
        ("3,000元", "3000 元"),
        ("十五万元", "15万元"),
        ("百分之二十", "20％"),
        ("百分之二十点五", "20.5%"),
        ("五成", "50%"),
        ("三年", "3年"),
        ("半年", "6个月"),
        ("30日内", "30天内"),
        ("二十名", "20名"),
        ("2024年 10月 底", "2024年10月底"),
    ],
)
def test_equal_figures_have_one_form(one, other):
    assert quantities(one) == quantities(other) != set()


@pytest.mark.parametrize(
    ("text", "source", "missing"),
    [
        ("每户3000元", "每户改造费用不超过3000元", ""),
        ("每户5000元", "每户改造费用不超过3000元", "5000元"),
        ("占55%", "占5.5%", "55%"),
        ("10月底前", "于2024年10月底前", ""),
        ("1月前", "11月前", "1月"),
        ("2024年11月底", "2024年10月底", "2024年11月底"),
        ("5年", "2025年", "5年"),
        ("3个月", "3年", "3个月"),
        ("3名", "3户", "3名"),
        ("依据第三条", "第二条 第十三条", "第三"),
        ("依据第三条", "第三条", ""),
        ("拨打12345", "热线12345", ""),
        ("拨打12346", "热线12345", "12346"),
        ("没有数字", "没有", ""),
        ("一万元", "1万元", ""),
        ("一万元", "三万元", "万元"),
        ("配备一名护理员", "配备三名护理员", "一名"),
        ("配备一名护理员", "配备21名护理员", "一名"),
        ("配备一名护理员", "配备1名护理员", ""),
        ("给予一次性奖励", "给予奖励", ""),
        ("每月探访1次", "每周探访1次", "每月"),
        ("每周探访1次", "每周探访1次", ""),
        ("10月底之前建成", "于2024年10月底前建成", ""),
        ("10月底后建成", "于2024年10月底前建成", "10月底后"),
        ("2024年7月1日起施行", "2024年7月1日前施行", "2024年7月1日起"),
    ],
)
def test_figures_that_the_source_lacks(text, source, missing):
    assert unfounded(text, source) == missing


STATIONS = (
    "每个站点补助1.5万元；偏远乡镇站点（含行政村。不含自然村）补助2万元，一般户3000元，困难户5000元。提取8%。"
)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("每个站点补助1.5万元", ""),
        ("每个站点补助2万元", "20000元"),
        ("偏远乡镇站点补助2万元", ""),
        ("偏远乡镇站点补助1.5万元", "15000元"),
        ("补助每个站点1.5万元、偏远乡镇2万元", ""),
        ("一般户5000元", "5000元"),
        ("困难户的补助标准为5000元", ""),
        # Nothing around it tells what it belongs to, or there is no other of its kind.
        ("共5000元", ""),
        ("每个站点补助8%", ""),
        # What the source does not have at all is found elsewhere.
        ("每个站点补助9万元", ""),
    ],
)
def test_figures_that_the_source_gives_for_something_else(text, wrong):
    assert misplaced(text, STATIONS) == wrong
