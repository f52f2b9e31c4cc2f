/** The events of a run: asked for, followed, taken up again where they were cut. */
import { EventSourceParserStream } from 'eventsource-parser/stream'

import { send } from './client'
import { ConnectionError } from './errors'
import type { WireEvent } from './events'
import type { ChipEdit, QueryRequest } from './schemas'

/** An event and its number in the run's log. */
export interface NumberedEvent {
  number: number
  event: WireEvent
}

export type EventStream = AsyncGenerator<NumberedEvent>

/** The service says something at least every 15 seconds, so that silence is a dead connection. */
const SILENCE_MS = 45_000

/**
 * Asks a question and yields the run's events in order.
 *
 * Ends after the run's last event. Aborting `signal` ends it with an `AbortError`.
 *
 * @throws ServiceError when the request is refused before the first event.
 * @throws ConnectionError when the service cannot be reached or the stream is cut.
 */
export function streamQuery(body: QueryRequest, signal: AbortSignal, baseUrl = ''): EventStream {
  return open('/query', { method: 'POST', body }, signal, baseUrl)
}

/** The events of a run that was begun before, those after `last` only; then what comes. */
export function followRun(run: string, last: number, signal: AbortSignal, baseUrl = ''): EventStream {
  const headers = { 'last-event-id': String(last) }
  return open(`/runs/${encodeURIComponent(run)}/events`, { headers }, signal, baseUrl)
}

/** Runs a question again with SQL of the analyst's. */
export function rerunWithSql(run: string, sql: string, signal: AbortSignal, baseUrl = ''): EventStream {
  const path = `/runs/${encodeURIComponent(run)}/rerun`
  return open(path, { method: 'POST', body: { sql } }, signal, baseUrl)
}

/** Runs a question again with parts of its SQL changed. */
export function rerunWithChips(run: string, edits: ChipEdit[], signal: AbortSignal, baseUrl = ''): EventStream {
  const path = `/runs/${encodeURIComponent(run)}/chips`
  return open(path, { method: 'POST', body: { edits } }, signal, baseUrl)
}

async function* open(
  path: string,
  sending: { method?: 'POST'; body?: unknown; headers?: Record<string, string> },
  signal: AbortSignal,
  baseUrl: string,
): EventStream {
  const headers = { ...sending.headers, accept: 'text/event-stream' }
  const silence = new AbortController()
  const either = AbortSignal.any([signal, silence.signal])
  const response = await send(path, { ...sending, headers, signal: either, baseUrl })
  if (!response.body) throw new ConnectionError('cut')
  yield* readEvents(response.body, signal, silence)
}

async function* readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
  silence: AbortController,
): EventStream {
  let listening: ReturnType<typeof setTimeout> | undefined
  const hear = (): void => {
    clearTimeout(listening)
    listening = setTimeout(() => { silence.abort() }, SILENCE_MS)
  }
  const messages = body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ onComment: hear }))
    .getReader()
  hear()
  try {
    for (;;) {
      const { done, value } = await messages.read()
      hear()
      signal.throwIfAborted()
      if (done) throw new ConnectionError('cut')
      const event = JSON.parse(value.data) as WireEvent
      yield { number: Number(value.id ?? 0), event }
      if (event.type === 'RUN_FINISHED' || event.type === 'RUN_ERROR') return
    }
  } catch (error) {
    signal.throwIfAborted()
    throw isCut(error) ? new ConnectionError('cut') : error
  } finally {
    clearTimeout(listening)
    messages.cancel().catch(() => undefined)
  }
}

/** How a broken connection, a half-sent event and a silence that was ended show themselves. */
function isCut(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    error instanceof SyntaxError ||
    (error instanceof DOMException && error.name === 'AbortError')
  )
}
