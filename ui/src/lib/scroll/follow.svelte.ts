import type { Attachment } from 'svelte/attachments'

const NEAR_END = 80
const HEADER = 72

/**
 * Keeps the newest part of a growing page in view until the reader scrolls up. The page moves no
 * further than to the top of the newest turn, so that a long answer is read from its beginning.
 */
export class FollowEnd {
  isFollowing = $state(true)
  #lastTop = 0
  #content: HTMLElement | null = null

  /** For the element whose children are the turns; the document is what scrolls. */
  readonly content: Attachment<HTMLElement> = (element) => {
    this.#content = element
    const onGrowth = new ResizeObserver(() => {
      if (this.isFollowing) this.#jump('instant')
    })
    const onScroll = (): void => {
      this.#onScroll()
    }
    onGrowth.observe(element)
    document.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      onGrowth.disconnect()
      document.removeEventListener('scroll', onScroll)
    }
  }

  toEnd(): void {
    this.isFollowing = true
    this.#jump('smooth')
  }

  #onScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = document.documentElement
    if (scrollHeight - clientHeight - scrollTop < NEAR_END) this.isFollowing = true
    else if (scrollTop < this.#lastTop) this.isFollowing = false
    this.#lastTop = scrollTop
  }

  #jump(behavior: ScrollBehavior): void {
    const page = document.documentElement
    const newest = this.#content?.lastElementChild?.getBoundingClientRect().top ?? Infinity
    const top = Math.min(page.scrollHeight, page.scrollTop + newest - HEADER)
    if (top > page.scrollTop) page.scrollTo({ top, behavior })
  }
}
