import pytest

from assistant.generation.quantities import quantities, unfounded


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
    ],
)
def test_figures_that_the_source_lacks(text, source, missing):
    assert unfounded(text, source) == missing
