"""Imports go down the layers only, and without cycles."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import analyser

PACKAGE = Path(analyser.__file__).parent
LAYER = {
    "records": 0, "errors": 0, "shipped": 1, "rubrics": 1, "text": 2, "cues": 2, "detectors": 3, "alignment": 4,
    "feedback": 5, "readers": 5, "pipeline": 6, "advice": 6, "classroom": 6, "learning": 6, "drafting": 6, "cli": 7,
    "cli_class": 7, "cli_learn": 7, "cli_readers": 7, "cli_rubric": 7, "cli_rubric_edit": 7,
    "training": 8, "__main__": 8,
}  # fmt: skip
# report hangs off records and errors alone, so a saved record can be rendered without any NLP.
REPORT_MAY_IMPORT = {"records", "errors", "report"}


def imports(path: Path) -> set[str]:
    """The analyser modules a file imports, as dotted names below the package."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module] if node.module != "analyser" else [f"analyser.{alias.name}" for alias in node.names]
        found |= {name.removeprefix("analyser.") for name in names if name.startswith("analyser.")}
    return found


MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
    if "_shipped" not in path.parts and path != PACKAGE / "__init__.py"
}


def test_imports_go_down():
    for module, path in MODULES.items():
        top = module.split(".")[0]
        for imported in imports(path):
            target = imported.split(".")[0]
            if target == "__version__":
                continue
            if top == "report":
                assert target in REPORT_MAY_IMPORT, f"{module} imports {imported}"
            elif target == "report":
                assert top in ("cli", "cli_class", "classroom", "learning", "training"), f"{module} imports {imported}"
            else:
                assert LAYER[target] <= LAYER[top], f"{module} imports {imported}"


def test_no_cycle():
    graph = {module: {i for i in imports(path) if i in MODULES and i != module} for module, path in MODULES.items()}
    assert list(TopologicalSorter(graph).static_order())


def test_nothing_imports_training():
    assert not [
        m
        for m, path in MODULES.items()
        if not m.startswith("training") and any(i.startswith("training") for i in imports(path))
    ]
