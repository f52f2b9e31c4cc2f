import { expect, it } from 'vitest'

import type { UsageEntry } from '../../src/lib/api/schemas'
import { sideBySide } from '../../src/lib/console/diff'
import { queryOf } from '../../src/lib/console/query'
import { sectionsFor } from '../../src/lib/console/sections'
import { byDay, byKey } from '../../src/lib/console/usage-charts'
import { ageOf } from '../../src/lib/history/list'
import { parseRoute, threadHash } from '../../src/lib/route/route.svelte'
import { en } from '../../src/lib/strings/console/en'
import { hi } from '../../src/lib/strings/console/hi'

const entry = (day: string, user: string, runs: number): UsageEntry => ({
  day, user_id: user, model: 'm', runs, tokens_in: runs, tokens_out: 1, bytes_scanned: 0, cost_usd: 0.5,
})

it('puts changed lines beside each other and lone ones alone', () => {
  expect(sideBySide('a\nb\nc\n', 'a\nB\nc\nd\n')).toEqual([
    { left: 'a', right: 'a', change: 'same' },
    { left: 'b', right: 'B', change: 'changed' },
    { left: 'c', right: 'c', change: 'same' },
    { left: null, right: 'd', change: 'added' },
  ])
  expect(sideBySide('a\nb\n', 'a\n').at(-1)).toEqual({ left: 'b', right: null, change: 'removed' })
})

it('sums usage by day and by user, the largest first', () => {
  const entries = [entry('2026-11-02', 'ann', 2), entry('2026-11-01', 'bob', 1), entry('2026-11-02', 'bob', 4)]
  const labels = { title: 'Runs', measure: 'Runs' }
  expect(byDay(entries, 'runs', labels).data).toEqual([
    { key: '2026-11-01', value: 1 },
    { key: '2026-11-02', value: 6 },
  ])
  expect(byKey(entries, 'tokens', ({ user_id: user }) => user, labels).data).toEqual([
    { key: 'bob', value: 7 },
    { key: 'ann', value: 3 },
  ])
})

it('opens to each role what is theirs', () => {
  expect(sectionsFor(['analyst'])).toEqual([])
  expect(sectionsFor(['prompt_engineer'])).toContain('prompts')
  expect(sectionsFor(['evaluator'])).not.toContain('prompts')
  expect(sectionsFor(['evaluator'])).not.toContain('usage')
  expect(sectionsFor(['admin'])).toContain('audit')
})

it('reads back the addresses that it writes', () => {
  expect(parseRoute(threadHash('t-1', 'r/2'))).toEqual({ view: 'chat', thread: 't-1', run: 'r/2' })
  expect(parseRoute('#/console/runs/r1')).toEqual({ view: 'console', section: 'runs', id: 'r1' })
  expect(parseRoute('#/threads/%E0%A4%A')).toEqual({ view: 'chat', thread: '%E0%A4%A', run: null })
  expect(parseRoute('')).toEqual({ view: 'chat', thread: null, run: null })
  expect(queryOf({ a: 'x y', b: '', c: null })).toBe('?a=x+y')
})

it('groups conversations by the reader’s days', () => {
  const now = new Date(2026, 10, 26, 0, 30)
  expect(ageOf(new Date(2026, 10, 26, 0, 5).toISOString(), now)).toBe('today')
  expect(ageOf(new Date(2026, 10, 25, 23, 59).toISOString(), now)).toBe('yesterday')
  expect(ageOf(new Date(2026, 10, 20).toISOString(), now)).toBe('week')
  expect(ageOf(new Date(2026, 9, 1).toISOString(), now)).toBe('older')
})

it('has every string of the console in Hindi', () => {
  const leaves = (value: unknown, path: string): [string, unknown][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
      : [[path, value]]
  const hindi = new Map(leaves(hi, ''))
  const same = leaves(en, '').filter(([path, text]) => typeof text === 'string' && text === hindi.get(path))
  expect(same).toEqual([])
  expect([...hindi.keys()]).toEqual(leaves(en, '').map(([path]) => path))
})
