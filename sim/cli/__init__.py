"""The command `foedus`: checks scenarios, plays them once or many times, and writes reports.

Results go to stdout, errors and progress to stderr. Exit codes: 0 done; 1 the thing asked found problems; 2
used wrongly; 130 interrupted. Everything heavy is imported by the command that needs it.

There is a module for each group of commands; help lists them in the order in which they are imported here.
"""

# isort: off
from sim.cli.command import app, main
from sim.cli import check, story, sources, pictures, batches, experiments, mechanisms, cases, screen, language
# isort: on

__all__ = [
    "app",
    "batches",
    "cases",
    "check",
    "experiments",
    "language",
    "main",
    "mechanisms",
    "pictures",
    "screen",
    "sources",
    "story",
]
