import type { ChartSpec } from '../api/schemas'
import { init } from './echarts'
import { toOptions } from './options'
import { readTheme } from './theme'

/** Draws a chart and keeps it fitting, on resize and when the theme changes, until `signal`. */
export function draw(element: HTMLElement, spec: ChartSpec, signal: AbortSignal): void {
  const instance = init(element)
  const redraw = (): void => {
    instance.setOption(toOptions(spec, readTheme(element), element.clientWidth), true)
  }
  const onResize = new ResizeObserver(() => {
    instance.resize()
    redraw()
  })
  redraw()
  onResize.observe(element)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw, { signal })
  signal.addEventListener('abort', () => {
    onResize.disconnect()
    instance.dispose()
  })
}
