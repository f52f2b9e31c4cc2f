/** CodeMirror for SQL: loaded only when a statement is edited. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { StandardSQL, sql } from '@codemirror/lang-sql'
import { HighlightStyle, bracketMatching, syntaxHighlighting } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** In the colours of the page's tokens. */
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: tags.comment, color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--code-function)' },
])

const look = EditorView.theme({
  '&': { backgroundColor: 'var(--surface-sunken)', color: 'var(--text)', fontSize: 'var(--size-small)' },
  '&.cm-focused': { outline: '2px solid var(--accent-text)', outlineOffset: '-2px' },
  '.cm-content': { fontFamily: 'var(--font-code)', padding: '0.75rem 0', caretColor: 'var(--text)' },
  '.cm-scroller': { maxHeight: '22rem', lineHeight: '1.6', overflow: 'auto' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--text-muted)', border: '0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--accent-tint) !important' },
  '.cm-matchingBracket': { backgroundColor: 'var(--accent-tint)' },
})

export interface SqlEditing {
  label: string
  onChange: (sql: string) => void
  onRun: () => void
}

/**
 * Puts an editor into `host`; Ctrl or Cmd with Enter runs, Tab goes on to the next control.
 *
 * It lives in a shadow root, where the library adopts its style sheets: a `<style>` element in the
 * page would break the page's policy.
 */
export function openEditor(host: HTMLElement, text: string, editing: SqlEditing): EditorView {
  const run = { key: 'Mod-Enter', run: () => { editing.onRun(); return true } }
  const state = EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      history(),
      bracketMatching(),
      sql({ dialect: StandardSQL, upperCaseKeywords: true }),
      syntaxHighlighting(colours),
      look,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': editing.label }),
      keymap.of([run, ...defaultKeymap, ...historyKeymap]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) editing.onChange(update.state.doc.toString())
      }),
    ],
  })
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  return new EditorView({ state, root, parent: root })
}
