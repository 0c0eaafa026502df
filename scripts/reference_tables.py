"""What the language reference says of expressions and distributions: signatures and meanings, for people."""

from __future__ import annotations

from typing import Final

FUNCTIONS: Final = {
    "abs": ("abs(x)", "x without its sign."),
    "sqrt": ("sqrt(x)", "Square root; x of at least 0."),
    "floor": ("floor(x)", "The whole number at or below x."),
    "ceil": ("ceil(x)", "The whole number at or above x."),
    "exp": ("exp(x)", "e to the power of x."),
    "log": ("log(x)", "Natural logarithm; x above 0."),
    "logistic": ("logistic(x)", "1/(1 + exp(-x)): from 0 to 1, one half at 0."),
    "min": ("min(a, b, ...), min(x for y in SET)", "The smallest."),
    "max": ("max(a, b, ...), max(x for y in SET)", "The largest."),
    "clamp": ("clamp(x, low, high)", "x, or the bound that it goes beyond."),
    "sum": ("sum(a, b, ...), sum(x for y in SET)", "The sum; of none, 0."),
    "mean": (
        "mean(a, b, ...), mean(x for y in SET)",
        "The sum divided by how many there are; of none, an error.",
    ),
    "any": ("any(c for y in SET)", "Whether c is true of at least one."),
    "all": ("all(c for y in SET)", "Whether c is true of each; of none, true."),
    "count": ("count(c for y in SET)", "Of how many c is true."),
    "after": ("after('2030-07-01')", "Whether the turn begins on or after the date."),
    "has": ("has(x, ATTRIBUTE)", "Whether actor x has the attribute. Settled before play."),
    "lag": (
        "lag(V, '6 months')",
        "The attribute or relation V as it was that long ago; before the start, its first value.",
    ),
    "happened": (
        "happened(ACTION, ACTOR, TARGET)",
        "Whether the action was done this turn. `any` stands for any actor; TARGET may be left out.",
    ),
    "times": ("times(ACTION, ACTOR, TARGET)", "How often it was done so far; arguments as above."),
    "recent": (
        "recent(ACTION, ACTOR, TARGET, '6 months')",
        "How often it was done in that time; arguments as above.",
    ),
    "holds": (
        "holds(ACTOR, CHOICE, OPTION)",
        "Whether that option stands. Of a choice with `for`, the bound actors follow, by name.",
    ),
}

