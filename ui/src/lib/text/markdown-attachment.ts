import type { Attachment } from 'svelte/attachments'

/** Fills the element with rendered Markdown; plain text stands there until the renderer is loaded. */
export function markdown(text: string): Attachment<HTMLElement> {
  return (element) => {
    if (!element.hasChildNodes()) element.textContent = text
    const detached = new AbortController()
    void import('./markdown').then(({ renderMarkdown }) => {
      if (!detached.signal.aborted) element.replaceChildren(renderMarkdown(text))
    })
    return () => {
      detached.abort()
    }
  }
}
