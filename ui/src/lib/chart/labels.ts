/** How the points of a chart are named: dates as coarse as the data is. */
import type { Cell, ChartSpec } from '../api/schemas'
import { formatCell, formatDay, formatHour, formatMonth } from '../text/format'

type Labeler = (value: Cell) => string

/** Months as `Mar 2025` where every point is the first of one, years as `2025`, else days or hours. */
export function pointLabeler(spec: ChartSpec): Labeler {
  if (spec.x_type !== 'time') return formatCell
  const times = spec.data.map((point) => point[spec.x]).filter((value) => typeof value === 'string')
  const format = timeFormat(times)
  return (value) => (typeof value === 'string' ? format(value) : formatCell(value))
}

function timeFormat(times: string[]): (isoTime: string) => string {
  const every = (pattern: RegExp): boolean => times.every((time) => pattern.test(time))
  if (every(/^\d{4}(-01(-01([T ]00:00.*)?)?)?$/) && times.length > 1) return (time) => time.slice(0, 4)
  if (every(/^\d{4}-\d{2}(-01([T ]00:00.*)?)?$/)) return formatMonth
  if (every(/^\d{4}-\d{2}-\d{2}([T ]00:00.*)?$/)) return formatDay
  return every(/^\d{4}-\d{2}-\d{2}[T ]/) ? formatHour : (time) => time
}

/** The unit of the values, where all series share one. */
export function unitOf(spec: ChartSpec): string {
  const units = new Set(spec.series.map(({ unit }) => unit || spec.unit))
  return units.size === 1 ? ([...units][0] ?? '') : ''
}
