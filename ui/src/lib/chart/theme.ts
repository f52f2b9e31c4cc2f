/** The colours of charts, read from the same tokens as the page. */
export interface ChartTheme {
  series: string[]
  text: string
  muted: string
  line: string
  surface: string
  font: string
}

/** As they are on `element` now. A token holds a light and a dark value, so that only a used one is a colour. */
export function readTheme(element: Element): ChartTheme {
  const probe = element.ownerDocument.createElement('span')
  element.append(probe)
  const color = (token: string): string => {
    probe.style.color = `var(${token})`
    return getComputedStyle(probe).color
  }
  const theme = {
    series: Array.from({ length: 8 }, (_, index) => color(`--chart-${String(index + 1)}`)),
    text: color('--text'),
    muted: color('--text-muted'),
    line: color('--line'),
    surface: color('--surface'),
    font: getComputedStyle(element).fontFamily,
  }
  probe.remove()
  return theme
}
