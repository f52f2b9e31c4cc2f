import { afterEach, expect, it } from 'vitest'

import { prefer } from '../../src/lib/preferences/preferences.svelte'
import { en } from '../../src/lib/strings/en'
import { hi } from '../../src/lib/strings/hi'
import { formatCompact, formatCount, formatDay, localizeFigures } from '../../src/lib/text/format'

afterEach(() => {
  prefer({ language: 'en', numbering: 'international' })
})

it('groups by lakh and crore for India', () => {
  prefer({ numbering: 'indian' })
  expect(formatCount(281_623_452)).toBe('28,16,23,452')
  expect(formatCompact(281_623_452)).toBe('28.2Cr')
  expect(formatCompact(162_345)).toBe('1.62L')
})

it('writes dates and short figures in Hindi', () => {
  prefer({ language: 'hi', numbering: 'indian' })
  expect(formatDay('2026-09-30')).toBe('30 सित॰ 2026')
  expect(formatCompact(162_345)).toMatch(/^1\.62\sलाख$/)
})

it('groups the figures of a text as the reader does, and nothing else', () => {
  prefer({ numbering: 'indian' })
  expect(localizeFigures('**281,623,452 people**, 1,234.5 and 4,000; not 12,34 or 1,2,3')).toBe(
    '**28,16,23,452 people**, 1,234.5 and 4,000; not 12,34 or 1,2,3',
  )
})

it('has every string in Hindi', () => {
  const leaves = (value: unknown, path: string): [string, unknown][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
      : [[path, value]]
  const hindi = new Map(leaves(hi, ''))
  const same = leaves(en, '').filter(([path, text]) => {
    const other = hindi.get(path)
    return typeof text !== typeof other || (typeof text === 'string' && text === other)
  })
  const shared = ['.product', '.preferences.languages.en', '.preferences.languages.hi', '.preferences.numberings.indian', '.preferences.numberings.international', '.sql.label']
  expect(same.map(([path]) => path)).toEqual(shared)
})
