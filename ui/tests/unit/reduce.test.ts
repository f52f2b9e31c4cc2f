import { describe, expect, it } from 'vitest'

import type { WireEvent } from '../../src/lib/api/events'
import type { QueryRequest } from '../../src/lib/api/schemas'
import { choose, reduce, withAnswer } from '../../src/lib/turn/reduce'
import { currentStep, isSentBack, newTurn, type Turn, workedMs } from '../../src/lib/turn/turn'
import { receipt } from '../mock/content'
import { scriptFor } from '../mock/scenarios'

const START = 1_000

function eventsOf(request: QueryRequest): WireEvent[] {
  return (scriptFor(request) ?? []).filter((line) => 'type' in line)
}

/** Replays a script of the stand-in service: one event arrives every 10 ms. */
function replay(
  question: string,
  turn = newTurn('t', question, START),
  resume: QueryRequest['resume'] = null,
): Turn {
  const events = eventsOf({ question, resume })
  return events.reduce((state, event, at) => reduce(state, event, START + 10 * (at + 1)), turn)
}

/** Every state on the way. */
function states(question: string): Turn[] {
  const events = eventsOf({ question })
  let turn = newTurn('t', question, START)
  return events.map((event, at) => (turn = reduce(turn, event, START + 10 * (at + 1))))
}

describe('an answered question', () => {
  const turn = replay('How many loans each month?')

  it('ends with prose, chart, receipt and follow-ups', () => {
    expect(turn.phase).toBe('answered')
    expect(turn.text).toContain('1,284,303 loans')
    expect(turn.chart?.title).toBe('Loans by month')
    expect(turn.receipt?.true_row_count).toBe(6)
    expect(turn.followUps).toHaveLength(3)
    expect(turn.isWriting).toBe(false)
  })

  it('lists every step once, in order, with the service’s own duration', () => {
    expect(turn.steps.map(({ name }) => name)).toEqual([
      'retrieve_context',
      'draft_sql',
      'validate_sql',
      'execute_sql',
      'aggregate_rows',
      'synthesize_answer',
      'verify_answer',
      'record_run',
    ])
    expect(turn.steps[0]?.durationMs).toBe(220)
    expect(currentStep(turn)).toBeNull()
  })

  it('shows one step at a time while it works', () => {
    const running = states('How many loans each month?').filter(({ phase }) => phase === 'working')
    const open = running.map((state) => state.steps.filter((step) => step.durationMs === null).length)
    expect(Math.max(...open)).toBe(1)
  })

  it('has the first steps before the first word', () => {
    const first = states('How many loans each month?').find(({ text }) => text !== '')
    expect(first?.steps.map(({ name }) => name)).toContain('execute_sql')
    expect(first?.isWriting).toBe(true)
  })
})

describe('attempts at the SQL', () => {
  it('replaces an attempt by its verdict and keeps the attempts apart', () => {
    const { attempts, steps } = replay('repair')
    expect(attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'rejected'],
      [2, 'accepted'],
    ])
    expect(attempts[0]?.reasons[0]?.message).toContain('borrowed_at')
    expect(steps.filter(({ name }) => name === 'draft_sql').map(({ attempt }) => attempt)).toEqual([1, 2])
    expect(steps.filter(({ name }) => name === 'validate_sql').map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it('marks the steps that sent the SQL back', () => {
    const turn = replay('repair')
    const sentBack = turn.steps.filter((step) => isSentBack(turn, step))
    expect(sentBack.map(({ name, attempt }) => [name, attempt])).toEqual([['validate_sql', 1]])
  })
})

describe('other ends', () => {
  it('refuses with a reason and suggestions', () => {
    const turn = replay('the weather')
    expect(turn.phase).toBe('refused')
    expect(turn.text).toContain('the weather')
    expect(turn.suggestions).toHaveLength(3)
  })

  it('asks back, and goes on in the same turn once the analyst has chosen', () => {
    const asking = replay('active members')
    expect(asking.phase).toBe('clarifying')
    const [option] = asking.clarification?.options ?? []
    if (!option) throw new Error('no option')

    const chosen = choose(asking, option)
    expect(chosen.phase).toBe('asking')
    const done = replay('active members', chosen, { run_id: 'run-7f3a', option_id: option.id })
    expect(done.phase).toBe('answered')
    expect(done.choice?.label).toBe('Borrowed something')
    expect(done.steps.filter(({ name }) => name === 'clarify')).toHaveLength(2)
    expect(done.attempts.map(({ attempt }) => attempt)).toEqual([1])
  })

  it('tells what was changed in a run that somebody else watched', () => {
    const chip = { kind: 'limit', text: 'first 3', is_changed: true } as const
    const answer = { run_id: 'r', thread_id: 't', status: 'answered', text: '' } as const
    const told = (drafter: string, assumptions: (typeof receipt)['assumptions']): string | null =>
      withAnswer(newTurn('t', 'q', START), { ...answer, follow_ups: [], suggestions: [], receipt: { ...receipt, drafter, assumptions } }, START).change
    expect(told('given', [...receipt.assumptions, chip])).toBe('first 3')
    expect(told('given', receipt.assumptions)).toBe('')
    expect(told('embedded', [chip])).toBeNull()
  })

  it('replaces prose that the verifier changed', () => {
    const seen = states('replaced').map(({ text }) => text)
    expect(seen).toContain('There were **9,999 loans**.')
    expect(seen.at(-1)).toBe('The number of loans could not be confirmed, so it is left out.')
  })

  it('closes every step when the run fails, with the reference', () => {
    const turn = replay('break')
    expect(turn.phase).toBe('failed')
    expect(turn.failure).toEqual({
      code: 'internal',
      reason: '',
      parameters: {},
      detail: 'The answer could not be completed. Reference 3f2c-91ab.',
      reference: '3f2c-91ab',
    })
    expect(currentStep(turn)).toBeNull()
  })

  it('shows a cancelled run as stopped', () => {
    const cancelled: WireEvent = {
      type: 'RUN_FINISHED',
      outcome: { type: 'cancelled' },
      result: null,
    }
    expect(reduce(newTurn('t', 'q', START), cancelled, START + 5).phase).toBe('stopped')
  })
})

it('skips events it does not know', () => {
  const turn = newTurn('t', 'q', START)
  const unknown = { type: 'STATE_SNAPSHOT', snapshot: {} } as unknown as WireEvent
  expect(reduce(turn, unknown, START)).toEqual(turn)
})

it('does not count the pause before a choice as work', () => {
  const steps = [
    { name: 'clarify', startedAt: START + 100, durationMs: 50, attempt: null },
    { name: 'draft_sql', startedAt: START + 90_000, durationMs: 70, attempt: 1 },
  ]
  expect(workedMs({ ...newTurn('t', 'q', START), steps })).toBe(100 + 50 + 70)
})

describe('a wait for the warehouse', () => {
  const place = (position: number): WireEvent => ({
    type: 'ACTIVITY_SNAPSHOT',
    messageId: 'm',
    activityType: 'vtion.queue',
    content: { position },
  })

  it('shows the place, and ends when the turn has come', () => {
    const waiting = reduce(newTurn('t', 'q', START), place(2), START)
    expect(waiting.queued).toBe(2)
    expect(reduce(waiting, place(0), START).queued).toBeNull()
  })
})
