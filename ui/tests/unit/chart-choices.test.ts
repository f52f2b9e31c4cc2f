import { describe, expect, it } from 'vitest'

import type { ChartSpec } from '../../src/lib/api/schemas'
import { toCsv } from '../../src/lib/chart/csv'
import { fittingKinds, withKind } from '../../src/lib/chart/kinds'
import { readableTimes } from '../../src/lib/chart/time-unit'
import { fileName } from '../../src/lib/download'
import { branchChart, groupChart, monthChart, shareChart, totalChart } from '../mock/content'

const numbers: ChartSpec = {
  ...monthChart,
  type: 'scatter',
  x: 'age',
  x_type: 'number',
  data: [{ age: 20, loans: 4 }, { age: 30, loans: 9 }, { age: 30, loans: 2 }],
}

describe('kinds that fit', () => {
  it.each([
    ['times', monthChart, ['bar', 'line', 'area']],
    ['categories', branchChart, ['bar']],
    ['shares of a whole', shareChart, ['bar', 'pie']],
    ['stacked times', groupChart, ['bar', 'line', 'area']],
    ['a single number', totalChart, ['number']],
    ['numbers that repeat', numbers, ['scatter']],
    ['numbers in order', { ...numbers, data: numbers.data.slice(0, 2) }, ['line', 'area', 'scatter']],
  ] as const)('%s', (_, spec, kinds) => {
    expect(fittingKinds(spec)).toEqual(kinds)
  })

  it('offers no slices for averages, negative values or shares that miss the whole', () => {
    const averages = { ...shareChart, type: 'bar' as const, unit: 'minute', series: [{ field: 'share', label: 'Time', unit: '' }] }
    expect(fittingKinds(averages)).toEqual(['bar'])
    const part = { ...shareChart, type: 'bar' as const, data: shareChart.data.slice(0, 3) }
    expect(fittingKinds(part)).toEqual(['bar'])
  })

  it('offers no area under values below zero', () => {
    const change = { ...monthChart, data: [{ month: '2025-01-01', loans: -4 }, { month: '2025-02-01', loans: 3 }] }
    expect(fittingKinds(change)).toEqual(['bar', 'line'])
  })

  it('keeps the points when the kind changes', () => {
    const bars = withKind(shareChart, 'bar')
    expect(bars).toMatchObject({ type: 'bar', orientation: 'horizontal', data: shareChart.data })
  })
})

describe('times are in a unit that is read', () => {
  const seconds = (...values: number[]): ChartSpec => ({
    ...branchChart,
    unit: 'second',
    data: values.map((value, at) => ({ branch: `B${String(at)}`, loans: value })),
  })

  it.each([
    [[1573.2, 60], 'minute', [26.22, 1]],
    [[90_000, 7200], 'hour', [25, 2]],
    [[59, 20], 'second', [59, 20]],
  ])('%j seconds are in %s', (values, unit, expected) => {
    const spec = readableTimes(seconds(...values))
    expect(spec.unit).toBe(unit)
    expect(spec.data.map(({ loans }) => Number(Number(loans).toFixed(6)))).toEqual(expected)
  })

  it('leaves every other unit alone', () => {
    expect(readableTimes(monthChart)).toBe(monthChart)
    expect(readableTimes(shareChart)).toBe(shareChart)
  })
})

describe('CSV', () => {
  it('has the exact figures, with units in the head', () => {
    expect(toCsv(shareChart).split('\r\n').slice(0, 2)).toEqual(['Subject,Share of loans (%)', 'Fiction,38.4'])
  })

  it('quotes what needs it and runs nothing as a formula', () => {
    const spec = { ...branchChart, data: [{ branch: '=HYPERLINK("x"),1', loans: null }] }
    expect(toCsv(spec)).toBe('Branch,Loans\r\n"\'=HYPERLINK(""x""),1",\r\n')
  })

  it('is named after the chart', () => {
    expect(fileName('Reach by app, “Sept”', 'csv')).toBe('reach-by-app-sept.csv')
    expect(fileName('हिन्दी', 'png')).toBe('हिन्दी.png')
  })
})
