import { cancelRun } from '../api/cancel'
import { giveFeedback } from '../api/feedback'
import { ServiceError } from '../api/errors'
import type { ClarificationOption, QueryRequest, Rating } from '../api/schemas'
import { fetchThread } from '../api/threads'
import { describeError } from '../turn/failures'
import { fromThread } from '../turn/from-thread'
import { choose, fail, reduce, stop } from '../turn/reduce'
import { begunAgain, isRunning, newTurn, type Turn } from '../turn/turn'
import { load, save } from './storage'
import type { Beginning, Change, LostStream } from './take-up'

/** One thread as this tab shows it: asks, follows the stream to its end, stops, survives a reload. */
export class Conversation {
  turns: Turn[] = $state.raw([])
  threadId: string | null = $state(null)
  /** Why a conversation that was asked for could not be shown. */
  loadError: unknown = $state(null)
  isLoading = $state(false)

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
    const turn = this.#add(question)
    await this.#request(turn.id, { question })
  }

  /** Answers the clarification of a turn; the same run goes on. */
  async resume(turn: Turn, option: ClarificationOption): Promise<void> {
    if (this.isBusy) return
    this.#replace(choose(turn, option))
    await this.#request(turn.id, {
      question: turn.question,
      resume: { run_id: turn.runId, option_id: option.id },
    })
  }

  /** Asks a turn's question again: in its place where nothing came of it. */
  async retry(turn: Turn): Promise<void> {
    if (this.isBusy) return
    if (turn.phase !== 'answered') this.turns = this.turns.filter(({ id }) => id !== turn.id)
    await this.ask(turn.question)
  }

  /** Runs a turn's question again with SQL or parts of it changed. */
  async rerun(turn: Turn, change: Change): Promise<void> {
    if (this.isBusy) return
    const next = this.#add(turn.question, 'said' in change ? change.said : '')
    await this.#follow(next.id, { rerun: turn.runId, change })
  }

  /** Stops the run in the service; its own last event then ends the turn. */
  async stop(): Promise<void> {
    const turn = this.current
    if (!turn || !this.isBusy) return
    if (!turn.runId) {
      this.#running?.abort()
      return
    }
    this.#replace({ ...turn, isStopping: true })
    await cancelRun(turn.runId, this.#baseUrl).catch(() => this.#running?.abort())
  }

  async rate(turn: Turn, rating: Rating, comment: string): Promise<void> {
    await giveFeedback(turn.runId, rating, comment, this.#baseUrl)
    this.#change(turn.id, (present) => ({ ...present, rating }))
    this.#keep()
  }

  clear(): void {
    this.#leave()
    this.turns = []
    this.threadId = null
    this.#keep()
  }

  /** Shows a conversation; what goes on in it is followed. Nothing changes where it is shown already. */
  async open(threadId: string): Promise<void> {
    if (threadId === this.threadId) {
      await this.takeUp()
      return
    }
    this.clear()
    this.threadId = threadId
    this.isLoading = true
    try {
      const thread = await fetchThread(threadId, this.#baseUrl)
      if (this.threadId !== threadId) return
      this.turns = thread.turns.map((turn) => fromThread(turn, threadId))
      this.#keep()
      void this.takeUp()
    } catch (error) {
      if (this.threadId !== threadId) return
      this.loadError = error
      this.threadId = null
    } finally {
      this.isLoading = false
    }
  }

  /** Follows the run that was under way when the page was left. */
  async takeUp(): Promise<void> {
    const turn = this.current
    if (!turn?.runId || !isRunning(turn) || this.#running) return
    this.#replace(begunAgain(turn, Date.now()))
    await this.#follow(turn.id, null)
  }

  /** Stops listening; the run itself goes on. */
  #leave(): void {
    this.#running?.abort()
    this.#running = null
    this.loadError = null
  }

  #add(question: string, change: string | null = null): Turn {
    const now = Date.now()
    const turn = { ...newTurn(`${String(now)}-${String(this.turns.length)}`, question, now), change }
    this.turns = [...this.turns, turn]
    return turn
  }

  #request(turnId: string, request: QueryRequest): Promise<void> {
    return this.#follow(turnId, { query: { ...request, thread_id: this.threadId } })
  }

  async #follow(turnId: string, beginning: Beginning): Promise<void> {
    const running = new AbortController()
    this.#running = running
    this.#keep()
    const lost: LostStream = {
      run: () => this.#find(turnId)?.runId ?? '',
      last: () => this.#find(turnId)?.lastEvent ?? 0,
      baseUrl: this.#baseUrl,
    }
    try {
      const { takeUpAgain } = await import('./take-up')
      for await (const { number, event } of takeUpAgain(beginning, lost, running.signal)) {
        if (event.type === 'RUN_STARTED') this.threadId = event.threadId
        this.#change(turnId, (turn) => ({ ...reduce(turn, event, Date.now()), lastEvent: number }))
        if (event.type === 'RUN_STARTED') this.#keep()
      }
    } catch (error) {
      this.#end(turnId, running.signal.aborted ? null : error)
    }
    if (this.#running !== running) return
    this.#running = null
    this.#keep()
  }

  #end(turnId: string, error: unknown): void {
    const isGone = error instanceof ServiceError && error.status === 404
    this.#change(turnId, (turn) =>
      error === null || (isGone && turn.runId)
        ? stop(turn, Date.now())
        : fail(turn, describeError(error), Date.now()),
    )
  }

  #find(turnId: string): Turn | undefined {
    return this.turns.find(({ id }) => id === turnId)
  }

  #change(turnId: string, next: (turn: Turn) => Turn): void {
    const turn = this.#find(turnId)
    if (turn) this.#replace(next(turn))
  }

  #replace(next: Turn): void {
    this.turns = this.turns.map((turn) => (turn.id === next.id ? next : turn))
  }

  #keep(): void {
    save(this.#storage, { threadId: this.threadId, turns: this.turns })
  }
}
