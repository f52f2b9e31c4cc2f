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
  const plain: [string, string][] = [
    [words.rows, formatCount(receipt.true_row_count)],
    [words.seen, formatCount(receipt.rows_seen_by_writer)],
    [words.engine, receipt.warehouse],
    [words.drafter, receipt.drafter],
    [words.writer, receipt.writer],
    [words.attempts, receipt.attempts > 0 ? formatCount(receipt.attempts) : ''],
    [words.bytes, receipt.bytes_scanned === null ? '' : formatBytes(receipt.bytes_scanned)],
    [words.cost, receipt.cost_usd === null ? '' : `$${receipt.cost_usd.toFixed(4)}`],
  ]
  const code: [string, string][] = [
    [words.tables, receipt.tables.join(', ')],
    [words.context, receipt.context_version],
    [words.run, receipt.run_id],
  ]
  const toFact = (isCode: boolean) => ([label, value]: [string, string]) => ({ label, value, isCode })
  return [...plain.map(toFact(false)), ...code.map(toFact(true))].filter(({ value }) => value !== '')
}
