/** Two texts line by line, side by side. */
import { diffLines } from 'diff'

export interface DiffRow {
  left: string | null
  right: string | null
  change: 'same' | 'changed' | 'removed' | 'added'
}

/** Changed lines stand beside each other; what has no counterpart stands alone. */
export function sideBySide(before: string, after: string): DiffRow[] {
  const rows: DiffRow[] = []
  let removed: string[] = []
  const flush = (added: string[]): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1)
      rows.push(pair(removed[at] ?? null, added[at] ?? null))
    removed = []
  }
  for (const part of diffLines(before, after)) {
    const lines = linesOf(part.value)
    if (part.removed) removed = lines
    else if (part.added) flush(lines)
    else {
      flush([])
      rows.push(...lines.map((line): DiffRow => ({ left: line, right: line, change: 'same' })))
    }
  }
  flush([])
  return rows
}

function pair(left: string | null, right: string | null): DiffRow {
  if (left === null) return { left, right, change: 'added' }
  return { left, right, change: right === null ? 'removed' : 'changed' }
}

const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n')
