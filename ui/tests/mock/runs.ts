/** Runs of the stand-in: each goes on by itself, and any number of connections follow its log. */
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

import type { WireEvent } from '../../src/lib/api/events'
import { type Line, answer, finished } from './events.ts'

export class MockRun {
  readonly events: WireEvent[] = []
  isEnded = false
  #followers = new Set<ServerResponse>()
  #isCancelled = false
  #permits = 0
  #released = (): void => undefined

  /** `isHeld`: holds last until `goOn`, one each. */
  constructor(
    readonly script: Line[],
    readonly speed: number,
    readonly isHeld: boolean,
  ) {}

  async play(): Promise<void> {
    for (const line of this.script) {
      if (this.#isCancelled) break
      if ('cut' in line) this.#cut()
      else if ('hold' in line) await this.#hold(line.hold)
      else if ('wait' in line) await sleep(line.wait / this.speed)
      else this.#add(line)
    }
    if (this.#isCancelled) this.#add(finished(answer('cancelled'), { type: 'cancelled' }))
    this.isEnded = true
    for (const follower of this.#followers) follower.end()
  }

  cancel(): void {
    this.#isCancelled = true
    this.#released()
  }

  goOn(): void {
    this.#permits += 1
    this.#released()
  }

  async #hold(ms: number): Promise<void> {
    if (!this.isHeld) await sleep(ms)
    else if (this.#permits === 0) await new Promise<void>((resolve) => { this.#released = resolve })
    this.#permits -= 1
  }

  follow(response: ServerResponse, last: number): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    this.events.slice(last).forEach((event, at) => response.write(frame(event, last + at + 1)))
    if (this.isEnded) response.end()
    else this.#followers.add(response)
    response.on('close', () => this.#followers.delete(response))
  }

  #add(event: WireEvent): void {
    this.events.push(event)
    for (const follower of this.#followers) follower.write(frame(event, this.events.length))
  }

  /** The connections break; the run goes on. */
  #cut(): void {
    for (const follower of this.#followers) follower.destroy()
    this.#followers.clear()
  }
}

const frame = (event: WireEvent, number: number): string =>
  `id: ${String(number)}\ndata: ${JSON.stringify(event)}\n\n`
