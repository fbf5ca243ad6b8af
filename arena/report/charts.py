"""Charts as SVG elements, from report data: pure functions, no script.

Players are told apart by the shape of their points and a dash of their line as well as by colour, parts of a
bar by a pattern and a label. Colours are the page's business: classes s0 to s7 and k0 to k6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import floor, log10

from arena.report.data import Curves, Estimate, Point, Scatter, Stack
from arena.report.safe_text import one_line

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 14, 46
SERIES = 8
"""Players with a look of their own; further ones share."""


class Axes:
    """From numbers to places on a chart."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float], x_step: float = 0.0) -> None:
        self.x_ticks = nice_ticks(min(xs), max(xs), x_step)
        self.y_ticks = nice_ticks(0.0, max([*ys, 1e-9]))
        self.low, self.high = self.x_ticks[0], self.x_ticks[-1]
        self.top = self.y_ticks[-1]

    def x(self, value: float) -> float:
        return LEFT + (value - self.low) / (self.high - self.low) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM)

    def drawn(self, x_label: str, y_label: str) -> Iterator[str]:
        for tick in self.y_ticks:
            yield _line(LEFT, self.y(tick), WIDTH - RIGHT, self.y(tick), "rule")
            yield _text(f"{tick:g}", LEFT - 8, self.y(tick) + 4, "tick", "end")
        for tick in self.x_ticks:
            yield _line(self.x(tick), HEIGHT - BOTTOM, self.x(tick), HEIGHT - BOTTOM + 5, "rule")
            yield _text(f"{tick:g}", self.x(tick), HEIGHT - BOTTOM + 19, "tick")
        yield _text(x_label, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "axis")
        middle = (TOP + HEIGHT - BOTTOM) / 2
        yield f'<text class="axis" text-anchor="middle" transform="translate(15 {middle:g}) rotate(-90)">'
        yield f"{escape(y_label)}</text>"


