/** A chart in words, for whoever cannot see it. */
import type { ChartSeries, ChartSpec } from '../api/schemas'
import { words } from '../strings/language.svelte'
import { formatNumber } from '../text/format'
import { pointLabeler } from './labels'

/** What is drawn, how many points, and the lowest and highest of each series. */
export function describeChart(spec: ChartSpec): string {
  const { kinds, points } = words().chart
  const extremes = spec.series.map((series) => describeSeries(spec, series))
  return [`${kinds[spec.type]}: ${spec.title}, ${points(spec.data.length)}.`, ...extremes].join(' ').trim()
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
  return words().chart.extremes(
    series.label,
    formatNumber(highest.value, unit),
    highest.at,
    formatNumber(lowest.value, unit),
    lowest.at,
  )
}
