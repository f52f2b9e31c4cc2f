/** Usage as charts: by day, by user, by model. */
import type { ChartSpec, UsageEntry } from '../api/schemas'

export const MEASURES = ['runs', 'cost_usd', 'tokens', 'bytes_scanned'] as const
export type Measure = (typeof MEASURES)[number]

const MOST_BARS = 20
const MOST_DAYS = 50

export function amount(entry: UsageEntry, measure: Measure): number {
  return measure === 'tokens' ? entry.tokens_in + entry.tokens_out : entry[measure]
}

interface Labels {
  title: string
  measure: string
}

/** One point a day, the days without use among them. */
export function byDay(entries: UsageEntry[], measure: Measure, { title, measure: label }: Labels): ChartSpec {
  const sums = sumBy(entries, measure, ({ day }) => day)
  const data = [...sums].sort(([a], [b]) => a.localeCompare(b)).slice(-MOST_DAYS)
  return spec('time', title, label, measure, data)
}

export function byKey(
  entries: UsageEntry[],
  measure: Measure,
  keyOf: (entry: UsageEntry) => string,
  { title, measure: label }: Labels,
): ChartSpec {
  const sums = [...sumBy(entries, measure, keyOf)].sort(([, a], [, b]) => b - a)
  return spec('category', title, label, measure, sums.slice(0, MOST_BARS))
}

function sumBy(entries: UsageEntry[], measure: Measure, keyOf: (entry: UsageEntry) => string): Map<string, number> {
  const sums = new Map<string, number>()
  for (const entry of entries) {
    const key = keyOf(entry)
    sums.set(key, (sums.get(key) ?? 0) + amount(entry, measure))
  }
  return sums
}

function spec(
  xType: 'time' | 'category',
  title: string,
  label: string,
  measure: Measure,
  points: [string, number][],
): ChartSpec {
  return {
    type: 'bar',
    title,
    x: 'key',
    x_type: xType,
    x_label: '',
    series: [{ field: 'value', label, unit: '' }],
    unit: measure === 'cost_usd' ? '$' : '',
    orientation: xType === 'time' ? 'vertical' : 'horizontal',
    stacked: false,
    data: points.map(([key, value]) => ({ key, value })),
  }
}