READERS: Final = {
    "hostility": ("hostility(A, B)", "A's level towards B in their dispute, 1 (none) to 5 (war)."),
    "disputing": ("disputing(A, B)", "Whether a dispute of the two is on."),
    "episodes": ("episodes(A, B)", "How many disputes the two have had."),
    "began": ("began(A, B)", "Whether A was first to use force in their dispute."),
    "signed": ("signed(T)", "Whether a commitment is signed, and not ended."),
    "in_force": ("in_force(T)", "Whether it is in force."),
    "suspended": ("suspended(T)", "Whether it is suspended."),
    "ended": ("ended(T)", "Whether it has ended."),
    "under_notice": ("under_notice(T)", "Whether notice has been given and runs."),
    "called": (
        "called(T, a[, V[, A]][, '6 months'])",
        (
            "Whether V has called on article a of T against A, so far or in that time, which may be "
            "`'last turn'`. `any`: any actor."
        ),
    ),
    "honoured": (
        "honoured(T, a[, P[, V[, A]]][, '6 months'])",
        "Whether P has answered a call as the text asks.",
    ),
    "hedged": ("hedged(T, a, ...)", "The same: whether it has answered by less."),
    "defected": ("defected(T, a, ...)", "The same: whether it has not answered at all."),
    "declined": (
        "declined(T, a, ...)",
        "The same: whether it has held the claim for unfounded, and given less.",
    ),
    "fought": ("fought(T, a, ...)", "The same: whether it has answered with force."),
    "violated": (
        "violated(T, a[, A[, V]][, '6 months'])",
        "Whether A has done to V what the article forbids.",
    ),
    "tally": ("tally(called, T, a, ...)", "How often, of any of these."),
    "given": (
        "given(T, a[, P[, V[, A]]][, 'last turn'])",
        "Strength of the answers of this turn, or of the last.",
    ),
    "decided": (
        "decided(A, RULE), decided(A, CHOICE, OPTION)",
        (
            "Whether the rule fired, or the option was chosen, when it was last decided. A may be `world` or "
            "`injects`. Of a decision with `for`, the bound actors follow, by name."
        ),
    ),
    "belief": (
        "belief(BELIEF, OBSERVER)",
        "Mean of what the observer believes. Of a belief with `for`, the bound actors follow, by name.",
    ),
    "spread": ("spread(BELIEF, OBSERVER)", "Standard deviation of what it believes; the same arguments."),
    "credibility": (
        "credibility(T, a, P, OBSERVER), credibility(THREAT, OBSERVER)",
        (
            "How likely the observer holds it that P honours a call on article a of T, or that the threat is "
            "carried out."
        ),
    ),
    "expected_support": (
        "expected_support(V, A[, OBSERVER])",
        "What V would be given by its allies if A attacked it, in the eyes of the observer (or of `self`).",
    ),
    "reply": (
        "reply(A, CHOICE, OPTION)",
        (
            "The probability that A would choose the option now. Of a choice with `for`, the bound actors "
            "follow, by name."
        ),
    ),
    "measure": ("measure(B, m)", "Whether body B has measure m in force."),
    "mandate_lapsed": ("mandate_lapsed(B, m)", "Whether the mandate ran out in the last count of the body."),
    "time_left": ("time_left(B, m)", "Years until the mandate runs out; 0 if it is not in force."),
    "tabled": ("tabled(B, d)", "Whether draft d was tabled: this turn or, before stage 6, in the last."),
    "passed": ("passed(B, d)", "The same: whether it passed."),
    "failed": ("failed(B, d)", "The same: whether it failed for want of votes."),
    "vetoed": ("vetoed(B, d[, M])", "The same: whether it was vetoed; by member M."),
    "votes_for": ("votes_for(B, d[, M])", "Votes for it in the last count; of member M."),
    "votes_against": ("votes_against(B, d[, M])", "The same: votes against it."),
    "abstentions": ("abstentions(B, d[, M])", "The same: votes that abstained."),
    "imposed": ("imposed(R)", "Whether sanctions regime R is in force."),
    "imposes": ("imposes(R, S)", "Whether sender S imposes it."),
    "complies": ("complies(R, P)", "Whether third party P complies."),
    "evades": ("evades(R, P)", "Whether it evades."),
    "defies": ("defies(R, P)", "Whether it openly defies."),
    "detected": (
        "detected(R, P)",
        "Whether its evasion was detected: this turn or, before stage 7, in the last.",
    ),
    "detection": ("detection(R, P)", "The chance that an evading P is found out within a year."),
    "penalised": ("penalised(R, P, S)", "How far P still bears the penalty of sender S, 0 to 1."),
    "exposure": ("exposure(R, T)", "Share of target T's dealings with who professes to comply."),
    "leakage": ("leakage(R, T)", "Part of that which leaks."),
    "bite": ("bite(R, T[, TYPE])", "What the regime does to T, in all or by one type of measure."),
    "channels": ("channels(R, T)", "How far T has other channels, 0 to 1."),
    "attention": (
        "attention(ACTOR)",
        "The share of what presses on the actor that it attends to, 0 to 1; the actor must have `attention`.",
    ),
    "transit": ("transit(FLOW)", "How much is on its way."),
    "sent": ("sent(FLOW[, '6 months'])", "How much was sent so far, or in that time."),
    "delivered": ("delivered(FLOW[, '6 months'])", "The same: how much has arrived."),
    "lost": ("lost(FLOW[, '6 months'])", "The same: how much was lost on the way."),
    "paid": ("paid(FLOW[, '6 months'])", "The same: how much was paid for it."),
    "owed": ("owed(FLOW)", "What is owed for a flow on credit."),
    "price": ("price(FLOW)", "What one unit cost in the last turn."),
    "made": ("made(ITEM, ACTOR[, '6 months'])", "How much the actor has made so far, or in that time."),
    "used": ("used(ITEM, ACTOR[, '6 months'])", "The same: how much it has used up."),
    "shortage": (
        "shortage(FLOW), shortage(ITEM, ACTOR)",
        "The share, 0 to 1, of what was to be sent, or used up, in the last turn and was not.",
    ),
    "arsenal_share": ("arsenal_share(ITEM, ACTOR, SUPPLIER)", "Share of a supplier in the actor's stock."),
    "concentration": (
        "concentration(ITEM, ACTOR)",
        "Herfindahl's index of these shares: 1 for one supplier, 1/n for n equal ones.",
    ),
    "tier": ("tier(ITEM, ACTOR)", "How many tiers the actor has reached."),
    "unlocked": ("unlocked(ITEM, ACTOR, TIER)", "Whether it has unlocked a tier."),
    "share": ("share(GROUP, MATTER)", "The share of a group's members that takes part."),
    "joined": ("joined(GROUP, MATTER)", "How many members take part: a weight for votes."),
    "members": ("members(GROUP)", "How many members the group has."),
}
"""By name: how it is written, and what it gives."""

