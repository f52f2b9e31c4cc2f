import type { ChartSpec } from '../api/schemas'

/** Drawn height in CSS pixels; horizontal bars need room for each label. */
export function chartHeight(spec: ChartSpec): number {
  if (spec.type !== 'bar' || spec.orientation !== 'horizontal') return 320
  const barsPerPoint = spec.stacked ? 1 : spec.series.length
  return Math.max(180, 64 + spec.data.length * (18 + 14 * barsPerPoint))
}