def nice_ticks(low: float, high: float, least: float = 0.0, most: int = 8) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`, at least two, at least so far apart.

    >>> nice_ticks(1, 9)
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    if high <= low:
        high = low + (abs(low) or 1.0)
    rough = max((high - low) / (most - 2), least)
    unit = 10.0 ** floor(log10(rough))
    step = next(m * unit for m in (1, 2, 5, 10) if m * unit >= rough * 0.999)
    first = floor(low / step)
    last = -floor(-high / step)
    return [round(n * step, 12) for n in range(first, last + 1)]


def curves_svg(chart: Curves) -> str:
    """A line of points with intervals for each player."""
    points = [point for _, line in chart.lines for point in line]
    axes = Axes([p.x for p in points], [_top(p.estimate) for p in points], x_step=1)
    parts = [*axes.drawn(chart.x_label, chart.y_label)]
    shift = min(10.0, 0.5 * (axes.x(1) - axes.x(0)))
    for number, (name, line) in enumerate(chart.lines):
        aside = shift * (number - (len(chart.lines) - 1) / 2) / max(len(chart.lines), 1)
        parts += _curve(axes, line, number, aside, name)
    return _svg(parts, HEIGHT, chart.title)


def _curve(axes: Axes, line: Sequence[Point], number: int, aside: float, name: str) -> Iterator[str]:
    places = [(axes.x(point.x) + aside, axes.y(point.estimate.value)) for point in line]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline class="line s{number % SERIES}" points="{way}"/>'
    for point, (x, _) in zip(line, places, strict=True):
        yield from _dot(axes, x, point.estimate, number, f"{name}: {_said(point)}")


def scatter_svg(chart: Scatter) -> str:
    """A point for each player; players without the one number as a dashed level."""
    levels = [estimate for _, estimate in chart.levels]
    heights = [_top(point.estimate) for _, point in chart.points] + [e.value for e in levels]
    axes = Axes([0.0, *(point.x for _, point in chart.points)], heights)
    parts = [*axes.drawn(chart.x_label, chart.y_label)]
    parts += _levels(axes, chart.levels)
    for number, (name, point) in enumerate(chart.points):
        parts += _dot(axes, axes.x(point.x), point.estimate, number, f"{name}: {_said(point)}")
    return _svg(parts, HEIGHT, chart.title)


def _levels(axes: Axes, levels: Sequence[tuple[str, Estimate]]) -> Iterator[str]:
    """Dashed lines with their names on top, side by side where two lines are close."""
    before, x = 0.0, 0.0
    for name, estimate in sorted(levels, key=lambda level: -level[1].value):
        y = axes.y(estimate.value)
        x = x + 150 if y - before < 14 and x + 300 < WIDTH - LEFT else LEFT + 6
        before = y
        yield _line(LEFT, y, WIDTH - RIGHT, y, "level")
        yield _text(one_line(name, 20), x, y - 4, "tick", "start")


def _top(estimate: Estimate) -> float:
    return estimate.value if estimate.high is None else max(estimate.value, estimate.high)


def _said(point: Point) -> str:
    e = point.estimate
    interval = (
        "" if e.low is None or e.high is None else f" ({e.low:.3f} to {e.high:.3f}{'' if e.enough else ' ?'})"
    )
    return f"{e.value:.3f}{interval} at {point.x:g}, n {e.n:,}"


def _dot(axes: Axes, x: float, estimate: Estimate, number: int, title: str) -> Iterator[str]:
    """A point with its interval, which leads to its matches."""
    if estimate.evidence:
        yield f'<a href="#{estimate.evidence}">'
    if estimate.low is not None and estimate.high is not None:
        yield _line(x, axes.y(estimate.low), x, axes.y(estimate.high), f"bar s{number % SERIES}")
    shape = marker(x, axes.y(estimate.value), number)
    yield f"<g><title>{escape(one_line(title, 200))}</title>{shape}</g>"
    if estimate.evidence:
        yield "</a>"


def marker(x: float, y: float, number: int, r: float = 5.0) -> str:
    """The shape that stands for a player: circle, square, triangle, diamond, and the same hollow."""
    kind = f"dot s{number % SERIES}" + (" hollow" if number % SERIES >= 4 else "")
    corners = {
        1: ((-r, -r), (r, -r), (r, r), (-r, r)),
        2: ((0, -r * 1.3), (r * 1.2, r), (-r * 1.2, r)),
        3: ((0, -r * 1.4), (r * 1.4, 0), (0, r * 1.4), (-r * 1.4, 0)),
    }.get(number % 4)
    if corners is None:
        return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{r:g}"/>'
    way = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon class="{kind}" points="{way}"/>'


BAR, ROW = 22, 44


def stack_svg(chart: Stack) -> str:
    """A bar for each player, its parts in proportion; names stand above their bars."""
    parts: list[str] = []
    room = WIDTH - 2
    for row, (name, counted) in enumerate(chart.bars):
        top, x = row * ROW, 1.0
        whole = sum(part.count for part in counted) or 1
        parts.append(_text(f"{one_line(name, 80)}  (n {whole:,})", 1, top + 14, "name", "start"))
        for kind, part in enumerate(counted):
            width = room * part.count / whole
            if part.count:
                parts += _part(kind, x, top + 19, width, part.count, part.label, part.evidence)
            x += width
    return _svg(parts, len(chart.bars) * ROW + 4, chart.title)


def _part(kind: int, x: float, y: float, width: float, n: int, label: str, evidence: str) -> Iterator[str]:
    yield f'<a href="#{evidence}">' if evidence else "<g>"
    yield f"<title>{escape(label)}: {n:,}</title>"
    size = f'x="{x:.1f}" y="{y}" width="{max(width, 1):.1f}" height="{BAR}"'
    yield f'<rect class="part k{kind}" {size}/><rect class="hatch" fill="url(#h{kind})" {size}/>'
    shown = f"{label} {n:,}" if width > 8 * len(f"{label} {n:,}") else f"{n:,}"
    if width > 8 * len(shown):
        yield _text(shown, x + width / 2, y + 15, f"inside i{kind}")
    yield "</a>" if evidence else "</g>"


def patterns() -> str:
    """The patterns of the parts of bars, once for a page."""
    ways = ("", "M0 8L8 0", "M0 0L8 8", "M0 4H8", "M4 0V8", "M0 8L8 0M0 0L8 8", "M0 4H8M4 0V8")
    defined = "".join(
        f'<pattern id="h{kind}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<path class="stroke" d="{way}"/></pattern>'
        for kind, way in enumerate(ways)
    )
    return f'<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>{defined}</defs></svg>'


def swatch(kind: int) -> str:
    """A part of a bar, for the legend."""
    size = 'x="1" y="1" width="18" height="12"'
    shapes = f'<rect class="part k{kind}" {size}/><rect class="hatch" fill="url(#h{kind})" {size}/>'
    return f'<svg class="key" width="20" height="14" aria-hidden="true">{shapes}</svg>'


def key(number: int) -> str:
    """The look of a player, for the legend."""
    line = f'<path class="line s{number % SERIES}" d="M0 8H26"/>'
    return f'<svg class="key" width="26" height="16" aria-hidden="true">{line}{marker(13, 8, number)}</svg>'


def _svg(parts: Sequence[str], height: int, title: str) -> str:
    box = f'viewBox="0 0 {WIDTH} {height}"'
    return f'<svg class="chart" role="img" aria-label="{escape(title)}" {box}>{"".join(parts)}</svg>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(text: str, x: float, y: float, kind: str, anchor: str = "middle") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
