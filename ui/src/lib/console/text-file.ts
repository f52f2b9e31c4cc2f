/** The text of a file that a spreadsheet or an editor saved: UTF-8, or UTF-16 by its mark. */
export function textOf(content: ArrayBuffer): string {
  const [first, second] = new Uint8Array(content)
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(content)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(content)
  return new TextDecoder().decode(content)
}
