"""Imports point down one list of layers."""

import ast
import graphlib
from pathlib import Path

import pytest

from samples import ROOT

# From the bottom up. A module may import from any line above its own in this list, never from its own line
# or from below; a module that needs one of its own line moves down to a line of its own. A name ending in
# "/" is a package: its modules may import each other, without cycles.
LAYERS = (
    ("__init__",),
    ("errors", "datatypes", "journal"),
    ("feedback", "validity"),
    ("config", "text", "values", "synonyms", "places", "organs", "figures"),
    ("unitnames", "unitfile", "outline", "differences"),
    ("units",),
    ("parsing/", "static_encoder", "lexical"),
    ("encoder",),
    ("chunking", "ledger", "citations", "store/", "matching"),
    ("understanding/", "ingestion"),
    ("ranking", "filters"),
    ("retrieval", "revisions"),
    ("changelines",),
    ("answering/", "conversation"),
    ("generation/",),
    ("pipeline", "versions"),
    ("contract",),
    ("spreadsheet", "evaluation/", "audit"),
    ("revisionreport", "export", "glossary"),
    ("service", "access"),
    ("api/",),
    ("guard", "requestlog", "mcp_server", "integrations/"),
    ("login",),
    ("ui/",),
    ("server",),
    ("cli",),
)
PACKAGE = ROOT / "assistant"
FILES = sorted(PACKAGE.rglob("*.py"))


def dotted(path):
    """``assistant/store/index.py`` → ``assistant.store.index``, packages without ``__init__``."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {dotted(path): path for path in FILES}


def imported(path):
    """Modules of this package that a file imports anywhere: at the top, in functions, for type checking."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: write imports absolute, so that this test can follow them"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            # What is imported from a module is the module or something in it.
            names = [name if name in MODULES else name.rpartition(".")[0] for name in names]
        else:
            continue
        found.update(name for name in names if name.split(".")[0] == "assistant")
    return found


def place(module):
    """The entry of ``LAYERS`` that a module falls under."""
    parts = module.split(".")
    if len(parts) == 1:
        return "__init__"
    is_package = (PACKAGE / parts[1]).is_dir()
    return f"{parts[1]}/" if is_package else parts[1]


HEIGHT = {entry: height for height, layer in enumerate(LAYERS) for entry in layer}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_place_and_imports_only_from_below(module):
    home = place(module)
    assert home in HEIGHT, f"{module} has no place in LAYERS: give it one"
    for name in sorted(imported(MODULES[module])):
        target = place(name)
        assert target in HEIGHT, f"{module} imports {name}, which has no place in LAYERS"
        assert (target == home and home.endswith("/")) or HEIGHT[target] < HEIGHT[home], (
            f"{module} imports {name}, which is not below it"
        )


def test_no_name_has_two_places():
    entries = [entry for layer in LAYERS for entry in layer]
    assert len(entries) == len(set(entries))


def test_no_module_imports_itself_by_a_detour():
    sorter = graphlib.TopologicalSorter(
        {module: imported(path) - {module} for module, path in MODULES.items()}
    )
    sorter.prepare()  # raises CycleError with the cycle


def test_an_import_is_seen_wherever_it_stands(tmp_path):
    path = Path(tmp_path / "sample.py")
    path.write_text(
        "import json\n"
        "import assistant.text\n"
        "from assistant import contract, __version__\n"
        "from assistant.errors import UsageError\n"
        "def late():\n"
        "    from assistant.store.index import Index\n",
        encoding="utf-8",
    )
    assert imported(path) == {
        "assistant",
        "assistant.text",
        "assistant.contract",
        "assistant.errors",
        "assistant.store.index",
    }
