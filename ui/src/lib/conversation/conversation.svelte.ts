import type { ClarificationOption, QueryRequest } from '../api/schemas'
import { streamQuery } from '../api/query'
import { describeError } from '../turn/failures'
import { choose, fail, reduce, stop } from '../turn/reduce'
import { isRunning, newTurn, type Turn } from '../turn/turn'
import { load, save } from './storage'

/** One thread as this tab shows it: asks, follows the stream, stops, and survives a reload. */
export class Conversation {
  turns: Turn[] = $state.raw([])
  threadId: string | null = $state(null)

  #storage: Storage
  #baseUrl: string
  #running: AbortController | null = null

  constructor(storage: Storage, baseUrl = '') {
    this.#storage = storage
    this.#baseUrl = baseUrl
    const kept = load(storage, Date.now())
    this.turns = kept.turns
    this.threadId = kept.threadId
  }

  get current(): Turn | null {
    return this.turns.at(-1) ?? null
  }

  get isBusy(): boolean {
    return this.current !== null && isRunning(this.current)
  }

  /** Resolves when the run has ended, however it ended. */
  async ask(question: string): Promise<void> {
    if (this.isBusy) return
    const now = Date.now()
    const turn = newTurn(`${String(now)}-${String(this.turns.length)}`, question, now)
    this.turns = [...this.turns, turn]
    await this.#follow(turn.id, { question })
  }

  /** Answers the clarification of a turn; the same run goes on. */
  async resume(turn: Turn, option: ClarificationOption): Promise<void> {
    if (this.isBusy) return
    this.#replace(choose(turn, option))
    await this.#follow(turn.id, {
      question: turn.question,
      resume: { run_id: turn.runId, option_id: option.id },
    })
  }

  /** Asks a turn's question again, in its place. */
  async retry(turn: Turn): Promise<void> {
    if (this.isBusy) return
    this.turns = this.turns.filter(({ id }) => id !== turn.id)
    await this.ask(turn.question)
  }

  stop(): void {
    this.#running?.abort()
  }

  clear(): void {
    this.stop()
    this.turns = []
    this.threadId = null
    this.#keep()
  }

  async #follow(turnId: string, request: QueryRequest): Promise<void> {
    const running = new AbortController()
    this.#running = running
    this.#keep()
    const body = { ...request, thread_id: this.threadId }
    try {
      for await (const event of streamQuery(body, running.signal, this.#baseUrl)) {
        if (event.type === 'RUN_STARTED') this.threadId = event.threadId
        this.#change(turnId, (turn) => reduce(turn, event, Date.now()))
      }
    } catch (error) {
      this.#change(turnId, (turn) =>
        running.signal.aborted
          ? stop(turn, Date.now())
          : fail(turn, describeError(error), Date.now()),
      )
    }
    this.#keep()
  }

  #change(turnId: string, next: (turn: Turn) => Turn): void {
    const turn = this.turns.find(({ id }) => id === turnId)
    if (turn) this.#replace(next(turn))
  }

  #replace(next: Turn): void {
    this.turns = this.turns.map((turn) => (turn.id === next.id ? next : turn))
  }

  #keep(): void {
    save(this.#storage, { threadId: this.threadId, turns: this.turns })
  }
}