OPERATORS: Final = (
    ("+ - * / **", "Arithmetic; `**` is a power. A truth value counts as 1 or 0."),
    ("< <= > >= == !=", "Comparison of numbers, chained as in `0 < x <= 1`."),
    ("and, or, not", "Logic: the right side is looked at only where the left does not settle it."),
    ("A if C else B", "A where C is true, B elsewhere; only the one needed is computed."),
    ("x in TAG, x not in TAG", "Whether an actor carries a tag. Settled before play."),
    ("x == KOR, x != self, x < y", "Comparison of actors, by id. `x < y` takes each pair once."),
    (
        "... for x in SET if CONDITION",
        "Inside a function: SET is `actors`, `others` (all but `self`) or a tag.",
    ),
)

NAMES: Final = (
    ("boldness[NORTH]", "An attribute of an actor: its id, `self`, `target` or a bound name."),
    ("boldness", "In a policy or an action: that actor's own; else one of the world."),
    ("tension[self, x]", "A relation of two actors."),
    ("pace", "A parameter."),
    ("share[oil]", "A component of a parameter drawn from a `dirichlet`."),
    ("strain, strain[self]", "A definition, with as many actors as it is `of`."),
    ("self", "The actor that decides or acts."),
    ("target", "In an action: to whom it is done."),
    ("elapsed", "Years from the start to the first day of the turn."),
    ("0.3['per year']", "A number with its [unit](#units). Its value is the number as it stands."),
    ("'6 months', '2030-07-01'", "In quotes: durations and dates, for functions that take them."),
)

UNITS: Final = (
    (
        "rounds, launches, barrels, USD",
        "Any word is a unit; `round` and `rounds` are one. Moneys are words, too.",
    ),
    ("artillery shells", "Several words are one unit."),
    ("day, week, month, quarter, year", "Times, as long as [durations](#values) are; also `hour`."),
    ("percent or %, km, metre, tonne, kg", "The other measures that can be told by a factor."),
    ("thousand persons, billion USD", "A number word stands before a unit: thousand to trillion."),
    ("rounds per month, rounds/month", "Each `per` or `/` divides by the one unit that follows."),
    ("per year", "A number of something in a year."),
    ("km^2, rounds*km", "Powers and products."),
    ("percent of GDP", "What follows `of` is for the reader: it is counted in percent."),
    ("1, share, index, probability, ratio", "A pure number; also `fraction`, `scale` and `number`."),
)
"""How units are written."""

