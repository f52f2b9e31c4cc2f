import type { Attachment } from 'svelte/attachments'

import type { ChartSpec } from '../api/schemas'
import { preferences } from '../preferences/preferences.svelte'
import { chartHeight } from './height'

interface Progress {
  onDrawn: () => void
  onFailed: () => void
}

/** Draws `spec` into the element; the chart library is loaded with the first chart. */
export function chart(spec: ChartSpec, { onDrawn, onFailed }: Progress): Attachment<HTMLElement> {
  return (element) => {
    // Drawn anew when the reader changes theme, language or numbers.
    preferences()
    const detached = new AbortController()
    element.style.height = `${String(chartHeight(spec))}px`
    import('./draw').then(({ draw }) => {
      if (detached.signal.aborted) return
      draw(element, spec, detached.signal)
      onDrawn()
    }, onFailed)
    return () => {
      detached.abort()
    }
  }
}
