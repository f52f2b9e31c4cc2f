/** Times in the unit in which they are read: 26.2 minutes, not 1,573 seconds. */
import type { ChartSeries, ChartSpec } from '../api/schemas'

const UNITS = ['second', 'minute', 'hour'] as const
const STEP = 60
/** From two of the next unit on, the next unit reads better. */
const ENOUGH = 2 * STEP

/** The spec with every time series in one unit that fits its largest value; others are untouched. */
export function readableTimes(spec: ChartSpec): ChartSpec {
  const unit = sharedUnit(spec)
  const from = UNITS.findIndex((name) => unit === name || unit === `${name}s`)
  if (from < 0) return spec
  const steps = stepsUp(largest(spec), UNITS.length - 1 - from)
  if (steps === 0) return spec
  return inUnit(spec, UNITS[from + steps] ?? unit, STEP ** steps)
}

function stepsUp(value: number, most: number): number {
  let steps = 0
  for (let rest = value; rest >= ENOUGH && steps < most; rest /= STEP) steps += 1
  return steps
}

function inUnit(spec: ChartSpec, unit: string, divisor: number): ChartSpec {
  const fields = new Set(spec.series.map(({ field }) => field))
  return {
    ...spec,
    unit,
    series: spec.series.map((series) => ({ ...series, unit })),
    data: spec.data.map((point) =>
      Object.fromEntries(
        Object.entries(point).map(([field, value]) => [
          field,
          fields.has(field) && typeof value === 'number' ? value / divisor : value,
        ]),
      ),
    ),
  }
}

function sharedUnit(spec: ChartSpec): string {
  const units = new Set(spec.series.map(({ unit }: ChartSeries) => unit || spec.unit))
  return units.size === 1 ? ([...units][0] ?? '') : ''
}

function largest(spec: ChartSpec): number {
  const values = spec.data.flatMap((point) => spec.series.map(({ field }) => point[field]))
  return values.reduce<number>(
    (most, value) => (typeof value === 'number' ? Math.max(most, Math.abs(value)) : most),
    0,
  )
}
