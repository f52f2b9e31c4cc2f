/** How the list of conversations is grouped. */
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
