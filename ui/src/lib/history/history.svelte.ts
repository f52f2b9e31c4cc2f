import { deleteThread, fetchThreads } from '../api/threads'
import type { ThreadEntry } from '../api/schemas'

/** The reader's conversations, the latest first, as far as they have been fetched. */
export class History {
  threads: ThreadEntry[] = $state.raw([])
  isLoading = $state(false)
  error: unknown = $state(null)
  hasMore = $state(false)

  #cursor: string | null = null

  /** Fetches the first page anew. */
  async refresh(): Promise<void> {
    await this.#load(null)
  }

  async more(): Promise<void> {
    if (this.hasMore && !this.isLoading) await this.#load(this.#cursor)
  }

  /** Fetches every page: a search looks at all titles. */
  async all(): Promise<void> {
    while (this.hasMore && this.error === null) await this.more()
  }

  async remove(id: string): Promise<void> {
    await deleteThread(id)
    this.threads = this.threads.filter(({ thread_id: other }) => other !== id)
  }

  async #load(cursor: string | null): Promise<void> {
    this.isLoading = true
    try {
      const page = await fetchThreads(cursor)
      const known = cursor === null ? [] : this.threads
      this.threads = [...known, ...page.threads]
      this.#cursor = page.next_cursor ?? null
      this.hasMore = this.#cursor !== null
      this.error = null
    } catch (error) {
      this.error = error
    } finally {
      this.isLoading = false
    }
  }
}
