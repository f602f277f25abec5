"""The order of the house: each layer imports its own and those before it, across the three packages."""

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("qualityseason", "campaigns", "scoring")  # each may import itself and those before it

# Which layer a module belongs to: by the first part of its path inside the package.
LAYERS = (
    "enums facts errors text fields clock tracing environment triggers pdf_libraries formats sqlite catalogue intake",
    "calculations",
    "detectors",
    "actors",
    "querysets",
    "models migrations",
    "policy hooks requests registers",
    "queries",
    "services",
    "forms imports exports",
    "typed",
    "views jobs middleware management urls apps templatetags context_processors parts checks",
    # how the portal is started: nothing inside asks for these
    "settings wsgi gunicorn static logs proxies passwords",
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names.split()}

# Pure layers know neither database nor clock nor settings.
PURE = ("calculations", "detectors", "actors", "facts")
IMPURE = ("django.db", "django.conf", "django.utils.timezone", "qualityseason.clock", "qualityseason.settings")


@dataclass(frozen=True)
class Module:
    """A module of ours: its dotted name, its package and the name that decides its layer."""

    name: str
    path: Path

    @property
    def package(self):
        return self.name.split(".")[0]

    @property
    def place(self):
        return self.name.partition(".")[2].partition(".")[0]


def modules():
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield Module(".".join(part for part in parts if part != "__init__"), path)


def imported_names(tree):
    """Yield every name a module imports, nested ones too.

    What stands under `if TYPE_CHECKING:` is left out: it never runs, and a type may name what is built later.
    """
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            yield from imported_names(ast.Module(node.orelse))
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            yield from imported_names(node)


def imports_of(source):
    return list(imported_names(ast.parse(source)))


def breach(importer, name):
    """Return why `importer` (a Module) may not import `name`, or ''."""
    package, *rest = name.split(".")
    if importer.place in PURE and name.startswith(IMPURE):
        return f"{importer.name} is pure and imports {name}"
    if package not in PACKAGES:
        return ""
    if PACKAGES.index(package) > PACKAGES.index(importer.package):
        return f"{importer.name} knows nothing of {name}"
    if rest and rest[0] in LEVEL and LEVEL[rest[0]] > LEVEL[importer.place]:
        return f"{importer.name} is below {name}"
    return ""


ALL = list(modules())


@pytest.mark.parametrize("module", [module for module in ALL if module.place], ids=lambda module: module.name)
def test_module_imports_only_its_own_and_earlier_layers(module):
    assert module.place in LEVEL, f"{module.name} has no place in the order of layers"
    found = [breach(module, name) for name in imports_of(module.path.read_text("utf-8"))]
    assert [why for why in found if why] == []


def test_every_package_is_read():
    assert {module.package for module in ALL} == set(PACKAGES)


def test_exports_and_template_tags_ask_no_query():
    asking = [
        f"{module.name}:{node.lineno}"
        for module in ALL
        if module.place in ("exports", "templatetags", "calculations", "detectors", "facts")
        for node in ast.walk(ast.parse(module.path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")
    ]
    assert asking == []


def test_only_services_and_what_they_rest_on_write():
    """Views, queries and forms leave writing to services; what exports save is a sheet."""
    writing = [
        f"{module.name}:{node.lineno} {node.func.attr}"
        for module in ALL
        if module.place in ("views", "queries", "forms", "policy", "middleware", "templatetags")
        for node in ast.walk(ast.parse(module.path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr in ("save", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete")
            or (node.func.attr in ("create", "update") and "objects" in ast.unparse(node.func))
        )
    ]
    assert writing == []


def test_transactions_are_opened_by_services_alone():
    opening = [
        module.name
        for module in ALL
        if module.place in ("views", "queries", "forms", "exports", "querysets", "models", "policy")
        for name in imports_of(module.path.read_text("utf-8"))
        if name == "django.db.transaction"
    ]
    assert opening == []


# --- the test itself can fail


def test_imports_inside_functions_and_else_branches_are_read():
    source = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from scoring.services import ledger
else:
    import scoring.enums
def f():
    from scoring.views import ranking
"""
    assert imports_of(source) == ["typing.TYPE_CHECKING", "scoring.enums", "scoring.views.ranking"]


@pytest.mark.parametrize(
    ("importer", "name", "why"),
    [
        ("scoring.models.ledger", "scoring.services.ledger", "scoring.models.ledger is below scoring.services.ledger"),
        ("campaigns.queries.x", "scoring.enums", "campaigns.queries.x knows nothing of scoring.enums"),
        ("qualityseason.text", "campaigns.enums", "qualityseason.text knows nothing of campaigns.enums"),
        ("scoring.calculations", "django.db.models", "scoring.calculations is pure and imports django.db.models"),
        ("scoring.querysets", "campaigns.models", "scoring.querysets is below campaigns.models"),
        ("scoring.services.x", "campaigns.services.y", ""),
        ("scoring.services.x", "django.db.transaction", ""),
    ],
)
def test_breach_is_named(importer, name, why):
    assert breach(Module(importer, Path()), name) == why
