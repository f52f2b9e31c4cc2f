/** A stand-in for the service: serves the built UI under its policy and replays scripted runs. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'

import { capabilities } from './content.mjs'
import { scriptFor } from './scenarios.mjs'

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))

const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'",
  "img-src 'self' data:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css',
  '.svg': 'image/svg+xml', '.woff2': 'font/woff2',
}

/**
 * @param {{speed?: number}} options `speed` 2 halves every pause.
 * @returns {import('node:http').Server & {requests: object[]}} `requests` holds each query's body.
 */
export function createMock({ speed = 1 } = {}) {
  const requests = []
  const server = createServer((request, response) => {
    route(request, response).catch((error) => {
      response.destroy(error)
    })
  })
  return Object.assign(server, { requests })

  async function route(request, response) {
    const { pathname } = new URL(request.url, 'http://mock')
    if (request.method === 'POST' && pathname === '/query') return query(request, response)
    if (pathname === '/capabilities') return json(response, 200, capabilities)
    return serveFile(response, pathname === '/' ? '/index.html' : pathname)
  }

  async function query(request, response) {
    const body = JSON.parse(await text(request))
    requests.push(body)
    const script = scriptFor(body)
    if (!script) return json(response, 422, unusable, 'application/problem+json')
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    await replay(script, response)
  }

  async function replay(script, response) {
    let id = 0
    for (const line of script) {
      if (response.destroyed) return
      if (line.cut) return void response.destroy()
      if (line.wait) await sleep(line.wait / speed)
      else response.write(`id: ${String(++id)}\ndata: ${JSON.stringify(line)}\n\n`)
    }
    response.end()
  }
}

const unusable = {
  type: 'about:blank', title: 'The question cannot be read', status: 422,
  detail: 'The question has no word that can be read. Ask in a sentence.',
  code: 'unusable_question', correlation_id: 'c0ffee-42',
}

async function text(request) {
  const parts = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

function json(response, status, body, type = 'application/json') {
  response.writeHead(status, { 'content-type': type })
  response.end(JSON.stringify(body))
}

async function serveFile(response, pathname) {
  const path = join(DIST, normalize(pathname))
  const file = path.startsWith(DIST) ? await readFile(path).catch(() => null) : null
  if (!file) return json(response, 404, { title: 'Not found', status: 404 })
  response.writeHead(200, {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'content-security-policy': POLICY,
  })
  response.end(file)
}
