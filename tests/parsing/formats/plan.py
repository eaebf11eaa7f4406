"""One plan in official style, and the files that print it: text, Word, web page, PDF, OFD, picture."""

import re

TITLE = "云桥市社区养老服务提升行动方案"
NUMBER = "云政办发〔2024〕21号"

PLAN = """云桥市人民政府办公室文件
云政办发〔2024〕21号
云桥市人民政府办公室关于印发云桥市社区养老服务提升行动方案的通知
各县（区）人民政府，市政府各部门、各直属机构：
《云桥市社区养老服务提升行动方案》已经市政府同意，现印发给你们，请结合实际认真组织实施。
云桥市人民政府办公室
2024年6月18日
云桥市社区养老服务提升行动方案
为满足老年人就近就便的养老服务需求，推动社区养老服务提质增效，结合我市实际，制定本方案。
一、总体要求
（一）指导思想。坚持以人民为中心，以居家为基础、社区为依托，健全服务网络，完善扶持政策，让老年人在家门口享有便利可及的养老服务。
（二）工作目标。到2025年底前，全市建成社区养老服务站120个、社区食堂80个，每个街道至少有1处综合服务中心；到2026年底，服务覆盖率达到95%以上。
二、重点任务
（一）扩大服务供给
1.建设社区食堂。按照统一标识、统一标准的要求，每个街道选址新建或者改建社区食堂，面积不少于150平方米，对60周岁以上老年人用餐给予适当优惠，鼓励机关、学校食堂向周边老年人开放。（责任单位：市民政局、市财政局、市市场监管局）
2.改造老旧设施。支持将闲置的厂房、校舍、办公用房改造为养老服务站，免收改造期间的占道费用，并在水、电、气价格上执行居民标准。（市住房城乡建设局牵头，市自然资源局、市民政局配合）
3.发展上门服务。为失能、半失能老年人提供助餐、助浴、助医等服务，每月不少于4次，所需费用由区县财政列支。（牵头单位：市民政局；配合单位：市卫生健康委、市医保局）
（二）提升服务质量
1.加强人才培养。开展护理员岗前培训和技能竞赛，每年培训不少于2000人次。对取得职业技能等级证书的，分下列情形给予一次性补贴：
（1）取得初级证书的，每人补贴500元；
（2）取得中级以上证书的，每人补贴1000元。（责任单位：市人力资源社会保障局、市财政局）
2.推进医养结合。引导医疗机构与养老服务站签约合作，为老年人建立健康档案，开通就诊绿色通道。（市卫生健康委、市医保局按职责分工负责）
三、保障措施
（一）加强组织领导。建立由市政府分管领导牵头的联席会议制度，定期研究解决重大问题，统筹推进各项工作落实。各县（区）要制定具体办法，于2024年9月30日前报市民政局备案。
（二）强化督促检查。将社区养老服务纳入年度考核，对工作成效明显的地方予以通报表扬，对进展缓慢的地方进行约谈。（责任单位：市政府办公室）
附件
任务分工表
"""

#: Rows of the table of duties. A number after a bar is the count of rows that the cell covers.
TABLE = (
    ("序号", "工作任务", "主要内容", "牵头单位", "配合单位"),
    ("1", "场地保障|2", "清查闲置房屋，列出可用清单", "市自然资源局", "市住房城乡建设局、市民政局|2"),
    ("2", "", "简化改造审批手续", "市政务服务局", ""),
    ("3", "安全监管", "每季度检查消防和食品安全", "市消防救援支队", "市市场监管局"),
)

CLAUSES = [
    ("", "一", "总体要求"),
    ("", "一（一）", "指导思想"),
    ("", "一（二）", "工作目标"),
    ("", "二", "重点任务"),
    ("", "二（一）", "扩大服务供给"),
    ("", "二（一）1", "建设社区食堂"),
    ("", "二（一）2", "改造老旧设施"),
    ("", "二（一）3", "发展上门服务"),
    ("", "二（二）", "提升服务质量"),
    ("", "二（二）1", "加强人才培养"),
    ("", "二（二）1（1）", ""),
    ("", "二（二）1（2）", ""),
    ("", "二（二）2", "推进医养结合"),
    ("", "三", "保障措施"),
    ("", "三（一）", "加强组织领导"),
    ("", "三（二）", "强化督促检查"),
]

DUTIES = [
    ("二（一）1", "市民政局", "responsible"),
    ("二（一）1", "市财政局", "responsible"),
    ("二（一）1", "市市场监管局", "responsible"),
    ("二（一）2", "市住房城乡建设局", "lead"),
    ("二（一）2", "市自然资源局", "support"),
    ("二（一）2", "市民政局", "support"),
    ("二（一）3", "市民政局", "lead"),
    ("二（一）3", "市卫生健康委", "support"),
    ("二（一）3", "市医保局", "support"),
    ("二（二）1（2）", "市人力资源社会保障局", "responsible"),
    ("二（二）1（2）", "市财政局", "responsible"),
    ("二（二）2", "市卫生健康委", "responsible"),
    ("二（二）2", "市医保局", "responsible"),
    ("三（二）", "市政府办公室", "responsible"),
    ("", "市自然资源局", "lead"),
    ("", "市住房城乡建设局", "support"),
    ("", "市民政局", "support"),
    ("", "市政务服务局", "lead"),
    ("", "市住房城乡建设局", "support"),
    ("", "市民政局", "support"),
    ("", "市消防救援支队", "lead"),
    ("", "市市场监管局", "support"),
]

_LEVELS = (
    re.compile(r"[一二三]、"),
    re.compile(r"（[一二三]）"),
    re.compile(r"\d\."),
    re.compile(r"（\d）"),
)


def paragraphs() -> list[tuple[int | None, str, str]]:
    """Paragraphs of the plan as (level, numeral, text without it); level None has no numeral."""
    found: list[tuple[int | None, str, str]] = []
    for line in PLAN.splitlines():
        for level, pattern in enumerate(_LEVELS):
            match = pattern.match(line)
            if match:
                found.append((level, match[0], line[match.end() :]))
                break
        else:
            found.append((None, "", line))
    return found


def rows() -> list[list[tuple[str, int]]]:
    """Rows of the table as (text, rows covered), cells that another covers left out."""
    made, covered = [], {}
    for number, row in enumerate(TABLE):
        cells = []
        for column, cell in enumerate(row):
            if covered.get(column, 0) > number:
                continue
            text, _, span = cell.partition("|")
            covered[column] = number + int(span or 1)
            cells.append((text, int(span or 1)))
        made.append(cells)
    return made


def as_text() -> str:
    """The plan as plain text, the table as rows of tab-separated cells."""
    table = [
        "\t".join(row) for row in zip(*[_filled(column) for column in zip(*TABLE, strict=True)], strict=True)
    ]
    return PLAN + "\n".join(table) + "\n"


def _filled(column):
    """Cells of a column, the last one's text repeated below a merged cell: what a reader of a row needs."""
    found, left, text = [], 0, ""
    for cell in column:
        if left:
            found.append(text)
            left -= 1
        else:
            text, _, span = cell.partition("|")
            left = int(span or 1) - 1
            found.append(text)
    return found
