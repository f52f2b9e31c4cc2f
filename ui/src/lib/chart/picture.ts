/** A chart as a PNG that explains itself: title, unit and the drawing. */
import type { ChartSpec } from '../api/schemas'
import { init } from './echarts'
import { chartHeight } from './height'
import { toOptions } from './options'
import { type ChartTheme, readTheme } from './theme'

const WIDTH = 960
const HEAD = 64
const MARGIN = 24
const SCALE = 2

/** In the colours of `element`; `subtitle` may be empty. */
export async function toPicture(spec: ChartSpec, subtitle: string, element: Element): Promise<Blob> {
  const theme = readTheme(element)
  const height = chartHeight(spec)
  const chart = drawing(spec, theme, height)
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH * SCALE
  canvas.height = (height + HEAD + 2 * MARGIN) * SCALE
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('This browser cannot draw.')
  pen.scale(SCALE, SCALE)
  pen.fillStyle = theme.surface
  pen.fillRect(0, 0, WIDTH, canvas.height)
  write(pen, spec.title, `650 20px ${theme.font}`, theme.text, MARGIN + 18)
  write(pen, subtitle, `500 14px ${theme.font}`, theme.muted, MARGIN + 42)
  pen.drawImage(chart, MARGIN, MARGIN + HEAD, WIDTH - 2 * MARGIN, height)
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob)
      else reject(new Error('The picture is empty.'))
    }, 'image/png')
  })
}

function drawing(spec: ChartSpec, theme: ChartTheme, height: number): HTMLCanvasElement {
  const width = WIDTH - 2 * MARGIN
  const canvas = document.createElement('canvas')
  const instance = init(canvas, null, { width, height, devicePixelRatio: SCALE })
  instance.setOption({ ...toOptions(spec, theme, width), animation: false })
  const still = instance.renderToCanvas({ pixelRatio: SCALE, backgroundColor: theme.surface })
  instance.dispose()
  return still
}

function write(pen: CanvasRenderingContext2D, text: string, font: string, color: string, y: number): void {
  pen.font = font
  pen.fillStyle = color
  pen.fillText(text, MARGIN, y, WIDTH - 2 * MARGIN)
}
