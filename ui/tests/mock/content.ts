/** What the stand-in service knows: a small library's loans, so that no sample's names leak in. */

import type {
  Capabilities,
  ChartSpec,
  ContextActivity,
  Receipt,
} from '../../src/lib/api/schemas'

export const capabilities: Capabilities = {
  title: 'City library loans',
  description:
    'Every loan of the **city library** since January 2025: which titles were borrowed, at which branch, and when they came back.\n\nLoans are counted when a title leaves the branch. Renewals extend a loan and are not counted again.\n\n- Branches report every night.\n- Titles are grouped by *subject*.',
  coverage: [
    { table: 'loans', description: 'One row a loan: title, branch, member group, start and return.', rows: 1284303, first: '2025-01-01', last: '2025-06-30' },
    { table: 'titles', description: 'Every title with its subject, language and year.', rows: 48210, first: null, last: null },
    { table: 'branches', description: 'The branches, with district and opening year.', rows: 23, first: null, last: null },
    { table: 'visits', description: 'Visitors counted at the door, by hour.', rows: 99840, first: '2025-01-01', last: '2025-06-30' },
  ],
  examples: [
    'How many loans were there each month?',
    'Which branches lend the most?',
    'How many loans were there in total?',
    'What share of loans does each subject have?',
    'Loans per month by member group',
  ],
  limits: [
    'Answers are totals and averages; single loans are never shown.',
    'Members are known only as age groups.',
    'Data comes in once a night, so today is not in it.',
  ],
  source_name: 'library',
  context_version: '2025-07-01.3',
  llm: 'embedded',
  metrics: ['loans per visit'],
  today: '2025-07-01',
}

export const evidence: ContextActivity = {
  tables: [
    { table: 'loans', score: 0.94, columns: [{ column: 'started_at', score: 0.8, reason: 'name' }] },
    { table: 'branches', score: 0.41, columns: [] },
  ],
  values: [{ text: 'central', table: 'branches', column: 'district', value: 'Central', score: 0.97 }],
  metrics: [],
  context_version: '2025-07-01.3',
}

export const monthSql = `SELECT date_trunc('month', l.started_at) AS month, COUNT(*) AS loans
FROM loans AS l
WHERE l.started_at >= DATE '2025-01-01'
  AND l.started_at < DATE '2025-07-01'
GROUP BY 1
ORDER BY 1
LIMIT 100000`

const months = [
  { month: '2025-01-01', loans: 198412 },
  { month: '2025-02-01', loans: 187230 },
  { month: '2025-03-01', loans: 221904 },
  { month: '2025-04-01', loans: 214377 },
  { month: '2025-05-01', loans: 236018 },
  { month: '2025-06-01', loans: 226362 },
]

export const monthChart: ChartSpec = {
  type: 'line',
  title: 'Loans by month',
  x: 'month',
  x_type: 'time',
  x_label: 'Month',
  series: [{ field: 'loans', label: 'Loans', unit: '' }],
  unit: '',
  orientation: 'vertical',
  stacked: false,
  data: months,
}

export const branchChart: ChartSpec = {
  ...monthChart,
  type: 'bar',
  title: 'Ten branches with the most loans',
  x: 'branch',
  x_type: 'category',
  x_label: 'Branch',
  orientation: 'horizontal',
  data: [
    'Central Library', 'Riverside', 'Old Town Reading Room', 'University Quarter', 'North Market',
    'Harbour', 'Hillcrest', 'Station Square', 'Garden Suburb and Allotments', 'Westfield',
  ].map((branch, at) => ({ branch, loans: Math.round(214000 / (1 + at * 0.34)) })),
}

export const shareChart: ChartSpec = {
  ...monthChart,
  type: 'pie',
  title: 'Share of loans by subject',
  x: 'subject',
  x_type: 'category',
  x_label: 'Subject',
  unit: '%',
  series: [{ field: 'share', label: 'Share of loans', unit: '%' }],
  data: [
    { subject: 'Fiction', share: 38.4 },
    { subject: 'Children', share: 27.1 },
    { subject: 'History', share: 11.9 },
    { subject: 'Science', share: 9.2 },
    { subject: 'Travel', share: 7.3 },
    { subject: 'Other', share: 6.1 },
  ],
}

export const groupChart: ChartSpec = {
  ...monthChart,
  type: 'area',
  title: 'Loans by month and member group',
  stacked: true,
  series: [
    { field: 'children', label: 'Children', unit: '' },
    { field: 'adults', label: 'Adults', unit: '' },
    { field: 'seniors', label: 'Seniors', unit: '' },
  ],
  data: months.map(({ month, loans }) => ({
    month,
    children: Math.round(loans * 0.31),
    adults: Math.round(loans * 0.47),
    seniors: Math.round(loans * 0.22),
  })),
}

export const totalChart: ChartSpec = {
  ...monthChart,
  type: 'number',
  title: 'Loans, January to June 2025',
  x: '',
  series: [{ field: 'loans', label: 'Loans', unit: 'loans' }],
  data: [{ loans: 1284303 }],
}

export const receipt: Receipt = {
  run_id: 'run-7f3a',
  sql: monthSql,
  tables: ['loans'],
  assumptions: [
    { kind: 'measure', text: 'number of loans', is_changed: false },
    { kind: 'dimension', text: 'month in which the loan began', is_changed: false },
    { kind: 'period', text: '1 Jan 2025 to 30 Jun 2025', is_changed: false },
  ],
  true_row_count: 6,
  rows_seen_by_writer: 6,
  bytes_scanned: null,
  cost_usd: null,
  warehouse: 'duckdb',
  drafter: 'embedded',
  writer: 'embedded',
  tokens_in: 0,
  tokens_out: 0,
  tokens_cached: 0,
  prompt_versions: {},
  context_version: '2025-07-01.3',
  attempts: 1,
  today: '2025-07-01',
  notes: [],
}

export const monthText =
  'There were **1,284,303 loans** from January to June 2025. **May** was the busiest month with 236,018 loans, and **February** the quietest with 187,230.'

export const followUps = [
  'Which branches lend the most?',
  'The same by member group',
  'How does this compare with visits?',
]
