"""What expressions read of disputes and commitments."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from operator import add

from sim.scenario import expressions as tree
from sim.scenario.clock import parse_duration
from tests.oracle.disputes import Disputes, in_order
from tests.oracle.faults import Fault
from tests.oracle.names import Scope
from tests.oracle.promises import Promises
from tests.oracle.terms import Claim, Moment, Number, Quantity, Term

STATES = {"in_force": 2.0, "suspended": 3.0, "ended": 4.0}
TABLES = {
    "called": "calls",
    **{name: name for name in ("honoured", "hedged", "defected", "declined", "fought", "violated")},
}
LAST_TURN = "last turn"
Reader = Callable[[tuple[tree.Expr, ...], Scope], Term]


def readers(disputes: Disputes, promises: Promises) -> dict[str, Reader]:
    """The functions, by name."""
    found: dict[str, Reader] = {
        "hostility": partial(_pair, "hostility", 1.0, disputes),
        "began": partial(_pair, "began", 0.0, disputes),
        "episodes": partial(_pair, "episode", 0.0, disputes),
        "disputing": partial(_disputing, disputes),
        "signed": partial(_state, "signed", promises),
        "under_notice": partial(_notice, promises),
        "tally": partial(_tally, promises),
        "given": partial(_given, promises),
    }
    found |= {name: partial(_state, name, promises) for name in STATES}
    return found | {name: partial(_ever, name, promises) for name in TABLES}


def _ids(arguments: tuple[tree.Expr, ...]) -> list[str]:
    if not all(isinstance(argument, tree.Name) for argument in arguments):
        raise Fault("names are wanted here")
    return [argument.id for argument in arguments if isinstance(argument, tree.Name)]


def _two(arguments: tuple[tree.Expr, ...], scope: Scope) -> tuple[str, str]:
    actors = [scope.actor(name) for name in _ids(arguments)]
    if len(actors) != 2 or actors[0] == actors[1]:
        raise Fault("two different actors are wanted here")
    return actors[0], actors[1]


def _pair(
    table: str, otherwise: float, disputes: Disputes, arguments: tuple[tree.Expr, ...], scope: Scope
) -> Term:
    pair = _two(arguments, scope)
    a, b = in_order(pair) if table == "episode" else pair
    known = in_order(pair) in disputes.dyads

    def value(moment: Moment) -> float:
        return moment.now[f"{table}[{a}, {b}]"] if known else otherwise

    return Claim(lambda moment: value(moment) > 0) if table == "began" else Quantity(value)


def _disputing(disputes: Disputes, arguments: tuple[tree.Expr, ...], scope: Scope) -> Term:
    pair = in_order(_two(arguments, scope))
    known = pair in disputes.dyads
    return Claim(lambda moment: known and disputes.is_on(dict(moment.now), pair))


def _commitment(name: str, promises: Promises) -> str:
    if name not in promises.names.model.commitments:
        raise Fault(f"there is no commitment {name}")
    return name


def _state(state: str, promises: Promises, arguments: tuple[tree.Expr, ...], _scope: Scope) -> Term:
    (name,) = _ids(arguments)
    row = f"status[{_commitment(name, promises)}]"
    if state == "signed":
        return Claim(lambda moment: 0 < moment.now[row] < 4)
    return Claim(lambda moment: moment.now[row] == STATES[state])


def _notice(promises: Promises, arguments: tuple[tree.Expr, ...], _scope: Scope) -> Term:
    (name,) = _ids(arguments)
    row = f"notice[{_commitment(name, promises)}]"
    return Claim(lambda moment: moment.now.get(row, 0.0) > 0)


def _rows(table: str, promises: Promises, ids: list[str], scope: Scope) -> list[str]:
    """Rows that match, in order of name."""
    name, article, *who = ids
    if article not in promises.names.model.commitments[_commitment(name, promises)].articles:
        raise Fault(f"{name} has no article {article}")
    wanted = [None if actor == "any" else scope.actor(actor) for actor in who]
    about: list[tuple[str, ...]] = [
        claim.pair[::-1] if table == "violated" else claim.pair
        for claim in promises.all
        if claim.name == f"{name}.{article}" and claim.asks == (table != "violated")
    ]
    if table not in ("calls", "violated"):
        about = [(one.answerer, *one.pair) for one in promises.owed if one.name == f"{name}.{article}"]
    fits = [actors for actors in about if all(w in (None, a) for w, a in zip(wanted, actors, strict=False))]
    return sorted(f"{table}[{name}.{article}, {', '.join(actors)}]" for actors in fits)


def _apart(arguments: tuple[tree.Expr, ...]) -> tuple[list[str], str]:
    """The ids, and the text at the end; "" without one."""
    if arguments and isinstance(arguments[-1], tree.Text):
        return _ids(arguments[:-1]), arguments[-1].value
    return _ids(arguments), ""


def _total(rows: list[str], moment: Moment, back: int = 0) -> float:
    """Left fold from the first."""
    values = [moment.lagged(row, back) for row in rows]
    return reduce(add, values) if values else 0.0


def _counted(book: str, promises: Promises, arguments: tuple[tree.Expr, ...], scope: Scope) -> Number:
    ids, text = _apart(arguments)
    rows = _rows(TABLES[book], promises, ids, scope)
    if not text:
        return lambda moment: _total(rows, moment)
    since, until = (2, 1) if text == LAST_TURN else (_turns(text, scope), 0)
    for row in rows:
        scope.names.ask(row, since)
    return lambda moment: _total(rows, moment, until) - _total(rows, moment, since)


def _turns(text: str, scope: Scope) -> int:
    duration = parse_duration(text)
    if duration is None:
        raise Fault(f"{text} is not a duration")
    return max(scope.names.calendar.in_turns(duration), 1)


def _ever(book: str, promises: Promises, arguments: tuple[tree.Expr, ...], scope: Scope) -> Term:
    counted = _counted(book, promises, arguments, scope)
    return Claim(lambda moment: counted(moment) > 0)


def _tally(promises: Promises, arguments: tuple[tree.Expr, ...], scope: Scope) -> Term:
    book = _ids(arguments[:1])[0]
    if book not in TABLES:
        raise Fault(f"there is no book {book}")
    return Quantity(_counted(book, promises, arguments[1:], scope))


def _given(promises: Promises, arguments: tuple[tree.Expr, ...], scope: Scope) -> Term:
    ids, text = _apart(arguments)
    if text not in ("", LAST_TURN):
        raise Fault("given() knows this turn and the last")
    rows, back = _rows("given", promises, ids, scope), int(text == LAST_TURN)
    for row in rows if back else ():
        scope.names.ask(row, back)
    return Quantity(lambda moment: _total(rows, moment, back))
