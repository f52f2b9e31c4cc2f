import { EventSourceParserStream } from 'eventsource-parser/stream'

import { ConnectionError, toServiceError } from './errors'
import type { WireEvent } from './events'
import type { QueryRequest } from './schemas'

/**
 * Asks a question and yields the run's events in order.
 *
 * Ends after the run's last event. Aborting `signal` ends it with an `AbortError`.
 *
 * @throws ServiceError when the request is refused before the first event.
 * @throws ConnectionError when the service cannot be reached or the stream is cut.
 */
export async function* streamQuery(
  request: QueryRequest,
  signal: AbortSignal,
  baseUrl = '',
): AsyncGenerator<WireEvent> {
  const response = await post(`${baseUrl}/query`, request, signal)
  if (!response.ok || !response.body) throw await toServiceError(response)
  yield* readEvents(response.body, signal)
}

async function post(url: string, body: QueryRequest, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify(body),
      signal,
    })
  } catch {
    signal.throwIfAborted()
    throw new ConnectionError('unreachable')
  }
}

async function* readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
): AsyncGenerator<WireEvent> {
  const messages = body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader()
  try {
    for (;;) {
      const { done, value } = await messages.read()
      signal.throwIfAborted()
      if (done) throw new ConnectionError('cut')
      const event = JSON.parse(value.data) as WireEvent
      yield event
      if (event.type === 'RUN_FINISHED' || event.type === 'RUN_ERROR') return
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof TypeError || error instanceof SyntaxError
      ? new ConnectionError('cut')
      : error
  } finally {
    messages.cancel().catch(() => undefined)
  }
}
