"""The rules of the house, read from the source: who imports whom, and what has a test or a word."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import territory
from territory.metrics import METRICS
from territory.ui.navigation import PAGES

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "territory"

LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"errors"}),
    frozenset({"model"}),
    frozenset({"intake", "metrics", "store", "mapview"}),
    frozenset({"optimize"}),
    frozenset({"advise"}),
    frozenset({"export"}),
    frozenset({"cli", "ui"}),
    frozenset({"pages"}),
    frozenset({"app"}),
)
"""A part imports from lower levels and from itself; parts on one level don't know each other."""

PART_OF = {
    "launch": "cli",
    "cli_count": "cli",
    "cli_advise": "cli",
    "cli_export": "cli",
    "cli_flags": "cli",
    "cli_inputs": "cli",
    "cli_output": "cli",
    "cli_rules": "cli",
    "cli_watch": "cli",
    "__main__": "cli",
}
"""Modules that belong to a part of another name."""

FRONT = ("ui", "pages", "app")
"""Where Streamlit may be imported."""

HEAVY = ("sklearn", "folium", "numba", "geopandas", "streamlit", "sqlalchemy", "plotly")
"""What ``import territory`` and ``territory --help`` must not wait for."""


class Import(NamedTuple):
    """One imported name: ``territory.model.plan`` or ``territory.model.Plan``."""

    name: str
    line: int
    typing_only: bool


class Module(NamedTuple):
    """A source file of ours, its dotted name and what it imports."""

    path: Path
    name: str
    imports: tuple[Import, ...]

    @property
    def part(self) -> str:
        return part_of(self.name)


def part_of(name: str) -> str:
    """The part a dotted name belongs to: model, ui, pages, … and "" for the package itself."""
    first, _, rest = name.partition(".")
    if first != "territory":
        return first
    part = rest.partition(".")[0]
    return PART_OF.get(part, part)


