"""What the source must not contain: code made from data, and regular expressions that explode."""

import ast
import subprocess
import sys

import pytest

from samples import ROOT

from .scripts import FOLDER, script

FILES = sorted((ROOT / "assistant").rglob("*.py"))
FORBIDDEN_MODULES = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_METHODS = {"os.system", "os.popen", "yaml.load", "torch.load", "pandas.read_pickle"}


def dangers(tree):
    """Line and name of everything that runs data as code or a text as a command."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [each.name for each in node.names if each.name.split(".")[0] in FORBIDDEN_MODULES]
        elif isinstance(node, ast.ImportFrom):
            found = [node.module] if (node.module or "").split(".")[0] in FORBIDDEN_MODULES else []
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            found = [name] if name in FORBIDDEN_CALLS | FORBIDDEN_METHODS else []
            found += [
                f"{name}({each.arg}=True)"
                for each in node.keywords
                if each.arg in ("shell", "allow_pickle", "trust_remote_code")
                and not (isinstance(each.value, ast.Constant) and each.value.value is False)
            ]
        else:
            continue
        yield from ((node.lineno, name) for name in found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_data_is_run_as_code(path):
    assert list(dangers(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import load",
        "eval(x)",
        "numpy.load(x, allow_pickle=True)",
        "subprocess.run(x, shell=shell)",
        "os.system(x)",
    ],
)
def test_the_check_sees_it(code):
    assert len(list(dangers(ast.parse(code)))) == 1


def test_no_stored_array_is_read_as_objects(tmp_path):
    """NumPy's files may hold pickles: reading one must fail, not run it."""
    import numpy as np

    from assistant.lexical import LexicalIndex

    for name in ("starts", "rows", "values"):
        np.save(tmp_path / f"{name}.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        LexicalIndex.load(tmp_path, ["a"], size=1)


@pytest.fixture(scope="module")
def patterns():
    """All patterns, gathered in a process of their own: here most modules have been imported before."""
    pytest.importorskip("regexploit", reason="regexploit analyses the regular expressions")
    import json

    done = subprocess.run(
        [sys.executable, str(FOLDER / "regexes.py"), "--list"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return [script("regexes").Found(*each) for each in json.loads(done.stdout)]


def test_no_regular_expression_is_worse_than_quadratic(patterns):
    regexes = script("regexes")
    assert len(patterns) > 250
    assert {each.place for each in patterns if regexes.starry(each) > 2} == set()


def test_the_analysis_sees_one_that_is():
    pytest.importorskip("regexploit", reason="regexploit analyses the regular expressions")
    regexes = script("regexes")
    assert regexes.starry(regexes.Found(r"(?:一+)+$", 32, "")) > 2
    assert regexes.starry(regexes.Found(r"\s*\s*\s*甲", 32, "")) > 2
    assert regexes.starry(regexes.Found(r"[一二三]+、", 32, "")) <= 2
