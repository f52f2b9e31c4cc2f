/** Requests to the service: JSON in and out, problems as errors. */
import { session } from '../session/session.svelte'
import { connection } from './connection.svelte'
import { ConnectionError, toServiceError } from './errors'

export interface Sending {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
  baseUrl?: string
}

/**
 * A response that the service meant as a success.
 *
 * @throws ServiceError when the service refuses.
 * @throws ConnectionError when it cannot be reached.
 */
export async function send(path: string, sending: Sending = {}): Promise<Response> {
  let response = await attempt(path, sending)
  if (response.status === 401 && (await session.renew())) response = await attempt(path, sending)
  if (response.status === 401) session.isTurnedAway()
  if (!response.ok) throw await toServiceError(response)
  connection.isFound()
  return response
}

async function attempt(path: string, sending: Sending): Promise<Response> {
  try {
    return await fetch(`${sending.baseUrl ?? ''}${path}`, toInit(sending))
  } catch {
    sending.signal?.throwIfAborted()
    throw new ConnectionError('unreachable')
  }
}

function toInit({ method = 'GET', body, headers, signal }: Sending): RequestInit {
  const { token } = session
  const accepted = {
    accept: 'application/json',
    ...(token && { authorization: `Bearer ${token}` }),
    ...headers,
  }
  if (body === undefined) return { method, headers: accepted, signal: signal ?? null }
  return {
    method,
    headers: { ...accepted, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: signal ?? null,
  }
}

/** The body of an answer; `Body` is what the OpenAPI says of this path. */
export async function request<Body>(path: string, sending: Sending = {}): Promise<Body> {
  return (await (await send(path, sending)).json()) as Body
}
