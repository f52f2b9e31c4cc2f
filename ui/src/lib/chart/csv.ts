/** The points of a chart as CSV (RFC 4180), exact and without locale: the figures a spreadsheet reads. */
import type { Cell, ChartSpec } from '../api/schemas'

/** Text that a spreadsheet would run as a formula. */
const FORMULA = /^[=+\-@\t\r]/

export function toCsv(spec: ChartSpec): string {
  const measures = spec.series.map(({ field, label, unit }) => ({ field, label: withUnit(label, unit || spec.unit) }))
  const columns = spec.x ? [{ field: spec.x, label: spec.x_label || spec.x }, ...measures] : measures
  const rows = spec.data.map((point) => columns.map(({ field }) => toField(point[field] ?? null)))
  const lines = [columns.map(({ label }) => toField(label)), ...rows]
  return lines.map((fields) => `${fields.join(',')}\r\n`).join('')
}

const withUnit = (label: string, unit: string): string => (unit ? `${label} (${unit})` : label)

function toField(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
