/** The lines of a receipt that are a label and a value. */
import type { Receipt } from '../api/schemas'
import { words } from '../strings/language.svelte'
import { formatBytes, formatCost, formatCount } from '../text/format'

export interface Fact {
  label: string
  value: string
  isCode: boolean
}

/** What the service did not say is left out. */
export function receiptFacts(receipt: Receipt): Fact[] {
  const labels = words().receipt
  const { bytes_scanned: bytes, bytes_estimated: bound, cost_usd: cost } = receipt
  const hasRun = receipt.sql !== ''
  const plain: [string, string][] = [
    [labels.rows, hasRun ? formatCount(receipt.true_row_count) : ''],
    [labels.seen, hasRun ? formatCount(receipt.rows_seen_by_writer) : ''],
    [labels.engine, receipt.warehouse],
    [labels.drafter, labels.authors[receipt.drafter] ?? receipt.drafter],
    [labels.writer, labels.authors[receipt.writer] ?? receipt.writer],
    [labels.attempts, receipt.attempts > 0 ? formatCount(receipt.attempts) : ''],
    [labels.bytes, typeof bytes === 'number' ? formatBytes(bytes) : ''],
    [labels.bound, typeof bound === 'number' ? formatBytes(bound) : ''],
    [labels.cost, typeof cost === 'number' ? formatCost(cost) : ''],
  ]
  const code: [string, string][] = [
    [labels.tables, receipt.tables.join(', ')],
    [labels.context, receipt.context_version],
    [labels.run, receipt.run_id],
  ]
  const toFact = (isCode: boolean) => ([label, value]: [string, string]) => ({ label, value, isCode })
  return [...plain.map(toFact(false)), ...code.map(toFact(true))].filter(({ value }) => value !== '')
}
