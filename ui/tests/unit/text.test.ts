import { describe, expect, it } from 'vitest'

import { formatBytes, formatCell, formatCompact, formatDuration, formatNumber } from '../../src/lib/text/format'
import { hasMore, leadOf } from '../../src/lib/text/lead'
import { receiptFacts } from '../../src/lib/turn/receipt'
import { receipt } from '../mock/content'

it.each([
  [0.4, '<1 ms'],
  [244, '244 ms'],
  [1_540, '1.5 s'],
  [12_300, '12 s'],
  [59_700, '1 min 0 s'],
  [125_000, '2 min 5 s'],
])('%d ms is written %j', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text)
})

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_500_000, '1.5 MB'],
  [2_345_678_901, '2.35 GB'],
])('%d bytes are written %j', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

it('writes numbers with their unit', () => {
  expect(formatNumber(12_345.678)).toBe('12,345.68')
  expect(formatNumber(38.4, '%')).toBe('38.4%')
  expect(formatNumber(30, 'minutes')).toBe('30 minutes')
  expect(formatNumber(30, 'minute')).toBe('30 minutes')
  expect(formatNumber(1, 'hour')).toBe('1 hour')
  expect(formatNumber(400, '₹')).toBe('₹400')
  expect(formatNumber(400, 'INR')).toBe('400 INR')
  expect(formatCompact(1_234_567)).toBe('1.23M')
  expect(formatCompact(1_234_567, '₹')).toBe('₹1.23M')
  expect(formatCompact(1_234_567, 'hour')).toBe('1.23M')
})

it('writes cells by what they are', () => {
  expect(formatCell(null)).toBe('–')
  expect(formatCell('2025-03-01')).toBe('1 Mar 2025')
  expect(formatCell('2025-03-01 14:00:00')).toBe('2025-03-01 14:00:00')
  expect(formatCell('Fiction')).toBe('Fiction')
  expect(formatCell(true)).toBe('true')
})

describe('the lead of a Markdown text', () => {
  it('is its first paragraph in plain words', () => {
    const text = '# Loans\n\nEvery *loan* of the **library**, `app_loans` and [more](https://x.y).\n\nSecond.'
    expect(leadOf(text)).toBe('Every loan of the library, app_loans and more.')
    expect(hasMore(text)).toBe(true)
  })

  it('ends with a sentence where the paragraph is long', () => {
    const text = `One thing. ${'A word and '.repeat(30)}. Another thing.`
    expect(leadOf(text)).toBe('One thing.')
    expect(hasMore(text)).toBe(true)
  })

  it('is empty for an empty text', () => {
    expect(leadOf('')).toBe('')
    expect(hasMore('Only one.')).toBe(false)
  })
})

it('leaves out of a receipt what the service did not say', () => {
  const labels = receiptFacts(receipt).map(({ label }) => label)
  expect(labels).toContain('Rows in the result')
  expect(labels).not.toContain('Cost')
  expect(labels).not.toContain('Data scanned')
  const scanned = receiptFacts({ ...receipt, bytes_scanned: 0, cost_usd: 0.0000123 })
  expect(scanned.find(({ label }) => label === 'Data scanned')?.value).toBe('0 B')
})