FAMILIES: Final = {
    "uniform": ("[low, high]", "Any value between the two is as likely as any other."),
    "normal": ("[mean, sd]", "Bell-shaped; two of three draws lie within one sd of the mean."),
    "lognormal": ("[median, sigma]", "Above 0, with a long upper tail; sigma is that of the logarithm."),
    "triangular": ("[low, mode, high]", "Between low and high, mode the likeliest."),
    "pert": ("[low, mode, high]", "The same, smoother, and closer to the mode."),
    "beta": ("[alpha, beta] or [alpha, beta, low, high]", "Between 0 and 1, or low and high."),
    "discrete": ("{values: [...], weights: [...]}", "One of the values, with these odds."),
    "dirichlet": (
        "{NAME: concentration, ...}",
        "Shares that add up to 1, one for each name; the larger all concentrations, the less they vary.",
    ),
}
"""By family: its arguments, in a list or by name, and what it is like."""

SECTIONS: Final = {
    "scenario": "1-names-and-order",
    "clock": "2-time",
    "parameter": "4-variables",
    "actor": "1-names-and-order",
    "attribute": "4-variables",
    "relation": "4-variables",
    "value of a pair": "4-variables",
    "definition": "5-expressions",
    "action": "8-effects",
    "argument": "8-effects",
    "effect": "8-effects",
    "policy": "6-a-turn",
    "rule": "7-decisions",
    "rate": "7-decisions",
    "every": "7-decisions",
    "count": "7-decisions",
    "campaign": "7-decisions",
    "choice": "7-decisions",
    "option": "7-decisions",
    "status quo": "7-decisions",
    "nest": "../q-choice",
    "reference point": "../q-choice",
    "value function": "../q-choice",
    "attention": "../q-choice",
    "claim": "../q-choice",
    "doctrine": "../d-doctrines",
    "start of an attribute": "../d-doctrines",
    "perception": "6-a-turn",
    "world": "6-a-turn",
    "dynamics": "9-dynamics",
    "inject": "6-a-turn",
    "indicator": "6-a-turn",
    "outcome": "6-a-turn",
    "commitment": "../c-commitments",
    "article": "../c-commitments",
    "trigger": "../c-commitments",
    "attack": "../c-commitments",
    "rung of a ladder": "../c-commitments",
    "call": "../c-commitments",
    "notice": "../c-commitments",
    "rung": "../c-commitments",
    "escalation": "../e-escalation",
    "body": "../b-bodies",
    "measure": "../b-bodies",
    "draft": "../b-bodies",
    "ballot": "../b-bodies",
    "vote": "../b-bodies",
    "own ballot": "../b-bodies",
    "aftermath": "../b-bodies",
    "regime": "../x-sanctions",
    "sanctions by type": "../x-sanctions",
    "sanction": "../x-sanctions",
    "imposing": "../x-sanctions",
    "compliance": "../x-sanctions",
    "secondary": "../x-sanctions",
    "channels": "../x-sanctions",
    "pressure": "../x-sanctions",
    "belief": "../k-beliefs",
    "signal": "../k-beliefs",
    "threat": "../k-beliefs",
    "credibility": "../k-beliefs",
    "item": "../f-flows",
    "production": "../f-flows",
    "use": "../f-flows",
    "tier": "../f-flows",
    "origin": "../f-flows",
    "flow": "../f-flows",
    "interdiction": "../f-flows",
    "payment": "../f-flows",
    "group": "../g-groups",
    "matter": "../g-groups",
    "thresholds": "../g-groups",
    "mechanism": "mechanisms.md#a-mechanism",
    "lever": "mechanisms.md#the-worlds",
    "link": "mechanisms.md#the-worlds",
}
"""By part: the heading in semantics.md, or after `../` in adjudication.md, that has its exact meaning."""
