import { send } from './client'
import type { Rating } from './schemas'

/** A thumb on a run and, where there is one, a comment; a second one takes the place of the first. */
export async function giveFeedback(
  run: string,
  rating: Rating,
  comment: string,
  baseUrl = '',
): Promise<void> {
  await send('/feedback', { method: 'POST', body: { run_id: run, rating, comment }, baseUrl })
}
