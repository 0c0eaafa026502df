"""What is told is what happened: every sentence stands on a row of the state or an entry of the trace."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sim.compile import Program
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.report.story import Sentence, Told, story, tell
from tests.story.quarrel import QUARREL, compiled

DECIDED = {"act", "event", "inject"}
CHOSEN = {"choice", "again", "standing"}


@pytest.fixture(scope="module")
def program() -> Program:
    return compiled()


def world(program: Program, run: int = 0, *orders: Order) -> Model:
    return Model(program, runs=[run], seed=11, trace=True, orders=orders)


def played(program: Program, run: int = 0) -> Iterator[tuple[Model, Told]]:
    model = world(program, run)
    for told in story(model, verbose=True):
        yield model, told


def about(told: Told, kinds: set[str]) -> set[str]:
    return {sentence.about for sentence in told.sentences if sentence.kind in kinds}


def sentences(model: Model, *, verbose: bool = True) -> list[Sentence]:
    return [sentence for told in story(model, verbose=verbose) for sentence in told.sentences]


@pytest.mark.parametrize("run", range(6))
def test_every_rule_that_fired_is_told_and_no_other(program: Program, run: int) -> None:
    for model, told in played(program, run):
        rules = (*program.rules, *program.events, *program.injects)
        fired = {rule.name for rule in rules if model.state.values[rule.fired, 0] > 0}
        assert about(told, DECIDED) == fired


@pytest.mark.parametrize("run", range(6))
def test_every_choice_made_is_told_when_asked_for_all(program: Program, run: int) -> None:
    for model, told in played(program, run):
        chosen = {choice.name for choice in program.choices if model.state.values[choice.chosen, 0] > 0}
        assert about(told, CHOSEN) == chosen


@pytest.mark.parametrize("run", range(6))
def test_outcomes_are_told_in_the_turn_in_which_they_come_about(program: Program, run: int) -> None:
    for model, told in played(program, run):
        came = {outcome.id for outcome in program.outcomes if model[f"outcome.{outcome.id}"][0] == told.turn}
        assert about(told, {"outcome"}) == came


def test_over_some_runs_everything_is_told_once_at_least(program: Program) -> None:
    kinds = {
        sentence.kind for run in range(6) for _, told in played(program, run) for sentence in told.sentences
    }
    assert kinds == {*DECIDED, *CHOSEN, "outcome", "indicator", "missed"}


def test_a_saying_has_the_count_and_the_state_on_which_it_was_decided(program: Program) -> None:
    seen = 0
    for model, told in played(program):
        assert model.trace is not None
        for sentence in told.sentences:
            if sentence.about == "EAST/fire":
                count = model["fired[EAST/fire]"][0]
                stock = model.trace.states[told.turn][program.rows["shells[EAST]"], 0]
                assert sentence.text == f"Eastland fires {count:.0f} of {stock:,.0f} shells"
                seen += 1
    assert seen > 2


def test_an_inject_speaks_of_the_world_as_it_found_it(program: Program) -> None:
    model = world(program)
    before: dict[int, float] = {}
    for told in story(model):
        for sentence in told.sentences:
            if sentence.about == "injects/vote":
                assert told.turn == 3
                assert sentence.text == f"An election, alarm at {before[2]:.2f}"
        before[told.turn] = float(model["alarm[WEST]"][0])


def test_an_inject_that_might_have_happened_is_told_when_asked_for(program: Program) -> None:
    quiet = loud = 0
    for run in range(6):
        model = world(program, run)
        missed = [sentence for sentence in sentences(model) if sentence.kind == "missed"]
        assert bool(missed) == (model["price"][0] % 50 == 0)
        loud += len(missed)
        quiet += sum(sentence.kind == "missed" for sentence in sentences(world(program, run), verbose=False))
    assert loud > 0
    assert quiet == 0


def test_a_chance_is_the_one_of_its_rate_and_the_draw_below_it(program: Program) -> None:
    january = 1 - math.exp(-2 * 31 / 365.25)
    details = [
        sentence.detail
        for run in range(20)
        for sentence in next(story(world(program, run))).sentences
        if sentence.about == "world/shock"
    ]
    assert details
    for detail in details:
        match = re.fullmatch(r"([\d.]+)% chance this month, drew ([\d.]+)", detail)
        assert match is not None, detail
        assert float(match[1]) / 100 == pytest.approx(january, abs=0.005)
        assert float(match[2]) < float(match[1]) / 100


def test_the_share_of_an_option_is_the_softmax_of_its_utility() -> None:
    program = compiled(QUARREL.replace("loudly: {utility: 0,", "loudly: {utility: 2,"))
    share = math.exp(2) / (math.exp(2) + 1)
    details = [s.detail for s in sentences(world(program)) if s.about == "WEST/speak" and s.kind == "choice"]
    assert details
    loud, soft = f"{share:.0%} likely", f"{1 - share:.0%} likely"
    assert {detail.partition(";")[0] for detail in details} == {loud, soft}


def first_word(shift: float) -> Sentence:
    """How Westland first speaks if being loud is worth so much more."""
    text = QUARREL.replace("loudly: {utility: 0,", f"loudly: {{utility: {shift!r},")
    told = next(story(world(compiled(text)), verbose=True))
    return next(sentence for sentence in told.sentences if sentence.about == "WEST/speak")


def test_the_utility_that_the_next_best_needed_would_have_been_enough() -> None:
    first = first_word(0.0)
    assert first.text == "Westland raises its voice"
    match = re.search(r"; softly \(50%\) would have needed ([\d.]+) more utility$", first.detail)
    assert match is not None
    needed = float(match[1])
    assert first_word(-0.9 * needed).text == "Westland raises its voice"
    assert first_word(-1.1 * needed).text == "Westland chooses softly (speak)"


def test_an_option_that_was_closed_has_no_share() -> None:
    text = QUARREL.replace("when: alarm > 0.35", "when: alarm > 2")
    found = {}
    for name, program in (("open", compiled()), ("closed", compiled(text))):
        told = [s for run in range(6) for s in sentences(world(program, run)) if s.about == "WEST/answer"]
        found[name] = sum("sulk" in str(s) for s in told) / len(told)
    assert found["open"] > 0
    assert found["closed"] == 0


def test_the_only_option_is_called_so() -> None:
    text = re.sub(r"\n          (firm|sulk): .*", "", QUARREL)
    answers = [s for s in sentences(world(compiled(text))) if s.about == "WEST/answer"]
    assert {s.detail for s in answers} == {"the only option open"}


def test_at_temperature_zero_the_best_is_certain() -> None:
    text = QUARREL.replace("temperature: 1\n", "temperature: 0\n").replace(
        "loudly: {utility: 0,", "loudly: {utility: 0.25,"
    )
    spoken = [s for s in sentences(world(compiled(text))) if s.about == "WEST/speak"]
    assert spoken[0].detail == "100% likely; softly (0%) would have needed 0.25 more utility"


def test_what_stays_as_it_is_is_told_only_when_asked_for(program: Program) -> None:
    kept = 0
    for run in range(4):
        loud, quiet = sentences(world(program, run)), sentences(world(program, run), verbose=False)
        assert [s for s in loud if s.kind not in ("standing", "missed")] == quiet
        kept += sum(s.kind == "standing" for s in loud)
    assert kept > 0


@pytest.mark.parametrize("run", range(4))
def test_a_choice_is_kept_when_it_is_the_one_that_stood(program: Program, run: int) -> None:
    stood = dict.fromkeys(("WEST/answer", "WEST/speak"), 0)
    model = world(program, run)
    for told in story(model, verbose=True):
        for sentence in told.sentences:
            if sentence.kind in CHOSEN:
                chosen = int(model[f"chosen[{sentence.about}]"][0])
                assert (sentence.kind != "choice") == (chosen == stood[sentence.about])
                stood[sentence.about] = chosen


def test_deeds_that_are_repeated_are_told_briefly(program: Program) -> None:
    repeated = [s for run in range(4) for s in sentences(world(program, run)) if s.kind == "again"]
    assert repeated
    for sentence in repeated:
        assert re.fullmatch(r"again, [\d.]+% likely", sentence.detail)


def test_the_most_important_comes_first(program: Program) -> None:
    order = "outcome inject event act choice again indicator standing missed".split()
    for run in range(4):
        for _, told in played(program, run):
            ranks = [(order.index(s.kind), s.actor, s.about) for s in told.sentences]
            assert ranks == sorted(ranks)


def test_a_decision_without_words_is_told_by_its_name(program: Program) -> None:
    texts = {s.about: s.text for run in range(6) for s in sentences(world(program, run))}
    assert texts["EAST/boast"] == "Eastland: boast"
    assert texts["EAST/first_blood"] == "Eastland: first blood"
    assert texts["EAST/raid_the_border"] == "Eastland raids Westland"
    sulks = {s.text for run in range(6) for s in sentences(world(program, run)) if "sulk" in s.text}
    assert "Westland chooses sulk (answer, lament)" in sulks


def test_takes_of_one_turn_that_come_to_the_same_are_one_sentence() -> None:
    text = QUARREL.replace(
        "      speak:\n        every: month", "      speak:\n        every: week\n        several: true"
    )
    model = world(compiled(text))
    for told in story(model, verbose=True):
        assert model.trace is not None
        takes = [t for t in model.trace.choices if t.turn == told.turn and t.choice.id == "speak"]
        spoken = [s for s in told.sentences if s.about == "WEST/speak"]
        assert len(takes) in (4, 5)
        assert 1 <= len(spoken) <= 3
        counts = [re.match(r"(\d) times this month", s.detail) for s in spoken]
        assert sum(int(match[1]) if match else 1 for match in counts) == len(takes)


def test_what_was_ordered_is_said_to_be_done_by_hand(program: Program) -> None:
    orders = (
        Order(1, "WEST", "speak", "loudly"),
        Order(1, "EAST", "raid_the_border", "do"),
        Order(1, "EAST", "fire", "4"),
        Order(3, "injects", "vote", "refrain"),
    )
    told = list(story(world(program, 0, *orders)))
    by_hand = {s.text for s in told[0].sentences if s.detail == "decided by hand"}
    assert by_hand == {
        "Westland raises its voice",
        "Eastland raids Westland",
        "Eastland fires 4 of 5,000 shells",
    }
    assert "injects/vote" not in about(told[2], DECIDED)


def test_a_run_is_told_the_same_alone_and_among_others(program: Program) -> None:
    among = Model(program, runs=[3, 5, 8], seed=11, trace=True)
    alone = list(story(world(program, 5), verbose=True))
    for expected in alone:
        before = among.state.copy()
        among.step()
        assert among.trace is not None
        assert tell(program, before, among.state, among.trace, column=1, verbose=True) == expected


def test_only_notable_moves_of_indicators_are_told(program: Program) -> None:
    model = world(program)
    alarm, price = [0.3], [100.0]
    for told in story(model):
        alarm.append(float(model["alarm_level"][0]))
        price.append(float(model["oil"][0]))
        moved = about(told, {"indicator"})
        assert ("alarm_level" in moved) == (abs(alarm[-1] - alarm[-2]) >= 0.05)
        assert ("oil" in moved) == (abs(price[-1] - price[-2]) >= 0.1 * max(price[-2:]))


def test_an_indicator_comes_with_its_unit_and_where_it_was(program: Program) -> None:
    texts = {s.text for run in range(4) for s in sentences(world(program, run)) if s.about == "oil"}
    assert "Oil: 150 dollars, up from 100" in texts


def test_a_number_that_cannot_be_computed_is_a_question_mark() -> None:
    text = QUARREL.replace("oil jumps from {price}", "oil jumps by {1/(price - price)}").replace(
        "rate: 2}, effects: [price += 50]", "rate: 200}, effects: [price += 50]"
    )
    told = next(story(world(compiled(text))))
    assert "Oil jumps by ?" in {s.text for s in told.sentences}


def test_escape_codes_in_names_are_shown_as_text(program: Program) -> None:
    """Files cannot hold any, but a Program need not come from a file."""
    names = {**program.names, "EAST": "East\x1b[31mland"}
    outcomes = tuple(replace(outcome, title=f"{outcome.title}\x07") for outcome in program.outcomes)
    odd = replace(program, names=names, outcomes=outcomes)
    shown = [str(s) for run in range(4) for s in sentences(world(odd, run))]
    assert all(line.isprintable() for line in shown)
    assert any(r"East\x1b[31mland" in line for line in shown)
    assert any(r"\x07" in line for line in shown)


def test_sentences_end_in_one_full_stop(program: Program) -> None:
    lines = [str(s) for run in range(4) for s in sentences(world(program, run))]
    assert lines
    assert all(line.endswith(".") and not line.endswith("..") for line in lines)
    assert all(line[0].isupper() for line in lines)


def test_a_story_can_be_told_in_parts(program: Program) -> None:
    whole = list(story(world(program)))
    model = world(program)
    assert [*story(model, 5), *story(model)] == whole
    assert [told.turn for told in whole] == list(range(1, 13))
    assert whole[3].heading == "Apr 2030 (turn 4)"


def test_only_a_single_traced_run_makes_a_story(program: Program) -> None:
    with pytest.raises(ValueError, match="one run"):
        next(story(Model(program, runs=2, trace=True)))
    with pytest.raises(ValueError, match="trace"):
        next(story(Model(program, runs=1)))
