"""The house around the code: what a stranger finds, what setup installs, and what must never be in the tree."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORE = ("stix", "policy", "merkle", "pattern")


def tracked() -> list[Path]:
    """The files of the project, new ones included, ignored ones not."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    out = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in out.split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    return [
        (path.relative_to(ROOT), path.read_text(errors="replace"))
        for path in tracked()
        if path.suffix not in {".png", ".svg", ".ico", ".woff2", ".gz"} and path.stat().st_size < 2_000_000
    ]


def modules() -> list[tuple[Path, str]]:
    return [(path, text) for path, text in texts() if path.suffix == ".py"]


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("never", "pattern"),
    [
        ("a registry's host", r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org"),
        ("a path of somebody's machine", r"(?<![\w.])/(?:work|root|farm|Users)/[\w.]"),
        ("a private key", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/]{32}"),
        ("a token of a known kind", r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abp]-[0-9A-Za-z-]{20})"),
        ("an unfinished mark", r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
    ],
)
def test_the_tree_never_holds(never: str, pattern: str) -> None:
    found = [f"{path}: {match[0]}" for path, text in texts() for match in re.finditer(pattern, text)]
    assert not found, never


def test_no_group_is_repeated_possessively() -> None:
    """Before 3.11.5, Python's `(?:…)*+` swallows the beginning of what did not match; `(?>(?:…)*)` does not."""
    groups = re.compile(r"\)(?:[*+?]|\{[0-9,]*\})\+(?![,/])")  # in a class of characters they stand before these
    found = [f"{path}: {line}" for path, text in modules() for line in text.splitlines() if groups.search(line)]
    assert [one for one in found if "(?:" in one and "`" not in one] == []


def test_no_lock_file_that_records_where_packages_came_from() -> None:
    assert not {p.name for p in tracked()} & {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock"}


def test_every_module_is_one_idea() -> None:
    assert [path for path, text in modules() if text.count("\n") > 600] == []


@pytest.mark.parametrize("name", ["tools", "run", "dev", "peers"])
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", "")
    entries = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert entries
    assert [entry for entry in entries if not re.match(r"[\w.\[\]-]+==\S+ .*--hash=sha256:", entry)] == []


@pytest.mark.parametrize("name", ["tools", "run", "dev", "peers"])
def test_every_requirement_asked_for_was_compiled(name: str) -> None:
    pinned = set(re.findall(r"^([\w.-]+)(?:\[.*\])?==", (ROOT / f"requirements/{name}.txt").read_text(), re.MULTILINE))
    assert set(asked(name)) - pinned == set()


def test_the_tests_run_on_what_the_product_runs_on() -> None:
    pins = [
        set(re.findall(r"^\S+==\S+", (ROOT / f"requirements/{name}.txt").read_text(), re.MULTILINE))
        for name in ("run", "dev")
    ]
    assert pins[0] - pins[1] == set()


def asked(name: str) -> dict[str, str]:
    """The distributions that an .in file names, each with the remark behind it."""
    rows = re.findall(r"^([\w.-]+)[^#\n]*(?:#\s*(.*))?$", (ROOT / f"requirements/{name}.in").read_text(), re.MULTILINE)
    return {row[0]: row[1] for row in rows if not row[0].startswith("-")}


def test_every_dependency_is_used_or_says_why_it_is_there() -> None:
    source = "\n".join(text for path, text in modules() if path.parts[0] == "shieldwall")
    imports: dict[str, set[str]] = {}
    for module, distributions in importlib.metadata.packages_distributions().items():
        for distribution in distributions:
            imports.setdefault(distribution.lower().replace("_", "-"), set()).add(module)
    unused = [
        name
        for name, remark in asked("run").items()
        if not remark and not any(re.search(rf"(?:import |from |[\"']){module}\b", source) for module in imports[name])
    ]
    assert unused == []


def test_a_stricter_licence_is_noticed() -> None:
    licences = script("licences")
    assert licences.acceptable("LGPL-3.0-only") and licences.acceptable("MPL-2.0 AND (Apache-2.0 OR MIT)")
    strict = ["GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", "GNU Affero General Public License v3", ""]
    assert [licence for licence in strict if licences.acceptable(licence)] == []


def test_the_product_names_its_own_licence_by_its_identifier() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "Apache-2.0"
    assert "Apache-2.0" in (ROOT / "README.md").read_text()


def test_the_readme_begins_with_two_commands() -> None:
    first_screen = (ROOT / "README.md").read_text().splitlines()[:40]
    commands = [line.split()[1] for line in first_screen if line.startswith("    make ")]
    assert commands[:2] == ["demo", "test"]


def test_make_explains_every_verb() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    verbs = ["setup", "demo", "serve", "test", "bench", "lint", "check", "docs", "deps", "licences", "clean", "help"]
    assert [verb for verb in verbs if not re.search(rf"make {verb}\s+\S", told)] == []


def test_the_documents_hold() -> None:
    done = subprocess.run([sys.executable, "scripts/check_docs.py"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_core_reads_no_clock_and_opens_no_file() -> None:
    clocks = {"now", "utcnow", "today", "uuid1", "uuid4", "urandom", "getenv"}
    reached = [
        f"{path}:{node.lineno} {ast.unparse(node.func)}"
        for path, text in modules()
        if path.parts[0] == "shieldwall" and path.parts[1] in CORE
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr in clocks)
            or (isinstance(node.func, ast.Name) and node.func.id == "open")
        )
    ]
    assert reached == []


def test_setup_says_in_one_line_which_python_it_needs(tmp_path: Path) -> None:
    for tool in ("bash", "dirname"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    copy = tmp_path / "checkout/scripts/setup"
    copy.parent.mkdir(parents=True)
    copy.write_bytes((ROOT / "scripts/setup").read_bytes())
    done = subprocess.run(["bash", copy, "dev"], env={"PATH": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert re.fullmatch(r"setup: needs Python 3\.11.*\n", done.stderr)


@pytest.mark.heavy
@pytest.mark.timeout(600)
def test_a_fresh_clone_under_a_path_with_spaces_sets_itself_up_and_is_quick_again(tmp_path: Path) -> None:
    clone = tmp_path / "a new clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    for verb in ("setup", "setup"):
        done = subprocess.run(["make", verb], cwd=clone, env=bare(), capture_output=True, text=True, check=True)
    assert done.stderr == ""
    helped = subprocess.run([clone / ".venv/bin/shieldwall", "--help"], capture_output=True, text=True, env=bare())
    assert helped.returncode == 0, helped.stderr


def bare() -> dict[str, str]:
    """An environment that knows nothing of this checkout."""
    kept = ("HOME", "LANG", "SSL_CERT_FILE", "PIP_INDEX_URL", "PIP_CERT", "UV_DEFAULT_INDEX")
    return {"PATH": os.defpath, **{name: os.environ[name] for name in kept if name in os.environ}}
