"""Two versions of a document found by file or by id, and compared."""

import os
from pathlib import Path

from assistant.config import Settings
from assistant.datatypes import Document
from assistant.errors import IndexMissingError, UnknownDocumentError
from assistant.parsing import parse_file
from assistant.revisions import Reviser, Revision
from assistant.store import open_index
from assistant.text import Segmenter
from assistant.units import UnitLexicon


def compare_versions(old: str, new: str, settings: Settings) -> Revision:
    """Compare two versions, each the path of a file or the id (or file name) of an indexed document.

    Raises:
        UnknownDocumentError: A name that is neither.
        DocumentError: A file that cannot be read.
        IndexError_: An index that is there but cannot be used.
    """
    documents = [_version(name, settings) for name in (old, new)]
    reviser = Reviser(UnitLexicon.load(settings.units_file), Segmenter().pieces)
    return reviser.compare(*documents)


def _version(name: str, settings: Settings) -> Document:
    if os.path.isfile(name):
        return parse_file(Path(name))
    if os.path.isdir(name):
        raise UnknownDocumentError(f"“{name}”是目录。请给出一个文件，或索引中文件的编号。")
    try:
        return open_index(settings).document(name)
    except IndexMissingError as error:
        raise UnknownDocumentError(
            f"找不到“{name}”：没有这个文件，也没有可以查编号的索引（{settings.index_dir}）。请检查路径。"
        ) from error
    except UnknownDocumentError as error:
        raise UnknownDocumentError(f"没有文件“{name}”，{error}") from error
