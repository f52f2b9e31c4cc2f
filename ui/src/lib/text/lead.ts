/** The opening of a Markdown text as plain words, for places too small for all of it. */

/** First paragraph that is not a heading, without its marks. */
export function leadOf(markdown: string): string {
  const [first = ''] = paragraphsOf(markdown)
  return first
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*{1,2}|`|~~|(?<!\w)_|_(?!\w)/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Whether the text says more than its lead. */
export function hasMore(markdown: string): boolean {
  return paragraphsOf(markdown).length > 1
}

function paragraphsOf(markdown: string): string[] {
  return markdown
    .split(/\n\s*\n/)
    .map((block) => block.replace(/^#{1,6} .*$/gm, '').trim())
    .filter((block) => block !== '')
}
