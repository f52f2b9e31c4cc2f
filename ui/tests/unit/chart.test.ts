import { describe, expect, it } from 'vitest'

import type { ChartSpec } from '../../src/lib/api/schemas'
import { describeChart } from '../../src/lib/chart/description'
import { chartHeight } from '../../src/lib/chart/height'
import { pointLabeler, unitOf } from '../../src/lib/chart/labels'
import { toOptions } from '../../src/lib/chart/options'
import { toTable } from '../../src/lib/chart/table'
import { branchChart, groupChart, monthChart, shareChart, totalChart } from '../mock/content'

const theme = {
  series: ['#00afaf', '#2c3178'],
  text: '#000',
  muted: '#555',
  line: '#ddd',
  surface: '#fff',
  font: 'sans-serif',
}

const options = (spec: ChartSpec): Record<string, unknown> =>
  toOptions(spec, theme, 700) as Record<string, unknown>

describe('labels of points', () => {
  const labels = (...times: string[]): string[] => {
    const data = times.map((at) => ({ at, n: 1 }))
    const labelOf = pointLabeler({ ...monthChart, x: 'at', data })
    return times.map((time) => labelOf(time))
  }

  it.each([
    [['2024-01-01', '2025-01-01'], ['2024', '2025']],
    [['2025-01-01', '2025-02-01'], ['Jan 2025', 'Feb 2025']],
    [['2025-01-01 00:00:00', '2025-02-01 00:00:00'], ['Jan 2025', 'Feb 2025']],
    [['2025-01-06', '2025-01-13'], ['6 Jan 2025', '13 Jan 2025']],
    [['2025-Q1', '2025-Q2'], ['2025-Q1', '2025-Q2']],
  ])('%j reads %j', (times, expected) => {
    expect(labels(...times)).toEqual(expected)
  })

  it('shows hours where times have them', () => {
    expect(labels('2025-01-06T13:00:00', '2025-01-06T14:00:00')[1]).toBe('6 Jan, 14:00')
  })
})

describe('the table beside a chart', () => {
  it('has every point and every series', () => {
    const table = toTable(groupChart)
    expect(table.columns.map(({ label }) => label)).toEqual(['Month', 'Children', 'Adults', 'Seniors'])
    expect(table.rows).toHaveLength(6)
    expect(table.rows[0]).toEqual(['Jan 2025', '61,508', '93,254', '43,651'])
  })

  it('writes units, and a dash for what is missing', () => {
    const spec = { ...shareChart, data: [{ subject: 'Fiction', share: 38.4 }, { subject: null, share: null }] }
    expect(toTable(spec).rows).toEqual([
      ['Fiction', '38.4%'],
      ['–', '–'],
    ])
  })
})

describe('a chart in words', () => {
  it('names the kind, the size and the extremes', () => {
    expect(describeChart(monthChart)).toBe(
      'Line chart: Loans by month, 6 points. ' +
        'Loans: highest 236,018 at May 2025, lowest 187,230 at Feb 2025.',
    )
  })

  it('says nothing of a series without numbers', () => {
    const spec = { ...monthChart, data: [{ month: '2025-01-01', loans: null }] }
    expect(describeChart(spec)).toBe('Line chart: Loans by month, 1 point.')
  })
})

describe('options for the chart library', () => {
  it.each([monthChart, branchChart, shareChart, groupChart])('draws the points of $title', (spec) => {
    const { series } = options(spec) as { series: { data: unknown[] }[] }
    expect(series).toHaveLength(spec.series.length)
    for (const { data } of series) expect(data).toHaveLength(spec.data.length)
  })

  it('lays horizontal bars along the y axis, the first on top', () => {
    const { yAxis, xAxis } = options(branchChart) as Record<string, Record<string, unknown>>
    expect(yAxis).toMatchObject({ type: 'category', inverse: true })
    expect(xAxis).toMatchObject({ type: 'value' })
  })

  it('labels every bar of a few, tilted where they would collide', () => {
    const upright = { ...branchChart, orientation: 'vertical' as const }
    const { xAxis } = options(upright) as Record<string, { axisLabel: object }>
    expect(xAxis?.axisLabel).toMatchObject({ interval: 0, rotate: 35 })
    const { xAxis: months } = options(monthChart) as Record<string, { axisLabel: object }>
    expect(months?.axisLabel).toMatchObject({ interval: 0, rotate: 0 })
  })

  it('pairs numbers in a scatter', () => {
    const spec: ChartSpec = {
      ...monthChart,
      type: 'scatter',
      x: 'visits',
      x_type: 'number',
      data: [{ visits: 3, loans: 5 }],
    }
    const { series } = options(spec) as { series: { data: unknown[] }[] }
    expect(series[0]?.data).toEqual([[3, 5]])
  })

  it('never lets the tooltip write HTML', () => {
    for (const spec of [monthChart, branchChart, shareChart]) {
      expect(options(spec).tooltip).toMatchObject({ renderMode: 'richText' })
    }
  })
})

it('names a unit only where all series share it', () => {
  const [first] = monthChart.series
  if (!first) throw new Error('no series')
  const series = [{ ...first, unit: 'hours' }, { ...first, field: 'visits', unit: '' }]
  expect(unitOf(shareChart)).toBe('%')
  expect(unitOf({ ...monthChart, series })).toBe('')
  expect(unitOf({ ...monthChart, unit: 'hours', series })).toBe('hours')
})

it('gives each horizontal bar its room', () => {
  expect(chartHeight(branchChart)).toBeGreaterThan(10 * 30)
  expect(chartHeight(totalChart)).toBe(320)
})
