/** SQL with its keywords, strings and numbers marked. */
import highlighter from 'highlight.js/lib/core'
import sql from 'highlight.js/lib/languages/sql'

highlighter.registerLanguage('sql', sql)

/** Text and highlight.js's own spans, nothing else: the library escapes the code. */
export function highlightSql(code: string): DocumentFragment {
  const template = document.createElement('template')
  template.innerHTML = highlighter.highlight(code, { language: 'sql' }).value
  return template.content
}
