from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DataFileError
from assistant.places import Gazetteer, Place, agreement, is_county_name, read_data, read_user_toml


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.load()


def names(gazetteer, text, known=()):
    return [mention.text for mention in gazetteer.find(text, known)]


def test_table_has_every_province_and_prefecture():
    provinces = read_data("places.toml")["province"]
    mainland = [province for province in provinces if province["name"] not in ("台湾", "香港", "澳门")]
    assert len(provinces) == 34
    # 333 prefecture-level units (end of 2022) and two county-level cities directly under a province.
    assert sum(len(province["cities"]) for province in mainland) == 333 + 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("大同市的产业工人改革方案里有啥", ["大同市"]),
        ("在大同有没有这个政策", ["大同"]),
        ("山西大同怎么规定", ["山西", "大同"]),
        ("吕梁那份方案", ["吕梁"]),
        ("黑龙江推进智慧矿山", ["黑龙江"]),
        ("太原市和临汾市比一比", ["太原市", "临汾市"]),
        ("海南跟河南", ["海南", "河南"]),
        ("广西壮族自治区人民政府", ["广西壮族自治区"]),
        ("黔西南州怎么办", ["黔西南州"]),
        ("凤山县搞数字金融", ["凤山县"]),
        ("请问兴县的政策", ["兴县"]),
        ("深圳坪山区给企业", ["深圳", "坪山区"]),
        ("孝义市有吗", ["孝义市"]),
        ("大化瑶族自治县", ["大化瑶族自治县"]),
        ("浦东新区的办法", ["浦东新区"]),
        ("支持凤山县发展", ["凤山县"]),
    ],
)
def test_places_are_found(gazetteer, text, expected):
    assert names(gazetteer, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "各县市区要报",
        "本市、我市、全市、设区市、县级市",
        "县区和城区、地区、社区、园区、小区、辖区、市区",
        "新区、高新区、经开区、试验区、示范区、先行区",
        "大同小异",
        "社会大局长治久安",
        "技能晋升通道",
        "平安建设",
        "黄河南岸",
        "上市公司和超市",
        "产粮大县、贫困县、百强县",
        "支持市场主体",
        "第六条市场准入",
        "偏远山区",
        "一带三区",
        "共青团市委",
    ],
)
def test_ordinary_words_are_no_places(gazetteer, text):
    assert names(gazetteer, text) == []


def test_a_place_knows_its_level_and_province(gazetteer):
    [city] = gazetteer.find("吕梁市")
    [province] = gazetteer.find("吉林省")
    _, district = gazetteer.find("深圳坪山区")
    assert (city.place.name, city.place.level, city.place.province) == ("吕梁", "市", "山西")
    assert (province.place.name, province.place.level) == ("吉林", "省")
    assert (district.place.name, district.place.level, district.place.province) == ("坪山区", "县", "广东")


def test_bare_name_shared_by_province_and_city_is_the_province(gazetteer):
    [bare] = gazetteer.find("在吉林怎么办")
    [city] = gazetteer.find("吉林市")
    assert (bare.place.level, city.place.level) == ("省", "市")


def test_known_names_are_found_without_suffix(gazetteer):
    assert names(gazetteer, "企业在坪山租办公室") == []
    assert names(gazetteer, "企业在坪山租办公室", ["坪山"]) == ["坪山"]


def test_municipality_stands_at_city_level(gazetteer):
    [mention] = gazetteer.find("北京市")
    assert (mention.place.name, mention.place.level) == ("北京", "市")


@pytest.mark.parametrize(
    ("name", "following", "expected"),
    [
        ("凤山县", "", True),
        ("凤山县", "域经济", False),
        ("孝义市", "场", False),
        ("孝义市", "民政局", True),
        ("城区", "", False),
    ],
)
def test_county_names(name, following, expected):
    assert is_county_name(name, following) is expected


def test_a_name_cut_off_by_the_end_of_the_text_is_not_read_past_it(gazetteer):
    [mention] = gazetteer.find("山西")
    assert (mention.start, mention.end) == (0, 2)
    assert gazetteer.match("黑龙", 0) is None


@given(st.text(alphabet="山西省大同市吕梁县区坪凤兴在的，和城自治旗黄河南上海", max_size=30))
def test_spans_are_ordered_disjoint_and_verbatim(text):
    end = 0
    for mention in _GAZETTEER.find(text):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        end = mention.end


_GAZETTEER = Gazetteer.load()


