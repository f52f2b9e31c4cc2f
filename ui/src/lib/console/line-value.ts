/** A line of the dictionary as text that a person edits, and back. */
import type { ShownLine } from '../api/schemas'

type Value = ShownLine['value']

export function shownValue(value: Value): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.join('\n')
  if (typeof value === 'object')
    return Object.entries(value).map(([code, label]) => `${code}: ${label}`).join('\n')
  return String(value)
}

/** In the form that the line had: a list by lines, labels by `code: label`, yes or no. */
export function parsedValue(text: string, like: Value): Value {
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean)
  if (Array.isArray(like)) return lines
  if (typeof like === 'boolean') return text.trim() === 'true'
  if (like !== null && typeof like === 'object') return Object.fromEntries(lines.map(toLabel))
  return text.trim() || null
}

function toLabel(line: string): [string, string] {
  const at = line.indexOf(':')
  return at < 0 ? [line, line] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
}
