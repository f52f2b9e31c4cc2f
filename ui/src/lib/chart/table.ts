/** A chart's points as a table: the same figures for eyes and for screen readers. */
import type { Cell, ChartSpec } from '../api/schemas'
import { formatCell } from '../text/format'
import { pointLabeler } from './labels'

export interface DataTable {
  columns: { label: string; isNumber: boolean }[]
  rows: string[][]
}

export function toTable(spec: ChartSpec): DataTable {
  const measures = spec.series.map(({ field, label, unit }) => ({
    field,
    label,
    format: (value: Cell) => formatCell(value, unit || spec.unit),
    isNumber: true,
  }))
  const dimension = {
    field: spec.x,
    label: spec.x_label || spec.x,
    format: pointLabeler(spec),
    isNumber: spec.x_type === 'number',
  }
  const fields = spec.x ? [dimension, ...measures] : measures
  return {
    columns: fields.map(({ label, isNumber }) => ({ label, isNumber })),
    rows: spec.data.map((point) =>
      fields.map(({ field, format }) => format(point[field] ?? null)),
    ),
  }
}
