"""The migrated database kept between runs is made anew whenever what migrations use has changed."""

import ast
from pathlib import Path

from django.conf import settings

from tests.migrated import USED_BY_MIGRATIONS, migrations

OURS = ("qualityseason", "campaigns", "scoring")


def imported(path):
    """Return the names of our own that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, path
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] in OURS}


def test_what_migrations_use_of_ours_is_looked_at_before_a_kept_database_is_taken():
    base = Path(settings.BASE_DIR)
    files = [path for path in migrations() if path.is_relative_to(base) and ".venv" not in path.parts]
    files += [base / "qualityseason" / name for name in USED_BY_MIGRATIONS]
    assert len(files) > 10
    used = set().union(*map(imported, files))
    assert used == {f"qualityseason.{Path(name).stem}" for name in USED_BY_MIGRATIONS}
