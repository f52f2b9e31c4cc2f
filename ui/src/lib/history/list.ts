/** How the list of conversations is grouped and searched. */
import type { ThreadEntry } from '../api/schemas'

export type Age = 'today' | 'yesterday' | 'week' | 'older'

const DAY_MS = 86_400_000

/** How long ago, in the reader's own calendar days. */
export function ageOf(isoTime: string, now: Date): Age {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime()
  const time = Date.parse(isoTime)
  if (time >= midnight) return 'today'
  if (time >= midnight - DAY_MS) return 'yesterday'
  return time >= midnight - 7 * DAY_MS ? 'week' : 'older'
}

/** Entries whose title holds every word of `search`, whatever its case. */
export function matching(threads: ThreadEntry[], search: string): ThreadEntry[] {
  const parts = search.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return threads.filter(({ title }) => {
    const text = title.toLocaleLowerCase()
    return parts.every((part) => text.includes(part))
  })
}
