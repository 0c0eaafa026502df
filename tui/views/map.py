"""The map: actors where they stand, or in a circle, and what ties them or sets them against each other."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList

from sim import Game, Link, links, printable
from tui.views.view import View
from tui.widgets.border import entitle, inside
from tui.widgets.chart import STYLES, drawn, places
from tui.widgets.listing import Item, Listing
from tui.widgets.pane import Pane

_MARGIN = 4
_LEGEND = 1
_LEAST = 8


class LinksPane(Listing):
    """All actors, each with its links under it; the one with the cursor is drawn."""

    HEADING = "Who and what ties them"
    _links: dict[str, Link]

    def items(self, game: Game) -> Sequence[Item]:
        found = links(game.now)
        self._links = {}
        items = [Item("", Text.assemble(("All ", "bold"), (f"{len(found)} links", "dim")))]
        for actor, name in sorted(game.program.names.items()):
            own = [link for link in found if actor in (link.one, link.other)]
            if not own:
                continue
            items.append(Item(f"@{actor}", Text.assemble((f"{actor}  ", "bold"), printable(name))))
            for number, link in enumerate(own):
                key = f"@{actor} {number}"
                self._links[key] = link
                other = link.other if link.one == actor else link.one
                mark, style = STYLES[link.kind]
                way = (
                    f"{mark} {other}  "
                    if link.one == actor or link.kind != "flow"
                    else f"{mark} from {other}  "
                )
                items.append(Item(key, Text.assemble("  ", (way, style), link.told)))
        return items

    @property
    def link(self) -> Link | None:
        """The one with the cursor."""
        return self._links.get(self.chosen) if self._shown else None

    @property
    def actor(self) -> str:
        """The actor with the cursor, or of the link with it."""
        return self.chosen.removeprefix("@").partition(" ")[0]

    @property
    def asks(self) -> bool:
        """Whether there is something to ask about."""
        return self.link is not None


class DrawingPane(Pane):
    """The drawing: all links, one actor's, or one."""

    HEADING = "Map"
    actor = ""
    link: Link | None = None

    def draw(self, game: Game) -> RenderableType:
        found = links(game.now)
        if self.link is not None:
            shown = [link for link in found if link == self.link]
        elif self.actor:
            shown = [link for link in found if self.actor in (link.one, link.other)]
        else:
            shown = list(found)
        width = max(inside(self).width - _MARGIN, _LEAST)
        height = max(inside(self).height - _LEGEND, _LEAST)
        spots, placed = places(game.program, width, height)
        entitle(self, "Map of the theatre" if placed else "Who is tied to whom")
        text = drawn(spots, shown, width, height, self.actor)
        legend = Text("\n")
        for kind, (mark, style) in STYLES.items():
            legend.append(f"{mark * 2} {kind}  ", style)
        text.append(legend)
        return text


class MapView(View):
    """The drawing on the left, actors and links on the right."""

    game: Game | None = None

    def compose(self) -> ComposeResult:
        yield DrawingPane(id="drawing")
        yield LinksPane("links")

    def show(self, game: Game) -> None:
        self.game = game
        super().show(game)

    @on(OptionList.OptionHighlighted, "#links")
    def _point(self) -> None:
        pane, listing = self.query_one(DrawingPane), self.query_one(LinksPane)
        pointed = listing.actor, listing.link
        if self.game is not None and pointed != (pane.actor, pane.link):
            pane.actor, pane.link = pointed
            pane.show(self.game)
