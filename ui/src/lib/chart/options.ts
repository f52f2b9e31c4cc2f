/** Our closed chart description to ECharts options: nothing in a spec is ever run as code. */
import type { EChartsCoreOption } from 'echarts/core'

import type { ChartSeries, ChartSpec } from '../api/schemas'
import { formatCompact, formatNumber } from '../text/format'
import { pointLabeler, unitOf } from './labels'
import type { ChartTheme } from './theme'

type Options = Record<string, unknown>

/** Up to here every point is labelled, tilted where need be. */
const ALL_LABELS = 12

/** `width` in CSS pixels: labels are laid out for it. */
export function toOptions(spec: ChartSpec, theme: ChartTheme, width: number): EChartsCoreOption {
  const shared = {
    color: theme.series,
    textStyle: { fontFamily: theme.font, color: theme.muted },
    animationDuration: 500,
    animationEasing: 'cubicOut' as const,
  }
  return { ...shared, ...(spec.type === 'pie' ? pie(spec, theme) : cartesian(spec, theme, width)) }
}

function cartesian(spec: ChartSpec, theme: ChartTheme, width: number): Options {
  const isHorizontal = spec.type === 'bar' && spec.orientation === 'horizontal'
  const points = pointAxis(spec, theme, width, isHorizontal)
  // A single set of horizontal bars carries its values at their ends.
  const values = isHorizontal && spec.series.length === 1 ? { type: 'value', show: false, max: 'dataMax' } : valueAxis(spec, theme)
  return {
    tooltip: { ...tooltip(spec, theme), trigger: spec.type === 'scatter' ? 'item' : 'axis' },
    legend: legend(spec, theme),
    grid: {
      left: 4,
      right: isHorizontal ? 56 : 8,
      top: spec.series.length > 1 ? 40 : 16,
      bottom: 4,
      containLabel: true,
    },
    xAxis: isHorizontal ? values : points,
    yAxis: isHorizontal ? points : values,
    series: spec.series.map((series) => cartesianSeries(spec, series, isHorizontal, theme)),
  }
}

function pointAxis(
  spec: ChartSpec,
  theme: ChartTheme,
  width: number,
  isHorizontal: boolean,
): Options {
  const shared = {
    axisLine: { lineStyle: { color: theme.line } },
    axisTick: { show: false },
    axisLabel: { color: theme.muted, fontSize: 12, hideOverlap: true },
    splitLine: { show: false },
  }
  const labels = pointLabels(spec)
  if (spec.x_type === 'number' && spec.type !== 'bar') return { ...shared, type: 'value', scale: true }
  return {
    ...shared,
    type: 'category',
    data: labels,
    boundaryGap: spec.type === 'bar',
    inverse: isHorizontal,
    axisLabel: {
      ...shared.axisLabel,
      width: isHorizontal ? Math.min(190, width * 0.34) : undefined,
      overflow: isHorizontal ? 'truncate' : undefined,
      interval: isHorizontal || labels.length <= ALL_LABELS ? 0 : 'auto',
      rotate: needsTilt(spec, labels, width, isHorizontal) ? 35 : 0,
    },
  }
}

function needsTilt(
  spec: ChartSpec,
  labels: string[],
  width: number,
  isHorizontal: boolean,
): boolean {
  if (isHorizontal || (spec.x_type === 'time' && labels.length > ALL_LABELS)) return false
  const longest = Math.max(0, ...labels.map((label) => label.length))
  return longest * labels.length * 7 > width
}

function pointLabels(spec: ChartSpec): string[] {
  const labelOf = pointLabeler(spec)
  return spec.data.map((point) => labelOf(point[spec.x] ?? null))
}

function valueAxis(spec: ChartSpec, theme: ChartTheme): Options {
  return {
    type: 'value',
    scale: spec.type === 'line' || spec.type === 'scatter',
    splitNumber: 4,
    splitLine: { lineStyle: { color: theme.line, type: [2, 4] } },
    axisLabel: {
      color: theme.muted,
      fontSize: 12,
      hideOverlap: true,
      formatter: (value: number) => formatCompact(value, unitOf(spec)),
    },
  }
}

function cartesianSeries(
  spec: ChartSpec,
  series: ChartSeries,
  isHorizontal: boolean,
  theme: ChartTheme,
): Options {
  const values = spec.data.map((point) => point[series.field] ?? null)
  const isPaired = spec.x_type === 'number' && spec.type !== 'bar'
  return {
    name: series.label,
    type: spec.type === 'area' ? 'line' : spec.type,
    data: isPaired ? spec.data.map((point, at) => [point[spec.x], values[at]]) : values,
    stack: spec.stacked ? 'total' : undefined,
    ...marks(spec, isHorizontal, theme),
  }
}

function marks(spec: ChartSpec, isHorizontal: boolean, theme: ChartTheme): Options {
  if (spec.type === 'bar') {
    const radius = isHorizontal ? [0, 4, 4, 0] : [4, 4, 0, 0]
    return {
      barMaxWidth: 36,
      itemStyle: { borderRadius: spec.stacked ? 0 : radius },
      label: {
        show: isHorizontal && spec.series.length === 1,
        position: 'right',
        color: theme.text,
        fontSize: 12,
        formatter: ({ value }: { value: number }) => formatCompact(value, unitOf(spec)),
      },
    }
  }
  if (spec.type === 'scatter') return { symbolSize: 10, itemStyle: { opacity: 0.8 } }
  return {
    showSymbol: spec.data.length <= 31,
    symbol: 'circle',
    symbolSize: 6,
    lineStyle: { width: 2.5 },
    areaStyle: spec.type === 'area' ? { opacity: 0.18 } : undefined,
  }
}

function pie(spec: ChartSpec, theme: ChartTheme): Options {
  const [series] = spec.series
  const field = series?.field ?? ''
  const labels = pointLabels(spec)
  return {
    tooltip: { ...tooltip(spec, theme), trigger: 'item' },
    series: [
      {
        type: 'pie',
        name: series?.label,
        radius: ['48%', '74%'],
        itemStyle: { borderColor: theme.surface, borderWidth: 2, borderRadius: 4 },
        label: { color: theme.text, formatter: '{b}\n{d}%', lineHeight: 17, fontSize: 12 },
        labelLine: { lineStyle: { color: theme.muted } },
        data: spec.data.map((point, at) => ({ name: labels[at], value: point[field] ?? 0 })),
      },
    ],
  }
}

function tooltip(spec: ChartSpec, theme: ChartTheme): Options {
  return {
    // Drawn on the canvas: an HTML tooltip carries inline styles, which the page's policy forbids.
    renderMode: 'richText',
    confine: true,
    backgroundColor: theme.surface,
    borderColor: theme.line,
    textStyle: { color: theme.text, fontFamily: theme.font, fontSize: 13 },
    axisPointer: { type: spec.type === 'bar' ? 'shadow' : 'line', lineStyle: { color: theme.line } },
    valueFormatter: (value: unknown) =>
      typeof value === 'number' ? formatNumber(value, unitOf(spec)) : '–',
  }
}

function legend(spec: ChartSpec, theme: ChartTheme): Options {
  return {
    show: spec.series.length > 1,
    top: 0,
    left: 0,
    icon: 'roundRect',
    itemWidth: 12,
    itemHeight: 12,
    type: 'scroll',
    textStyle: { color: theme.text, fontSize: 13 },
  }
}
