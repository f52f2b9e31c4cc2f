import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { ConnectionError, ServiceError } from '../../src/lib/api/errors'
import { errors as english } from '../../src/lib/strings/errors/en'
import { errors as hindi } from '../../src/lib/strings/errors/hi'
import { speak } from '../../src/lib/strings/language.svelte'
import { describeError, sentenceOf, sentenceOfError } from '../../src/lib/turn/failures'

const rate = new ServiceError(429, {
  code: 'too_many_requests', reason: 'rate', parameters: { count: 20, wait_seconds: 12 },
  detail: 'You may ask 20 questions a minute.', correlation_id: 'c-1',
})

const placeholders = (sentence: string): string[] => (sentence.match(/\{\w+\}/g) ?? []).sort()

beforeEach(() => {
  vi.stubGlobal('document', { documentElement: { lang: 'en' } })
  return speak('en')
})
afterAll(() => { vi.unstubAllGlobals() })

describe('an error in words', () => {
  it('is the reason’s, with its values, in the language of now', async () => {
    const failure = describeError(rate)
    expect(sentenceOf(failure)).toBe('You may ask 20 questions a minute. Try again in 12 seconds.')
    await speak('hi')
    expect(sentenceOf(failure)).toBe('आप एक मिनट में 20 प्रश्न पूछ सकते हैं। 12 सेकंड में फिर कोशिश करें।')
  })

  it('is the code’s where the values are missing', () => {
    expect(sentenceOf({ ...describeError(rate), parameters: {} })).toMatch(/^A limit of yours/)
  })

  it('says bytes as bytes', () => {
    const parameters = { wanted_bytes: 2_500_000_000, left_bytes: 0 }
    expect(sentenceOf({ code: 'scan_budget_spent', parameters, detail: '', reference: '' })).toContain('2.5 GB')
  })

  it('is the service’s where nobody here knows it, and never empty', async () => {
    await speak('hi')
    const newer = { code: 'of_tomorrow', detail: 'The moon is full.', reference: '' }
    expect(sentenceOf(newer)).toBe('The moon is full.')
    expect(sentenceOf({ ...newer, detail: '' })).toMatch(/सेवा/)
  })

  it('has the reference where the fault is the service’s', () => {
    const broken = new ServiceError(500, { code: 'internal', detail: 'x', correlation_id: 'c-2' })
    expect(sentenceOfError(broken)).toMatch(/Reference c-2$/)
    expect(sentenceOfError(rate)).not.toContain('c-1')
    expect(sentenceOfError(new ConnectionError('cut'))).toMatch(/connection was lost/)
    expect(sentenceOfError(new TypeError('x is undefined'))).not.toContain('undefined')
  })
})

it.each(Object.entries(english))('the Hindi of %s says the same values', (name, sentence) => {
  const own = placeholders(hindi[name as keyof typeof english]).filter((value) => value !== '{detail}')
  expect(own).toEqual(placeholders(sentence).filter((value) => value !== '{detail}'))
})
