"""Documents in official style, written for the tests, and the fakes that stand in for models."""

from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
CORPUS_FILE = CORPUS / "lvliang-chan-gai-ban-2023-6.txt"
SHARED = ROOT.parent / "shared"

BICYCLES = """云桥市人民政府办公室文件

云政办发〔2022〕15号

关于推进公共自行车便民服务的实施方案

各县区人民政府，市政府各部门：

为方便市民短途出行，制定本方案。

一、总体目标

到2023年底前，新建站点120个，投放车辆3000辆。

二、主要任务

（一）加快站点建设。

站点建设坚持统一规划、分步实施。

1、优化站点布局。市城管局要会同有关部门，在学校、医院、车站周边设置站点。每个站点补助1.5万元；偏远
乡镇站点（含行政村。不含自然村）补助2万元。（责任单位：市城管局、住建局、财政局）

2、完善充电设施。结合老旧小区改造，同步建设充电桩。（责任单位：住建局、供电公司）

（二）严格日常管理。

建立巡查制度，每周巡查不少于2次。对损坏车辆，24小时内修复。（牵头单位：城管局；配合单位：公安局、交通运输局）

三、保障措施

各县区要于9月30日前报送工作总结。

云桥市人民政府办公室
2022年5月8日
"""

LIBRARIES = """关于建设社区图书馆的通知

云文发〔2021〕8号

各乡镇人民政府：

现将有关事项通知如下。

一、工作目标

每个社区建成图书馆1所，藏书不少于5000册。（责任单位：文旅局）

二、工作要求

（一）加强队伍建设。招募志愿者，定期开展培训。（责任单位：文旅局、民政局）

（二）落实经费。所需经费列入年度预算。（责任单位：财政局）

云桥市文化和旅游局
2021年3月2日
"""

#: A slip that real documents have: （一） twice under the same heading, text between and after.
REPEATED = """关于开展便民服务的通知

一、重点任务

（一）优化窗口服务。各窗口实行首问负责制。

（二）推行网上办理。事项网上可办率达到90%。

（一）加强督促检查。每季度通报一次进展。

二、工作要求

各单位要高度重视。
"""


class KeywordEncoder:
    """One dimension per keyword, counts, unit rows: rankings are known in advance.

    ``batches`` holds the texts of each ``encode_documents`` call.
    """

    name = "keywords"

    def __init__(self, keywords=("自行车", "充电", "巡查", "图书馆", "志愿者", "经费")):
        self.keywords = keywords
        self.batches = []

    def encode_documents(self, texts):
        self.batches.append(list(texts))
        return self.encode_queries(texts)

    def encode_queries(self, texts):
        # A last constant dimension: no text is without a direction.
        rows = [[*(text.count(word) for word in self.keywords), 0.1] for text in texts]
        vectors = np.array(rows, dtype=np.float32).reshape(len(rows), len(self.keywords) + 1)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
