"""Names codes by the dictionary's words for them: `Wi-Fi`, not `WF`."""

from domain.column_type import TypeFamily
from domain.dictionary import Cell
from domain.summary import Summary, SummaryColumn


def name_codes(summary: Summary) -> Summary:
    """Replaces stored codes of dimensions by their words, where the dictionary has some."""
    if not any(column.value_labels for column in summary.columns):
        return summary
    rows = tuple(
        tuple(_named(cell, column) for cell, column in zip(row, summary.columns, strict=True))
        for row in summary.rows
    )
    columns = tuple(
        column.model_copy(update={"family": TypeFamily.TEXT}) if column.value_labels else column
        for column in summary.columns
    )
    return summary.model_copy(update={"columns": columns, "rows": rows})


def _named(cell: Cell, column: SummaryColumn) -> Cell:
    return cell if cell is None else column.value_labels.get(str(cell), cell)
