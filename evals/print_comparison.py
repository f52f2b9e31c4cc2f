"""A comparison for the terminal: flips first, losses before gains."""

from rich.console import Console
from rich.table import Table

from evals.compare import Comparison, Pair, TagDelta

_SHOWN_TAGS = 12
_MOVED = 0.1
_SHOWN_SHARE = 0.005


def print_comparison(console: Console, comparison: Comparison) -> None:
    """Prints flips, significance, deltas, the tags that changed, and where the time went."""
    for pair in comparison.lost:
        _print_flip(console, "[red]lost[/red]", pair, pair.after[0].reason)
    for pair in comparison.won:
        _print_flip(console, "[green]won[/green] ", pair, f"was {pair.before[0].reason}")
    console.print(_totals(comparison))
    for table in (_tags(comparison), _nodes(comparison)):
        if table.row_count:
            console.print(table)
    for name, keys in (("A", comparison.only_before), ("B", comparison.only_after)):
        if keys:
            console.print(f"only in {name}: {len(keys)} samples, left out", highlight=False)


def _tags(comparison: Comparison) -> Table:
    """Tags whose outcomes, or whose cost, changed."""
    deltas = [d for d in comparison.by_tag() if d.lost or d.won or _cost_moved(d)]
    table = Table("tag", "samples", "A", "B", "lost", "won", "ms A", "ms B", "cost $")
    for delta in deltas[:_SHOWN_TAGS]:
        table.add_row(
            delta.tag,
            str(delta.samples),
            f"{delta.before:.1%}",
            f"{delta.after:.1%}",
            str(delta.lost),
            str(delta.won),
            f"{delta.ms_before:,.0f}",
            f"{delta.ms_after:,.0f}",
            _change(delta.cost_before, delta.cost_after),
        )
    if len(deltas) > _SHOWN_TAGS:
        table.caption = f"and {len(deltas) - _SHOWN_TAGS} more tags"
    return table


def _nodes(comparison: Comparison) -> Table:
    table = Table("node", "samples", "ms A", "ms B", "change", "share of B")
    for delta in (delta for delta in comparison.by_node() if delta.share_after >= _SHOWN_SHARE):
        ratio = delta.ms_after / delta.ms_before if delta.ms_before else None
        table.add_row(
            delta.node,
            str(delta.samples),
            f"{delta.ms_before:,.1f}",
            f"{delta.ms_after:,.1f}",
            _times(ratio),
            f"{delta.share_after:.0%}",
        )
    return table


def _cost_moved(delta: TagDelta) -> bool:
    """A tenth: less is the length of prose."""
    highest = max(delta.cost_before, delta.cost_after)
    return abs(delta.cost_after - delta.cost_before) > _MOVED * highest


def _change(before: float, after: float) -> str:
    return f"{after - before:+.4f}" if before or after else ""


def _print_flip(console: Console, word: str, pair: Pair, reason: str) -> None:
    console.print(f"{word} {pair.key}", highlight=False, soft_wrap=True)
    question = pair.after[0].steps[-1].question if pair.after[0].steps else ""
    console.print(f"       {question}\n       {reason}", markup=False, highlight=False)


def _totals(comparison: Comparison) -> Table:
    low, high = comparison.interval
    change = comparison.share_after - comparison.share_before
    (time_before, time_after), (cost_before, cost_after) = comparison.latency, comparison.cost
    table = Table("", "A", "B", "change")
    table.add_row(
        f"passed of {len(comparison.pairs)}",
        f"{comparison.share_before:.1%}",
        f"{comparison.share_after:.1%}",
        f"{change:+.1%} (95 %: {low:+.1%} to {high:+.1%})",
    )
    table.add_row(
        "flips",
        "",
        "",
        f"{len(comparison.lost)} lost, {len(comparison.won)} won, p = {comparison.p:.3g}",
    )
    table.add_row(
        "median ms",
        f"{time_before:,.0f}",
        f"{time_after:,.0f}",
        _times(comparison.latency_ratio),
    )
    table.add_row(
        "cost $", f"{cost_before:.4f}", f"{cost_after:.4f}", _times(comparison.cost_ratio)
    )
    return table


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"x {ratio:.2f}"
