/** The lines of a receipt that are a label and a value. */
import type { Receipt } from '../api/schemas'
import { en } from '../strings/en'
import { formatBytes, formatCount } from '../text/format'

export interface Fact {
  label: string
  value: string
  isCode: boolean
}

/** What the service did not say is left out. */
export function receiptFacts(receipt: Receipt): Fact[] {
  const { receipt: words } = en
  const { bytes_scanned: bytes, cost_usd: cost } = receipt
  const hasRun = receipt.sql !== ''
  const plain: [string, string][] = [
    [words.rows, hasRun ? formatCount(receipt.true_row_count) : ''],
    [words.seen, hasRun ? formatCount(receipt.rows_seen_by_writer) : ''],
    [words.engine, receipt.warehouse],
    [words.drafter, receipt.drafter],
    [words.writer, receipt.writer],
    [words.attempts, receipt.attempts > 0 ? formatCount(receipt.attempts) : ''],
    [words.bytes, typeof bytes === 'number' ? formatBytes(bytes) : ''],
    [words.cost, typeof cost === 'number' ? `$${cost.toFixed(4)}` : ''],
  ]
  const code: [string, string][] = [
    [words.tables, receipt.tables.join(', ')],
    [words.context, receipt.context_version],
    [words.run, receipt.run_id],
  ]
  const toFact = (isCode: boolean) => ([label, value]: [string, string]) => ({ label, value, isCode })
  return [...plain.map(toFact(false)), ...code.map(toFact(true))].filter(({ value }) => value !== '')
}
