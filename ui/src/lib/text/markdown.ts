/** Markdown to HTML that cannot load, run or style anything. */
import DOMPurify from 'dompurify'
import { Marked } from 'marked'

const ALLOWED_TAGS = [
  'a', 'blockquote', 'br', 'code', 'del', 'em', 'h3', 'h4', 'h5', 'h6', 'hr', 'li', 'ol', 'p', 'pre',
  'strong', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul',
]

/** Titles of the page itself stand above those of a text in it. */
const LEVELS_DOWN = 2

/** HTML in the source is shown as it is written; of an image, only its words. */
const parser = new Marked({
  gfm: true,
  renderer: {
    heading({ tokens, depth }) {
      const level = String(Math.min(6, depth + LEVELS_DOWN))
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`
    },
    html: ({ text }) => escapeHtml(text),
    image: ({ text }) => escapeHtml(text),
  },
})

/** Links open elsewhere and tell nobody where they were clicked. */
DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName !== 'A') return
  node.setAttribute('rel', 'noopener noreferrer nofollow')
  node.setAttribute('target', '_blank')
})

/** A fragment, never a string: what was checked is what is put into the page. */
export function renderMarkdown(markdown: string): DocumentFragment {
  const html = parser.parse(markdown, { async: false })
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS,
    ALLOWED_ATTR: ['href', 'align'],
    ALLOWED_URI_REGEXP: /^(?:https?:|#)/i,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  })
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