SHANXI = Place("山西", "省", "山西")
LVLIANG = Place("吕梁", "市", "山西")
DATONG = Place("大同", "市", "山西")
HENAN = Place("河南", "省", "河南")
ZHENGZHOU = Place("郑州", "市", "河南")
JILIN, JILIN_CITY = Place("吉林", "省", "吉林"), Place("吉林", "市", "吉林")
XING_COUNTY = Place("兴县", "县", "山西")
XING_COUNTY_ALONE = Place("兴县", "县", "")


@pytest.mark.parametrize(
    ("asked", "held", "expected"),
    [
        # The same place, 市 and 县 left out of account.
        ([LVLIANG], [LVLIANG], 1.0),
        ([Place("吕梁市", "市", "山西")], [LVLIANG], 1.0),
        ([XING_COUNTY_ALONE], [XING_COUNTY], 1.0),
        ([SHANXI], [SHANXI], 1.0),
        # The rules of the province hold in its city and county.
        ([LVLIANG], [SHANXI], 0.5),
        ([XING_COUNTY], [SHANXI], 0.5),
        ([Place("朝阳区", "县", "北京")], [Place("北京", "市", "北京")], 0.5),
        # A city's rules are part of what its province has.
        ([SHANXI], [LVLIANG], 0.3),
        ([SHANXI], [XING_COUNTY], 0.3),
        # Elsewhere: another city of the province, another province, a county not known to lie there.
        ([LVLIANG], [DATONG], -1.0),
        ([SHANXI], [HENAN], -1.0),
        ([SHANXI], [ZHENGZHOU], -1.0),
        ([LVLIANG], [HENAN], -1.0),
        ([SHANXI], [XING_COUNTY_ALONE], -1.0),
        ([XING_COUNTY_ALONE], [SHANXI], -1.0),
        # One name for a province and a city in it.
        ([JILIN_CITY], [JILIN], 0.5),
        ([JILIN], [JILIN_CITY], 0.3),
        # One name for places in two provinces; where the province is not known, the name decides.
        ([Place("鼓楼区", "县", "江苏")], [Place("鼓楼区", "县", "福建")], -1.0),
        ([Place("鼓楼区", "县", "")], [Place("鼓楼区", "县", "福建")], 1.0),
        ([Place("朝阳区", "县", "北京")], [Place("朝阳", "市", "辽宁")], -1.0),
        # Several places on either side: the best fit counts.
        ([LVLIANG, ZHENGZHOU], [HENAN], 0.5),
        ([LVLIANG], [DATONG, SHANXI], 0.5),
        ([LVLIANG, DATONG], [SHANXI, DATONG], 1.0),
        ([HENAN], [LVLIANG, DATONG], -1.0),
        # Nothing asked, or a document of no place.
        ([], [SHANXI], 0.0),
        ([SHANXI], [], 0.0),
        ([], [], 0.0),
    ],
)
def test_agreement_of_places(asked, held, expected):
    assert agreement(asked, held) == expected


def test_agreement_of_places_that_were_found(gazetteer):
    def places(text):
        return [mention.place for mention in gazetteer.find(text)]

    assert agreement(places("大同市怎么规定"), places("大同市人民政府关于供暖的通知")) == 1.0
    assert agreement(places("大同市怎么规定"), places("山西省供暖条例")) == 0.5
    assert agreement(places("山西怎么规定"), places("大同市人民政府关于供暖的通知")) == 0.3
    assert agreement(places("吕梁怎么规定"), places("大同市人民政府关于供暖的通知")) == -1.0
    assert agreement(places("怎么规定"), places("大同市人民政府关于供暖的通知")) == 0.0
    # A municipality is province and city in one.
    assert agreement(places("北京市怎么规定"), places("北京市供暖条例")) == 1.0
    # 吉林 alone is the province, 吉林市 the city in it.
    assert agreement(places("吉林怎么规定"), places("吉林省供暖条例")) == 1.0
    assert agreement(places("吉林市怎么规定"), places("吉林省供暖条例")) == 0.5


def test_broken_toml_names_file_and_line(tmp_path: Path):
    path = tmp_path / "units.toml"
    path.write_text('format = 1\n[[unit]]\nid = "甲\n', encoding="utf-8")
    with pytest.raises(DataFileError, match=r"units\.toml 第 3 行"):
        read_user_toml(path)


def test_missing_or_misencoded_file_is_told_apart(tmp_path: Path):
    with pytest.raises(DataFileError, match="读不到"):
        read_user_toml(tmp_path / "none.toml")
    path = tmp_path / "gbk.toml"
    path.write_bytes('# 单位表\nid = "甲"'.encode("gb18030"))
    with pytest.raises(DataFileError, match="UTF-8"):
        read_user_toml(path)
