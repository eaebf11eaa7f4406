"""A small installation to break: invented documents, its index, and what readers see of it."""

import hashlib
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.config import DEFAULT_EMBEDDING, Settings
from assistant.errors import IndexMissingError
from assistant.pipeline import index_corpus
from assistant.store import BuildReport, open_index

_PLAN = """关于推进{matter}工作的实施方案

清河政发〔{year}〕{number}号

各镇人民政府，市政府各部门：

为做好{matter}工作，制定本方案。

一、总体目标

到{year}年底，{matter}覆盖{number}个社区。

二、主要任务

（一）健全制度。每月检查一次{matter}情况。（责任单位：{first}、{second}）

（二）落实经费。{matter}所需经费列入年度预算，每个社区补助{number}万元。（责任单位：财政局）

三、保障措施

各镇要于9月30日前报送{matter}工作总结。

清河市人民政府
{year}年5月8日
"""


def plan(matter: str, number: int, first: str = "住建局", second: str = "民政局") -> str:
    """An invented document; another number makes another version of it."""
    return _PLAN.format(matter=matter, number=number, year=2020 + number % 5, first=first, second=second)


#: The documents at the start, by file name.
DOCUMENTS = {
    "garden.txt": plan("公园养护", 11),
    "lamps.txt": plan("路灯维修", 12, "城管局", "供电公司"),
    "water.txt": plan("供水保障", 13, "水务局", "应急局"),
}

#: What an index or a folder holds: name → digest of the contents.
State = dict[str, str]


@dataclass(frozen=True, slots=True)
class Stage:
    """One installation in a folder of its own."""

    folder: Path
    embedding: str = DEFAULT_EMBEDDING

    @property
    def settings(self) -> Settings:
        """Where everything lies."""
        return Settings(
            corpus_dir=self.folder / "corpus",
            index_dir=self.folder / "index",
            state_dir=self.folder / "state",
            embedding=self.embedding,
        )

    def write(self, contents: dict[str, str]) -> None:
        """Put files into the corpus folder."""
        self.settings.corpus_dir.mkdir(parents=True, exist_ok=True)
        for name, text in contents.items():
            (self.settings.corpus_dir / name).write_text(text, encoding="utf-8")

    def index(self) -> BuildReport:
        """Bring the index up to date with the corpus folder."""
        return index_corpus(self.settings, progress=lambda line: None)

    def copy_to(self, folder: Path) -> "Stage":
        """The same installation elsewhere; what was there before goes."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder)

    def served(self) -> State | None:
        """Documents as a reader that opens the index now sees them; None without an index.

        Raises:
            IndexError_: The index cannot be opened: never right here.
        """
        try:
            index = open_index(self.settings)
        except IndexMissingError:
            return None
        assert {chunk.document for chunk in index.chunks} == {each.id for each in index.documents}
        return {each.file: digest(each.text.encode()) for each in index.documents}

    def corpus(self) -> State:
        """The files of the corpus folder, hidden ones too."""
        files = self.settings.corpus_dir.iterdir() if self.settings.corpus_dir.is_dir() else ()
        return {path.name: digest(path.read_bytes()) for path in files}

    def leftovers(self) -> list[str]:
        """Names in the index folder beyond the lock, the pointer and one generation."""
        names = sorted(path.name for path in self.settings.index_dir.iterdir())
        generations = [name for name in names if name.startswith("generation-")]
        return [name for name in names if name not in {".lock", "CURRENT", *generations[:1]}]


def digest(data: bytes) -> str:
    """A short name for some bytes."""
    return hashlib.sha256(data).hexdigest()[:12]
