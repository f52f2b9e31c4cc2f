/** Which kinds of chart tell the truth about the same points. */
import type { ChartSpec } from '../api/schemas'

export type Kind = ChartSpec['type']

const MOST_SLICES = 8

/** The kinds to choose from, the given one among them; fewer than two is no choice. */
export function fittingKinds(spec: ChartSpec): Kind[] {
  if (spec.type === 'number' || spec.data.length < 2) return [spec.type]
  const fits: [Kind, boolean][] = [
    ['bar', spec.x_type !== 'number' || spec.type === 'bar'],
    ['line', isOrdered(spec)],
    ['area', isOrdered(spec) && isNonNegative(spec) && (spec.stacked || spec.series.length === 1)],
    ['pie', isWhole(spec)],
    ['scatter', spec.x_type === 'number'],
  ]
  return fits.filter(([kind, fit]) => fit || kind === spec.type).map(([kind]) => kind)
}

/** The same points as another kind; what the old kind alone could carry is left out. */
export function withKind(spec: ChartSpec, kind: Kind): ChartSpec {
  if (kind === spec.type) return spec
  const areUnordered = spec.x_type === 'category' && spec.data.length > 4
  return { ...spec, type: kind, orientation: kind === 'bar' && areUnordered ? 'horizontal' : 'vertical' }
}

/** A line joins neighbours: times, or numbers of which each comes once and in order. */
function isOrdered(spec: ChartSpec): boolean {
  if (spec.x_type === 'time') return true
  if (spec.x_type !== 'number') return false
  const places = spec.data.map((point) => point[spec.x])
  return places.every((place, at) => {
    const before = places[at - 1]
    return at === 0 || (typeof place === 'number' && typeof before === 'number' && place > before)
  })
}

/** Slices are shares of a whole, which only percentages that add up are known to be. */
function isWhole(spec: ChartSpec): boolean {
  const [series, ...others] = spec.series
  if (!series || others.length > 0 || spec.data.length > MOST_SLICES || !isNonNegative(spec)) return false
  const total = valuesOf(spec).reduce((sum, value) => sum + value, 0)
  return (series.unit || spec.unit) === '%' && Math.abs(total - 100) <= 1
}

const isNonNegative = (spec: ChartSpec): boolean => valuesOf(spec).every((value) => value >= 0)

function valuesOf(spec: ChartSpec): number[] {
  return spec.data.flatMap((point) =>
    spec.series.flatMap(({ field }) => {
      const value = point[field]
      return typeof value === 'number' ? [value] : []
    }),
  )
}
