/** What the stand-in service answers: the first scenario whose pattern the question matches. */
import * as content from './content.ts'
import type { ChartSpec, Clarification, QueryRequest, Receipt, SqlActivity } from '../../src/lib/api/schemas'
import {
  type Line, activity, answer, failed, finished, hold, prose, RUN, sqlActivity, started, step, wait,
} from './events.ts'

const NO_TABLE = {
  rule: 'unknown_column',
  message: 'There is no column “borrowed_at” in loans; the nearest is started_at.',
  hint: 'Use loans.started_at.',
}

const found = step('retrieve_context', 220, activity('vtion.context', content.evidence))

const attempt = (
  number: number,
  status: SqlActivity['status'],
  reasons: SqlActivity['reasons'] = [],
): Line[] => [
  ...step('draft_sql', 340, sqlActivity(number, 'drafted', content.monthSql)),
  ...step('validate_sql', 160, sqlActivity(number, status, content.monthSql, reasons)),
]

const executed = (rows: number): Line[] =>
  step('execute_sql', 420, activity('vtion.execution', {
    row_count: rows, bytes_scanned: null, bytes_estimated: null, duration_ms: 412, cost_usd: null, warehouse: 'duckdb',
  }))

const written = (chart: ChartSpec, text: string, receipt: Receipt): Line[] => [
  ...step('aggregate_rows', 60),
  ...step('synthesize_answer', 120, prose(text), activity('vtion.chart', chart)),
  ...step('verify_answer', 90),
  ...step('record_run', 5, activity('vtion.receipt', receipt)),
]

function answered(
  chart: ChartSpec,
  text = content.monthText,
  { tries = attempt(1, 'accepted'), receipt = content.receipt } = {},
): Line[] {
  return [
    started(), wait(150), ...found, ...tries, ...executed(chart.data.length),
    ...written(chart, text, receipt),
    finished(answer('answered', { text, chart, receipt, follow_ups: content.followUps })),
  ]
}

function heldIn(stepName: string, lines: Line[]): Line[] {
  return lines.flatMap((line) =>
    'type' in line && line.type === 'STEP_STARTED' && line.stepName === stepName ? [line, hold(1500)] : [line],
  )
}

const refusal = 'Nothing in this data says anything about **the weather**. It covers loans, titles, branches and visits.'

const clarification: Clarification = {
  kind: 'clarification',
  question: 'Which members count as “active”?',
  options: [
    { id: 'loan', label: 'Borrowed something', effect: 'Members with at least one loan in the month' },
    { id: 'visit', label: 'Came in', effect: 'Members with at least one visit in the month' },
  ],
}

const hostile = [
  'Before ![pixel](https://evil.example/p.png?leak=1) after',
  '<img src="https://evil.example/x.png" onerror="window.hacked=1">',
  '<style>@import url(https://evil.example/s.css)</style><iframe src="https://evil.example"></iframe>',
  '<p style="background:url(https://evil.example/b.png)" onclick="window.hacked=1">styled</p>',
  '[click me](javascript:window.hacked=1) and [a link](https://example.org/page)',
  '<script>window.hacked=1</script><form action="https://evil.example"><input></form>',
].join('\n\n')

const SCENARIOS: [RegExp, (body: QueryRequest) => Line[]][] = [
  [/month by|by member group/i, () => answered(content.groupChart)],
  [/^slow/i, () => heldIn('draft_sql', answered(content.monthChart))],
  [/each month/i, () => answered(content.monthChart)],
  [/branches/i, () => answered(content.branchChart, '**Central Library** lends the most: 214,000 loans, 26% more than **Riverside** with 159,701.')],
  [/share/i, () => answered(content.shareChart, '**Fiction** has 38.4% of all loans, **Children** 27.1% and **History** 11.9%.')],
  [/queued/i, () => [
    started(), activity('vtion.queue', { position: 3 }), hold(1500), activity('vtion.queue', { position: 1 }), hold(1500),
    ...answered(content.totalChart, 'Here are **1,284,303 loans**.').slice(1),
  ]],
  [/in total/i, () => answered(content.totalChart, 'There were **1,284,303 loans** from January to June 2025.')],
  [/repair/i, () => answered(content.monthChart, content.monthText, {
    tries: [...attempt(1, 'rejected', [NO_TABLE]), ...attempt(2, 'accepted')],
    receipt: { ...content.receipt, attempts: 2, notes: ['Groups of fewer than 30 members were left out.'] },
  })],
  [/weather/i, () => [
    started(), ...found, ...step('draft_sql', 200), ...step('explain_refusal', 5, prose(refusal)), ...step('record_run', 5),
    finished(answer('refused', { text: refusal, suggestions: content.capabilities.examples.slice(0, 3) })),
  ]],
  [/active/i, (body) => body.resume
    ? [started(body.resume.run_id ?? RUN), ...step('clarify', 10), ...answered(content.totalChart, `Counted by “${body.resume.option_id}”: **1,284,303 loans**.`).slice(1)]
    : [started(), ...found, ...step('clarify', 80),
       finished(answer('clarify', { text: clarification.question, clarification }),
         { type: 'interrupt' })]],
  [/replaced/i, () => {
    const before = 'There were **9,999 loans**.'
    const after = 'The number of loans could not be confirmed, so it is left out.'
    return [
      started(), ...found, ...attempt(1, 'accepted'), ...executed(1), ...step('synthesize_answer', 300, prose(before)),
      ...step('verify_answer', 5, hold(2000), activity('vtion.answer', { text: after })),
      finished(answer('answered', { text: after, receipt: content.receipt })),
    ]
  }],
  [/break/i, () => [started(), ...found, failed('The answer could not be completed. Reference 3f2c-91ab.', 'internal', '3f2c-91ab')]],
  [/cut/i, () => [started(), ...found, { cut: true }, wait(600), ...answered(content.totalChart, 'Back with **1,284,303 loans**.').slice(1)]],
  [/vanish/i, () => [{ cut: true }]],
  [/hostile/i, () => answered(content.totalChart, hostile)],
]

/** The script for a request: events, pauses `{wait}` and `{cut}`; undefined for a 422. */
export function scriptFor(body: QueryRequest): Line[] | undefined {
  return SCENARIOS.find(([pattern]) => pattern.test(body.question))?.[1](body)
}
