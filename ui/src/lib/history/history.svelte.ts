import { deleteThread, fetchThreads } from '../api/threads'
import type { ThreadEntry } from '../api/schemas'

const PAUSE_MS = 200

/** The reader's conversations, the latest first, as far as they have been fetched. */
export class History {
  threads: ThreadEntry[] = $state.raw([])
  isLoading = $state(false)
  error: unknown = $state(null)
  hasMore = $state(false)

  /** What the conversations are searched for; the service looks through questions and answers. */
  search = $state('')

  #cursor: string | null = null
  #latest = 0
  #typing: ReturnType<typeof setTimeout> | undefined

  /** Fetches the first page anew. */
  async refresh(): Promise<void> {
    await this.#load(null)
  }

  async more(): Promise<void> {
    if (this.hasMore && !this.isLoading) await this.#load(this.#cursor)
  }

  /** Searches once the reader stops typing. */
  find(search: string): void {
    this.search = search
    this.isLoading = true
    clearTimeout(this.#typing)
    this.#typing = setTimeout(() => void this.refresh(), PAUSE_MS)
  }

  async remove(id: string): Promise<void> {
    await deleteThread(id)
    this.threads = this.threads.filter(({ thread_id: other }) => other !== id)
  }

  async #load(cursor: string | null): Promise<void> {
    const request = ++this.#latest
    this.isLoading = true
    try {
      const page = await fetchThreads(cursor, this.search.trim())
      if (request !== this.#latest) return
      const known = cursor === null ? [] : this.threads
      this.threads = [...known, ...page.threads]
      this.#cursor = page.next_cursor ?? null
      this.hasMore = this.#cursor !== null
      this.error = null
    } catch (error) {
      if (request === this.#latest) this.error = error
    } finally {
      if (request === this.#latest) this.isLoading = false
    }
  }
}
