"""Each doctrine of the flagship moves what it is about: both are played on the same luck."""

from __future__ import annotations

import pytest

from sim.compile import compile_scenario
from tests.scenarios.ensembles import Played, flagship, play

RUNS = 200


def under(actor: str, doctrine: str) -> Played:
    return play(compile_scenario(flagship(), doctrines={actor: doctrine}), RUNS)


@pytest.mark.parametrize(
    ("actor", "less", "more", "rows"),
    [
        ("RUS", "transactional", "spoiler", ("acts[share_missile, RUS, PRK]", "tech_missile[PRK]")),
        ("CHN", "caution", "assertive", ("acts[harass, CHN, PHL]", "acts[drill, CHN, TWN]")),
        (
            "PRK",
            "regime_security",
            "emboldened",
            ("fired[PRK/missile_tests]", "acts[exchange_fire, PRK, KOR]"),
        ),
        ("USA", "restrained", "engaged", ("aid[USA]", "alignment[KOR, USA]")),
        ("KOR", "progressive", "conservative", ("aid_rung[KOR]", "alignment[JPN, KOR]")),
    ],
)
def test_a_doctrine_moves_what_it_is_about(actor: str, less: str, more: str, rows: tuple[str, ...]) -> None:
    one, other = under(actor, less), under(actor, more)
    for row in rows:
        assert other.mean(row) > one.mean(row), row
