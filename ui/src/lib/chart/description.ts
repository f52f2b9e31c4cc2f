/** A chart in words, for whoever cannot see it. */
import type { ChartSeries, ChartSpec } from '../api/schemas'
import { formatNumber } from '../text/format'
import { pointLabeler } from './labels'

const KINDS: Record<ChartSpec['type'], string> = {
  bar: 'Bar chart',
  line: 'Line chart',
  area: 'Area chart',
  pie: 'Pie chart',
  scatter: 'Scatter chart',
  number: 'Number',
}

/** What is drawn, how many points, and the lowest and highest of each series. */
export function describeChart(spec: ChartSpec): string {
  const points = `${String(spec.data.length)} ${spec.data.length === 1 ? 'point' : 'points'}`
  const extremes = spec.series.map((series) => describeSeries(spec, series))
  return [`${KINDS[spec.type]}: ${spec.title}, ${points}.`, ...extremes].join(' ').trim()
}

function describeSeries(spec: ChartSpec, series: ChartSeries): string {
  const labelOf = pointLabeler(spec)
  const points = spec.data.flatMap((point) => {
    const value = point[series.field]
    return typeof value === 'number' ? [{ at: labelOf(point[spec.x] ?? null), value }] : []
  })
  const [first] = points
  if (!first) return ''
  const lowest = points.reduce((best, point) => (point.value < best.value ? point : best), first)
  const highest = points.reduce((best, point) => (point.value > best.value ? point : best), first)
  const unit = series.unit || spec.unit
  return (
    `${series.label}: highest ${formatNumber(highest.value, unit)} at ${highest.at}, ` +
    `lowest ${formatNumber(lowest.value, unit)} at ${lowest.at}.`
  )
}
