/** Every string of the UI, in English. */
import type { Assumption, ChartSpec, Chip, SqlActivity } from '../api/schemas'
import type { SignInFault } from '../session/sign-in-failure'
import { errors } from './errors/en'

const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many)

export const en = {
  /** Units come in the singular; symbols and abbreviations stay as they are. */
  unit: (unit: string, count: number) =>
    /^[a-z]{3,}$/.test(unit) && !unit.endsWith('s') ? plural(count, unit, `${unit}s`) : unit,

  product: 'VTION',
  skipToQuestion: 'Skip to the question box',
  newChat: 'New chat',
  mainMenu: 'Main',
  aboutData: 'About the data',
  close: 'Close',
  cancel: 'Cancel',
  retry: 'Try again',

  duration: { ms: 'ms', s: 's', min: 'min' },

  preferences: {
    title: 'Display',
    language: 'Language',
    languages: { en: 'English', hi: 'हिन्दी' } as Record<string, string>,
    prose: 'Answers and reasons are written in English.',
    numbering: 'Numbers',
    numberings: { indian: '12,34,567', international: '1,234,567' } as Record<string, string>,
    theme: 'Theme',
    themes: { system: 'System', light: 'Light', dark: 'Dark' } as Record<string, string>,
  },

  connection: {
    label: 'Connection',
    lost: 'You are offline. What you asked goes on; the answer is fetched when you are back.',
    reconnecting: 'The connection was lost. Reconnecting…',
    back: 'Back online.',
  },

  console: 'Console',

  signIn: {
    title: 'Sign in',
    key: 'Give the API key that an administrator has made for you.',
    issuer: (host: string) => `Your organisation signs you in, at ${host}.`,
    at: (host: string) => `Sign in at ${host}`,
    going: (host: string) => `On the way to ${host}…`,
    withKey: 'Sign in with an API key',
    label: 'API key',
    action: 'Sign in',
    out: 'Sign out',
    loading: 'Finding out how to sign in',
    faults: {
      unreachable: 'The place to sign in cannot be reached. Try again in a moment.',
      misconfigured: 'Sign-in is not set up properly. An administrator has to look at the issuer.',
      stale: 'This sign-in was begun elsewhere or too long ago. Begin again.',
      denied: 'You were not let in. Ask an administrator for access.',
      refused: 'The sign-in was not accepted. Begin again, or ask an administrator.',
      expired: 'Your sign-in has expired. Sign in again.',
    } satisfies Record<SignInFault, string>,
    keyRefused: 'The service does not take this key.',
  },

  history: {
    title: 'Conversations',
    open: 'Show conversations',
    search: 'Search conversations',
    ages: { today: 'Today', yesterday: 'Yesterday', week: 'Last 7 days', older: 'Older' } as Record<string, string>,
    empty: 'What you ask is kept here.',
    none: 'No conversation matches.',
    more: 'Show more',
    confirm: 'Delete this conversation?',
    delete: 'Delete',
    deleteThis: (title: string) => `Delete “${title}”`,
    loading: 'Loading the conversation',
    failed: 'This conversation could not be shown',
  },

  feedback: {
    ratings: { up: 'Good answer', down: 'Bad answer' } as Record<string, string>,
    prompts: { up: 'Thank you. What was good about it?', down: 'Thank you. What is wrong or missing?' } as Record<string, string>,
    send: 'Send comment',
    noComment: 'No comment',
    thanks: 'Thank you. Your comment is with the people who look after the answers.',
  },

  status: {
    label: 'Answer',
    working: 'Working',
    ready: 'Answer ready',
  },

  capabilities: {
    eyebrow: 'Ask in plain words, check every answer.',
    examples: 'Try one of these',
    coverage: 'What the data covers',
    about: 'The data in full',
    limits: 'Good to know',
    rows: (count: string) => `${count} rows`,
    upTo: (day: string) => `Data up to ${day}`,
    range: (from: string, to: string) => `${from} – ${to}`,
    more: (count: number) => `Show ${String(count)} more ${plural(count, 'table', 'tables')}`,
    fewer: 'Show fewer',
    source: 'Source',
    version: 'Data description',
    model: 'Answered by',
    models: { embedded: 'Built-in planner, no model' } as Record<string, string>,
    loading: 'Loading what the data covers',
    failed: 'What the data covers could not be loaded',
    empty: 'There is no data to ask about yet. An administrator has to connect a source first.',
  },

  composer: {
    label: 'Your question',
    placeholder: 'Ask a question about the data',
    placeholderNext: 'Ask a follow-up question',
    send: 'Send',
    stop: 'Stop',
    hint: 'Enter sends, Shift + Enter starts a new line',
  },

  conversation: {
    label: 'Conversation',
    toLatest: 'To the latest',
    stale: 'A part of this page is missing, perhaps because it was updated. Reload the page.',
  },

  turn: {
    questionPrefix: 'Question:',
    followUps: 'Ask next',
    suggestions: 'You could ask instead',
    chosen: (label: string) => `You chose: ${label}`,
    changedTo: (changes: string) => `Run again with ${changes}`,
    changedSql: 'Run again with changed SQL',
    stopped: 'Stopped before the answer was complete.',
    refused: 'I cannot answer that',
    failed: 'Something went wrong',
    reference: (id: string) => `Reference ${id}`,
    clarification: 'One thing first',
    copyAnswer: 'Copy answer',
    edit: 'Edit question',
    editLabel: 'Edited question',
    askEdited: 'Ask',
    askAgain: 'Ask again',
    copyLink: 'Copy link',
    actions: 'What to do with this answer',
    stopping: 'Stopping…',
  },

  steps: {
    names: {
      receive_question: 'Understanding the question',
      retrieve_context: 'Finding the data',
      draft_sql: 'Drafting SQL',
      validate_sql: 'Checking SQL',
      execute_sql: 'Running',
      aggregate_rows: 'Summing up',
      synthesize_answer: 'Writing',
      verify_answer: 'Verifying',
      clarify: 'Asking back',
      explain_refusal: 'Explaining why not',
      record_run: 'Writing the receipt',
    } as Record<string, string>,
    again: (name: string, attempt: number) => `${name}, attempt ${String(attempt)}`,
    queued: (position: number) => position === 1 ? 'Next in line' : `Waiting: number ${String(position)} in line`,
    label: 'Steps',
    working: 'Working',
    done: (duration: string, steps: number) =>
      `Worked for ${duration} · ${String(steps)} ${plural(steps, 'step', 'steps')}`,
    attempts: (count: number) => ` · ${String(count)} attempts at the SQL`,
    found: (tables: string) => `Looking in ${tables}`,
    matched: (text: string, column: string, value: string) => `“${text}” is ${column} = ${value}`,
    rows: (count: string, isOne: boolean) => `${count} ${isOne ? 'row' : 'rows'} came back`,
    inProgress: 'in progress',
    finished: 'done',
  },

  attempt: {
    title: (attempt: number) => `Attempt ${String(attempt)}`,
    verdicts: {
      drafted: 'Drafted',
      accepted: 'Passed every check',
      doubted: 'Allowed, but sent back as doubtful',
      rejected: 'Rejected',
      failed: 'Failed while running',
    } satisfies Record<SqlActivity['status'], string>,
    showSql: 'Show SQL',
  },

  sql: {
    label: 'SQL',
    copy: 'Copy',
    copied: 'Copied',
    edit: 'Edit',
    edited: 'Edited SQL',
    run: 'Run',
    guarded: 'Your SQL passes the same checks as any other. No model is called.',
  },

  chart: {
    table: 'Table',
    view: 'Show as',
    inUnit: (unit: string) => `in ${unit}`,
    failed: 'The chart could not be drawn. The table has the same figures.',
    kinds: {
      bar: 'Bar chart',
      line: 'Line chart',
      area: 'Area chart',
      pie: 'Pie chart',
      scatter: 'Scatter chart',
      number: 'Number',
    } satisfies Record<ChartSpec['type'], string>,
    points: (count: number) => `${String(count)} ${plural(count, 'point', 'points')}`,
    extremes: (series: string, highest: string, highestAt: string, lowest: string, lowestAt: string) =>
      `${series}: highest ${highest} at ${highestAt}, lowest ${lowest} at ${lowestAt}.`,
    picture: 'Save as PNG',
    csv: 'Save as CSV',
  },

  chips: {
    change: 'Change',
    run: 'Run with changes',
    remove: (label: string) => `Remove: ${label}`,
    restore: (label: string) => `Keep: ${label}`,
    none: 'Nothing in this SQL can be changed here. Edit the SQL below.',
    failed: 'What can be changed could not be loaded',
    comparisons: {
      is: (subject) => `${subject} is`,
      is_not: (subject) => `${subject} is not`,
      above: (subject) => `${subject} above`,
      from: (subject) => `${subject} from`,
      before: (subject) => `${subject} before`,
      below: (subject) => `${subject} below`,
      up_to: (subject) => `${subject} up to`,
      one_of: (subject) => `${subject} is one of`,
      between: (subject) => `${subject} between`,
      like: (subject) => `${subject} is like`,
    } as Record<Exclude<Chip['comparison'], ''>, (subject: string) => string>,
    kinds: { limit: 'first', measure: 'measure', split: 'split by', new_split: 'also split by' } as Record<string, string>,
    functions: { average: 'average', total: 'total', lowest: 'lowest', highest: 'highest' } as Record<string, string>,
    noSplit: 'nothing more',
    without: (label: string) => `without ${label}`,
    guarded: 'The same SQL runs with these values. No model is called.',
  },

  receipt: {
    title: 'Receipt',
    subtitle: 'how this answer was made',
    assumptions: 'How I read the question',
    kinds: {
      measure: 'Measure',
      dimension: 'Split',
      filter: 'Only',
      period: 'Period',
      order: 'Order',
      limit: 'Limit',
      note: 'Note',
    } satisfies Record<Assumption['kind'], string>,
    tables: 'Tables',
    rows: 'Rows in the result',
    seen: 'Rows the writer saw',
    engine: 'Engine',
    drafter: 'Drafted by',
    writer: 'Written by',
    authors: { embedded: 'Built-in planner', given: 'A reader' } as Record<string, string>,
    attempts: 'Attempts',
    bytes: 'Data scanned',
    bound: 'Most it could scan',
    cost: 'Cost',
    context: 'Data description',
    run: 'Run',
    notes: 'Notes',
    sql: 'SQL as it ran',
  },

  errors: errors as Record<string, string>,

  failure: {
    unreachable: 'The service cannot be reached. Check your connection and try again.',
    cut: 'The connection was lost before the answer was complete. Your question is kept; try again.',
    service: 'The service could not do this. Try again in a moment.',
    kept: 'This question was not answered.',
    unexpected: 'Something is wrong on this page. Reload it and try again.',
  },
}
