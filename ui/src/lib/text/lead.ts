/** The opening of a Markdown text as plain words, for places too small for all of it. */

const LENGTH = 260

/** The first sentences of the first paragraph, as many as fit, without their marks. */
export function leadOf(markdown: string): string {
  const [first = ''] = paragraphsOf(markdown)
  const [opening = '', ...sentences] = plainWords(first).split(/(?<=[.!?]) (?=\p{Lu})/u)
  let lead = opening
  for (const sentence of sentences) {
    if (lead.length + sentence.length >= LENGTH) break
    lead = `${lead} ${sentence}`
  }
  return lead
}

/** Whether the text says more than its lead. */
export function hasMore(markdown: string): boolean {
  const [first = '', ...others] = paragraphsOf(markdown)
  return others.length > 0 || leadOf(markdown) !== plainWords(first)
}

function plainWords(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*{1,2}|`|~~|(?<!\w)_|_(?!\w)/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function paragraphsOf(markdown: string): string[] {
  return markdown
    .split(/\n\s*\n/)
    .map((block) => block.replace(/^#{1,6} .*$/gm, '').trim())
    .filter((block) => block !== '')
}
