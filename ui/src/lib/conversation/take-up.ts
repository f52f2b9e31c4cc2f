/** A run's events over as many connections as it takes. */
import { connection } from '../api/connection.svelte'
import { ConnectionError, ServiceError } from '../api/errors'
import type { ChipEdit, QueryRequest } from '../api/schemas'
import { type EventStream, followRun, rerunWithChips, rerunWithSql, streamQuery } from '../api/stream'

/** What begins a run; null follows one that was begun before. */
/** `said`: the edits in words. */
export type Change = { sql: string } | { edits: ChipEdit[]; said: string }
export type Beginning = { query: QueryRequest } | { rerun: string; change: Change } | null

export interface LostStream {
  /** The run's id; empty until its first event has come. */
  run: () => string
  /** The number of the last event that came. */
  last: () => number
  baseUrl: string
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 15_000
/** About five minutes of trying; a browser that comes back online tries at once. */
const TRIES = 25

/**
 * Yields each event once. A stream that is cut is taken up after its last event, as often as need be.
 *
 * @throws ConnectionError when the run had not begun, or the service stays away.
 */
export async function* takeUpAgain(
  beginning: Beginning,
  lost: LostStream,
  signal: AbortSignal,
): EventStream {
  let stream = begin(beginning, lost, signal)
  for (let tries = 0; ; tries += 1) {
    try {
      for await (const numbered of stream) {
        if (isRestarting(numbered.event)) throw new ConnectionError('cut')
        tries = 0
        yield numbered
      }
      return
    } catch (error) {
      if (signal.aborted || !lost.run() || !mayPass(error) || tries >= TRIES) throw error
      connection.isLost()
      await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries), signal)
      stream = begin(null, lost, signal)
    }
  }
}

function begin(beginning: Beginning, lost: LostStream, signal: AbortSignal): EventStream {
  if (beginning === null) return followRun(lost.run(), lost.last(), signal, lost.baseUrl)
  if ('query' in beginning) return streamQuery(beginning.query, signal, lost.baseUrl)
  const { rerun, change } = beginning
  return 'sql' in change
    ? rerunWithSql(rerun, change.sql, signal, lost.baseUrl)
    : rerunWithChips(rerun, change.edits, signal, lost.baseUrl)
}

/** A service that restarts ends its streams and goes on with their runs. */
function isRestarting(event: { type: string; code?: unknown }): boolean {
  return event.type === 'RUN_ERROR' && event.code === 'restarting'
}

function mayPass(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof ServiceError && error.status >= 502)
}

/** Ends early when the browser is back online; throws when `signal` is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiting = new AbortController()
    const end = (): void => {
      waiting.abort()
      clearTimeout(timer)
      if (signal.aborted) reject(signal.reason as Error)
      else resolve()
    }
    const timer = setTimeout(end, ms)
    const options = { signal: waiting.signal }
    signal.addEventListener('abort', end, options)
    if (typeof addEventListener === 'function') addEventListener('online', end, options)
  })
}