def is_typing_block(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imports_in(node: ast.AST, package: str, typing_only: bool = False) -> Iterator[Import]:
    """Every import below a node, also those inside functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(a.name, child.lineno, typing_only) for a in child.names)
        elif isinstance(child, ast.ImportFrom):
            above = package.rsplit(".", child.level - 1)[0] if child.level else ""
            base = ".".join(p for p in (above, child.module) if p)
            yield from (Import(f"{base}.{a.name}", child.lineno, typing_only) for a in child.names)
        else:
            yield from imports_in(child, package, typing_only or is_typing_block(child))


@cache
def modules() -> tuple[Module, ...]:
    """Every source file of the product."""
    files = [*PACKAGE.rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]
    out = []
    for path in sorted(files):
        parts = path.relative_to(ROOT).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        package = name if is_package else name.rpartition(".")[0]
        tree = ast.parse(path.read_text(encoding="utf-8"))
        out.append(Module(path, name, tuple(imports_in(tree, package))))
    return tuple(out)


def where(module: Module, line: int) -> str:
    return f"{module.path.relative_to(ROOT)}:{line}"


def level(part: str) -> int:
    return next(i for i, parts in enumerate(LEVELS) if part in parts)


def test_every_part_has_its_level() -> None:
    """A new folder or module of the package must be given its place in LEVELS."""
    known = {"", *(part for parts in LEVELS for part in parts)}
    assert {m.part for m in modules()} <= known


def test_imports_point_downwards() -> None:
    """Each part imports from lower levels only; siblings don't import each other."""
    wrong = []
    for module in modules():
        for found in module.imports:
            if not found.name.startswith("territory.") or not module.part:
                continue
            part = part_of(found.name)
            if part.startswith("_") or part == module.part:
                continue  # territory.__version__, or at home
            if level(part) >= level(module.part):
                wrong.append(f"{where(module, found.line)}: {module.part} imports {found.name}")
    assert wrong == []


def test_streamlit_stays_in_front() -> None:
    """Only ui/, pages/ and app.py know Streamlit, so everything else runs in scripts and CI."""
    wrong = [
        where(module, found.line)
        for module in modules()
        for found in module.imports
        if found.name.split(".")[0] in ("streamlit", "streamlit_folium")
        and module.part not in FRONT
    ]
    assert wrong == []


def edges() -> dict[str, set[str]]:
    """Module → modules it imports when it runs."""
    names = {m.name for m in modules()}
    out: dict[str, set[str]] = {name: set() for name in names}
    for module in modules():
        for found in module.imports:
            # ``from territory.model import plan`` is the module, ``import Plan`` its package.
            home = found.name if found.name in names else found.name.rpartition(".")[0]
            if home in names and home != module.name and not found.typing_only:
                out[module.name].add(home)
    return out


def test_no_import_cycles() -> None:
    """No chain of imports comes back to where it began, not even by way of a function."""
    graph, done, path = edges(), set(), []
    cycles: list[list[str]] = []

    def visit(name: str) -> None:
        if name in path:
            cycles.append([*path[path.index(name) :], name])
        if name in path or name in done:
            return
        path.append(name)
        for following in sorted(graph[name]):
            visit(following)
        done.add(path.pop())

    for name in sorted(graph):
        visit(name)
    assert cycles == []


def state_writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and key of everything that puts something into ``st.session_state``."""
    for node in ast.walk(tree):
        state = getattr(node, "value", None)
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            if ast.unparse(state).endswith("session_state"):
                is_item = isinstance(node, ast.Subscript)
                yield node.lineno, ast.unparse(node.slice) if is_item else repr(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if owner.endswith("session_state") and node.func.attr in ("setdefault", "update"):
                yield node.lineno, ast.unparse(node.args[0]) if node.args else "**"


def test_one_key_of_session_state_is_ours() -> None:
    """The workspace is all we keep in st.session_state; it is put there by ui/session.py alone."""
    found = {
        (module.path.relative_to(ROOT).as_posix(), key)
        for module in modules()
        for _, key in state_writes(ast.parse(module.path.read_text(encoding="utf-8")))
    }
    # Keys of widgets: what is chosen follows the map, a field is emptied when it is done with,
    # and a preset fills in the fields of Balance.
    widgets = {
        ("territory/ui/fields.py", "key"),
        ("territory/ui/map_panel.py", "TABLE"),
        ("territory/ui/territories.py", "CHOICE"),
        ("territory/ui/territories.py", "NEW"),
    }
    assert found - widgets == {("territory/ui/session.py", "KEY")}


def loaded_by(code: str) -> set[str]:
    """Heavy packages in memory after running some code in a process of its own."""
    script = (
        f"import sys\ntry:\n    {code}\nfinally:\n"
        f"    print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(ast.literal_eval(done.stderr.strip().splitlines()[-1]))


def test_import_is_light() -> None:
    """``import territory`` loads none of the packages that take seconds."""
    assert loaded_by("import territory") == set()


def test_help_is_light() -> None:
    """``territory --help`` answers without loading the packages that take seconds."""
    ask = "sys.argv = ['territory', '--help']; import territory.cli; territory.cli.main()"
    assert loaded_by(ask) == set()


def test_public_api_is_small() -> None:
    """At most 25 names, and each of them is there."""
    assert len(territory.__all__) <= 25
    assert [name for name in territory.__all__ if not hasattr(territory, name)] == []


def test_every_page_is_in_the_menu() -> None:
    """Each file in pages/ has its entry, and each entry its file."""
    assert {p.path for p in PAGES} == {f"pages/{p.name}" for p in (ROOT / "pages").glob("*.py")}


@pytest.mark.parametrize("page", [Path(p.path).stem for p in PAGES])
def test_every_page_has_a_test(page: str) -> None:
    """A page without tests/pages/test_<page>.py is not finished."""
    assert (ROOT / "tests" / "pages" / f"test_{page}.py").is_file()


@pytest.mark.parametrize("label", [m.label for m in METRICS])
def test_every_metric_is_explained(label: str) -> None:
    """What is written on screen can be looked up in docs/glossary.md."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert f"**{label}**" in text


def tracked_text() -> Iterator[tuple[Path, str]]:
    """Text files of the repository."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in content:
            yield path, content.decode("utf-8", "replace")


def test_no_path_of_a_machine() -> None:
    """Nothing in the repository points into somebody's home, this checkout or this environment."""
    here = {str(ROOT), str(Path.home())}
    if sys.prefix != sys.base_prefix:
        here.add(sys.prefix)
    long_enough = [re.escape(p) + r"\b" for p in here if len(Path(p).parts) > 2]
    homes = [r"/(?:home|Users)/[a-z]\w*/", r"[A-Z]:\\Users\\", r"(?<![\w.])/root/"]
    pattern = re.compile("|".join([*long_enough, *homes]))
    me = Path(__file__).resolve()
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in tracked_text()
        if path.resolve() != me
        for match in pattern.finditer(text)
    ]
    assert found == []
