/** A list of the service that comes page by page. */
export interface PageOf<Line> {
  lines: Line[]
  next: string | null
}

export class Pages<Line> {
  lines: Line[] = $state.raw([])
  isLoading = $state(true)
  error: unknown = $state(null)
  next: string | null = $state(null)

  #fetch: (cursor: string | null) => Promise<PageOf<Line>>
  #latest = 0

  constructor(fetch: (cursor: string | null) => Promise<PageOf<Line>>) {
    this.#fetch = fetch
  }

  /** From the first page on; an answer to an earlier wish is left aside. */
  async load(cursor: string | null = null): Promise<void> {
    const wish = ++this.#latest
    this.isLoading = true
    try {
      const page = await this.#fetch(cursor)
      if (wish !== this.#latest) return
      this.lines = cursor === null ? page.lines : [...this.lines, ...page.lines]
      this.next = page.next
      this.error = null
    } catch (error) {
      if (wish === this.#latest) this.error = error
    } finally {
      if (wish === this.#latest) this.isLoading = false
    }
  }

  more(): Promise<void> {
    return this.load(this.next)
  }
}
