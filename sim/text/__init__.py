"""Text files in, places and plain words out: what every reader of text stands on."""

from sim.text.checking import TextModel, fail
from sim.text.collector import collector_at_rest
from sim.text.diagnostics import Diagnostic, Diagnostics, FoedusError, Place, in_order, printable, quoted
from sim.text.faults import checked
from sim.text.files import beside
from sim.text.nearest import nearest
from sim.text.nodes import Entry, Mapping, Node, NodePlace, PathOf, Scalar, Sequence, locate, places, to_plain
from sim.text.unit_text import UnitError, read_unit
from sim.text.units import PURE, Unit
from sim.text.yaml import parse_document, read_document

__all__ = [
    "PURE",
    "Diagnostic",
    "Diagnostics",
    "Entry",
    "FoedusError",
    "Mapping",
    "Node",
    "NodePlace",
    "PathOf",
    "Place",
    "Scalar",
    "Sequence",
    "TextModel",
    "Unit",
    "UnitError",
    "beside",
    "checked",
    "collector_at_rest",
    "fail",
    "in_order",
    "locate",
    "nearest",
    "parse_document",
    "places",
    "printable",
    "quoted",
    "read_document",
    "read_unit",
    "to_plain",
]
