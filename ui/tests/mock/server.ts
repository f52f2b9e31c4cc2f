/** A stand-in for the service: serves the built UI under its policy and replays scripted runs. */
import { readFile } from 'node:fs/promises'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Problem, QueryRequest } from '../../src/lib/api/schemas'
import { capabilities } from './content.ts'
import { RUN, THREAD } from './events.ts'
import { MockRun } from './runs.ts'
import { scriptFor } from './scenarios.ts'

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))

const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'",
  "img-src 'self' data:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css',
  '.svg': 'image/svg+xml', '.woff2': 'font/woff2',
}

/** `requests` holds each query's body, in order; `goOn` ends a hold of the latest run. */
export type Mock = Server & { requests: QueryRequest[]; goOn: () => void }

/** `speed` 2 halves every pause; `isHeld` has holds last until `goOn`. */
export function createMock({ speed = 1, isHeld = false } = {}): Mock {
  const requests: QueryRequest[] = []
  const runs = new Map<string, MockRun>()
  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      response.destroy(error as Error)
    })
  })
  return Object.assign(server, { requests, goOn: () => runs.get(RUN)?.goOn() })

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '', 'http://mock')
    const [, room = '', id = '', action = ''] = pathname.split('/')
    if (pathname === '/query') await query(request, response)
    else if (room === 'runs') follow(id, action, request, response)
    else if (room === 'threads' && id) json(response, 404, unknown, 'application/problem+json')
    else if (BODIES[room]) json(response, 200, BODIES[room])
    else await serveFile(response, pathname)
  }

  async function query(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await text(request)) as QueryRequest
    requests.push(body)
    const script = scriptFor(body)
    if (!script) {
      json(response, 422, unusable, 'application/problem+json')
      return
    }
    const run = new MockRun(script, speed, isHeld)
    runs.set(RUN, run)
    run.follow(response, 0)
    await run.play()
  }

  function follow(id: string, action: string, request: IncomingMessage, response: ServerResponse): void {
    const run = runs.get(id)
    if (!run) {
      json(response, 404, unknown, 'application/problem+json')
    } else if (action === 'cancel') {
      run.cancel()
      json(response, 202, { run_id: id, thread_id: THREAD })
    } else {
      run.follow(response, Number(request.headers['last-event-id'] ?? 0))
    }
  }
}

const BODIES: Record<string, unknown> = {
  capabilities,
  feedback: {},
  threads: { threads: [], next_cursor: null },
}

const unknown: Problem = {
  type: 'about:blank', title: 'Not found', status: 404, detail: 'There is no such thing here.',
  code: 'not_found', correlation_id: 'c0ffee-43',
}

const unusable: Problem = {
  type: 'about:blank', title: 'The question cannot be read', status: 422,
  detail: 'The question has no word that can be read. Ask in a sentence.',
  code: 'unusable_question', correlation_id: 'c0ffee-42',
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of request) parts.push(part as Uint8Array)
  return Buffer.concat(parts).toString('utf8')
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  type = 'application/json',
): void {
  response.writeHead(status, { 'content-type': type })
  response.end(JSON.stringify(body))
}

async function serveFile(response: ServerResponse, pathname: string): Promise<void> {
  const path = join(DIST, pathname === '/' ? 'index.html' : normalize(pathname))
  const file = path.startsWith(DIST) ? await readFile(path).catch(() => null) : null
  if (!file) {
    json(response, 404, { title: 'Not found', status: 404 })
    return
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'content-security-policy': POLICY,
  })
  response.end(file)
}
