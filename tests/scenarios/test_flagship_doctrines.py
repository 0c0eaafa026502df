"""Each doctrine of the flagship moves what it is about, and some outcome by ten points, on the same luck."""

from __future__ import annotations

import pytest

from sim.compile import compile_scenario
from tests.scenarios.ensembles import Played, flagship, play

RUNS = 200


def under(actor: str, doctrine: str) -> Played:
    return play(compile_scenario(flagship(), doctrines={actor: doctrine}), RUNS)


@pytest.mark.parametrize(
    ("actor", "less", "more", "rows", "outcome"),
    [
        (
            "RUS",
            "transactional",
            "spoiler",
            ("acts[share_missile, RUS, PRK]", "tech_missile[PRK]"),
            "missile_help",
        ),
        ("CHN", "caution", "assertive", ("acts[harass, CHN, PHL]", "acts[drill, CHN, TWN]"), "named_drill"),
        (
            "PRK",
            "regime_security",
            "emboldened",
            ("fired[PRK/missile_tests]", "acts[exchange_fire, PRK, KOR]"),
            "forty_missiles",
        ),
        ("USA", "restrained", "engaged", ("aid[USA]", "alignment[KOR, USA]"), "american_aid_halved"),
        ("KOR", "progressive", "conservative", ("aid_rung[KOR]", "alignment[JPN, KOR]"), "seoul_arms_kyiv"),
    ],
)
def test_a_doctrine_moves_what_it_is_about(
    actor: str, less: str, more: str, rows: tuple[str, ...], outcome: str
) -> None:
    one, other = under(actor, less), under(actor, more)
    for row in rows:
        assert other.mean(row) > one.mean(row), row
    assert abs(other.share(outcome) - one.share(outcome)) > 0.1
