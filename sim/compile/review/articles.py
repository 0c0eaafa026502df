"""Commitments of which nothing can come: never in force, or about attacks that nobody can make."""

from __future__ import annotations

from sim.compile.review.causes import Causes
from sim.scenario.commitments import Article, Commitment
from sim.scenario.load import PathOf

_SIGNED, _IN_FORCE = 1.0, 2.0


def review_articles(causes: Causes) -> None:
    """What the commitments come to."""
    for name, pact in causes.scenario.model.commitments.items():
        path: PathOf = ("commitments", name)
        if causes.shared(causes.scenario.place(*path)):
            continue
        _life(causes, name, pact, path)
        for article_id, article in pact.articles.items():
            _occasion(causes, f"{name}.{article_id}", article, (*path, "articles", article_id))


def _life(causes: Causes, name: str, pact: Commitment, path: PathOf) -> None:
    row = causes.program.rows.get(f"status[{name}]")
    if row is None:
        return
    binding = _SIGNED if pact.acts_before_force else _IN_FORCE
    reached = causes.reach.rows[row]
    if not reached.low <= binding <= reached.high:
        said = "this commitment binds nobody in the time that is played"
        causes.warn_key(path, said, "mend its dates or conditions, or take it out", "never-binds")


def _occasion(causes: Causes, name: str, article: Article, path: PathOf) -> None:
    table = "event" if article.forbids is None else "spent"
    if any(row.startswith(f"{table}[{name}, ") for row in causes.program.rows):
        return
    if article.forbids is None:
        said = "nothing can bring this article about: nobody it means can be hostile to those it protects"
        advice = "give somebody an action with hostility, mend 'on' and 'by', or take it out"
    else:
        said = "nothing can break this article: no party can be hostile to another"
        advice = "give one an action with hostility, or take it out"
    causes.warn_key(path, said, advice, "no-occasion")
