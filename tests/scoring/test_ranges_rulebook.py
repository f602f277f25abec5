"""The rulebook keeps what exact ranges rest on: whose place a line may take."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings as portal

from campaigns.services.seasons import load_season
from scoring.models import Rule

FIXTURES = Path(portal.BASE_DIR) / "fixtures"


@pytest.fixture
def edit(settings, tmp_path):
    """Return what changes a season's rulebook in a copy."""
    shutil.copytree(FIXTURES, tmp_path / "fixtures")
    settings.BASE_DIR = tmp_path

    def change(season, code, old, new):
        path = tmp_path / "fixtures" / season / "rulebook.toml"
        before, rule = path.read_text("utf-8").split(f'code = "{code}"\n')
        assert old in rule
        path.write_text(f'{before}code = "{code}"\n{rule.replace(old, new, 1)}', "utf-8")

    return change


@pytest.mark.parametrize(
    ("season_folder", "code", "old", "new"),
    [
        ("season2009", "S3b", 'family = "S3b"', 'family = "S3a"'),  # one of a group is alone in its family
        ("season2009", "P1", 'family = "P1"', 'family = "S4"'),
        ("season2009", "A1", 'family = "A1B1"', 'family = "S4"'),  # a common rule is of every block
        ("season2009", "A1", 'family = "A1B1"', 'family = "P1"'),  # one family, two categories
        ("season2009", "A11b", 'exclusive_group = ""', 'exclusive_group = "late"'),
    ],
)
def test_rulebook_whose_families_would_couple_groups_or_categories_is_refused(
    season, edit, season_folder, code, old, new
):
    edit(season_folder, code, old, new)
    with pytest.raises(ValueError, match="family"):
        load_season(season_folder)
    assert Rule.objects.get(campaign=season, code="S3b").family == "S3b"


def test_rules_of_both_blocks_may_share_their_family_in_a_group(season, edit):
    edit("season2009", "A1", 'exclusive_group = ""', 'exclusive_group = "first"')
    assert load_season("season2009").written
