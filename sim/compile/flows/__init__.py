"""Items and flows: who makes, uses, sends and pays what, with books that close."""

from sim.compile.flows.construct import Flows

__all__ = ["Flows"]
