/** The colours of charts, read from the same tokens as the page. */
export interface ChartTheme {
  series: string[]
  text: string
  muted: string
  line: string
  surface: string
  font: string
}

export function readTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element)
  const token = (name: string): string => style.getPropertyValue(name).trim()
  return {
    series: Array.from({ length: 8 }, (_, index) => token(`--chart-${String(index + 1)}`)),
    text: token('--text'),
    muted: token('--text-muted'),
    line: token('--line'),
    surface: token('--surface'),
    font: token('--font-text'),
  }
}
