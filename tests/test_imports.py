"""What an import pulls in: heavy libraries load only where they are used."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "transformers", "faiss", "gradio", "fastapi", "jieba", "sentence_transformers", "openpyxl"}


def loaded_by(statement):
    """Names of the top-level modules that a fresh interpreter holds after a statement."""
    code = f"import sys\n{statement}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    return set(result.stdout.split())


@pytest.mark.parametrize(
    ("statement", "forbidden"),
    [
        (
            "import assistant",
            HEAVY | {"numpy", "bm25s", "opencc", "langchain", "langchain_core", "langchain_text_splitters"},
        ),
        (
            "import assistant.parsing",
            HEAVY | {"numpy", "bm25s", "opencc", "langchain_core", "langchain_text_splitters"},
        ),
        ("import assistant.cli", HEAVY | {"bm25s", "opencc", "langchain_core", "langchain_text_splitters"}),
        ("import assistant.pipeline", HEAVY | {"bm25s", "opencc", "langchain_text_splitters"}),
    ],
)
def test_an_import_pulls_in_no_heavy_library(statement, forbidden):
    loaded = loaded_by(statement)
    assert "assistant" in loaded
    assert loaded & forbidden == set()


def test_the_check_sees_what_is_loaded():
    assert {"json", "numpy"} <= loaded_by("import numpy.linalg, json")


def test_importing_sets_no_environment_and_makes_no_files(tmp_path):
    code = (
        "import os\n"
        "before = dict(os.environ)\n"
        "import assistant.cli, assistant.pipeline, assistant.chunking\n"
        "assert dict(os.environ) == before, set(os.environ.items()) ^ set(before.items())\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=60)
    assert list(tmp_path.iterdir()) == []
