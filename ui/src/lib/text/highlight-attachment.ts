import type { Attachment } from 'svelte/attachments'

/** Fills the element with SQL, coloured once the highlighter is loaded. */
export function highlighted(sql: string): Attachment<HTMLElement> {
  return (element) => {
    element.textContent = sql
    const detached = new AbortController()
    void import('./highlight').then(({ highlightSql }) => {
      if (!detached.signal.aborted) element.replaceChildren(highlightSql(sql))
    })
    return () => {
      detached.abort()
    }
  }
}
