"""Rates, probabilities and campaigns that make something never happen, or always."""

from __future__ import annotations

from collections.abc import Sequence

from sim.compile import program as pr
from sim.compile.review.causes import Causes, owned
from sim.scenario import models as md
from sim.scenario.load import PathOf


def review_paces(causes: Causes) -> None:
    """How often rules fire, choices are taken up, injects happen."""
    for path, decisions in causes.decisions.items():
        first = decisions[0]
        rates = [decision.rate for decision in decisions if decision.rate is not None]
        where = _where(causes, path, first)
        if rates and where is not None:
            _rate(causes, where, rates, owned(first), probability=_injected(first))
        campaigns = [
            decision.campaign
            for decision in decisions
            if isinstance(decision, pr.Rule) and decision.campaign is not None
        ]
        if campaigns:
            _campaign(causes, (*path, "campaign"), campaigns)


def _injected(decision: pr.Decision) -> bool:
    return isinstance(decision, pr.Rule) and decision.kind == "inject"


def _where(causes: Causes, path: PathOf, decision: pr.Decision) -> PathOf | None:
    """Where the rate of what stands at a path is written."""
    if _injected(decision):
        return (*path, "probability")
    part = causes.parts.get(path)
    if isinstance(part, md.Rule) and part.chance is not None:
        return (*path, "chance", "rate")
    if isinstance(part, md.Rule) and part.count is not None:
        return (*path, "count", "mean")
    if isinstance(part, md.Rule | md.Choice) and part.every is not None and part.every.rate is not None:
        return (*path, "every", "rate")
    return None


def _rate(causes: Causes, path: PathOf, rates: Sequence[int], what: str, *, probability: bool) -> None:
    found = [causes.reach.node(rate) for rate in rates]
    name = "probability" if probability else "rate"
    fate = {"choice": "is never taken up", "event": "never happens", "rule": "never fires"}[what]
    because = causes.because(rates[0])
    if all(bounds.high < 0.0 for bounds in found):
        said = f"the {what} {fate}: its {name} is below 0, which counts as 0{because}"
        causes.warn(path, said, "mend the sign", "rate-below-0")
    elif all(bounds.high <= 0.0 for bounds in found):
        size = "0" if all(bounds.one for bounds in found) else "never above 0"
        said = f"the {what} {fate}: its {name} is {size}{because}"
        causes.warn(path, said, f"raise it, or take the {what} out", "rate-0")
    elif probability and all(bounds.low >= 1.0 for bounds in found):
        causes.warn(path, f"the event always happens: its probability is 1{because}", "leave it out", "sure")


def _campaign(causes: Causes, path: PathOf, campaigns: Sequence[pr.Campaign]) -> None:
    starts = [causes.reach.node(campaign.starts) for campaign in campaigns]
    ends = [causes.reach.node(campaign.ends) for campaign in campaigns]
    if all(bounds.high <= 0.0 for bounds in starts):
        said = "no campaign ever starts, so that the rule never fires"
        causes.warn((*path, "starts"), said, "raise it, or leave the campaign out", "rate-0")
    elif all(bounds.high <= 0.0 for bounds in ends) and all(bounds.low > 0.0 for bounds in starts):
        said = "the campaign is on in every turn, since it never ends"
        causes.warn((*path, "ends"), said, "raise it, or leave the campaign out", "rate-0")
