import AxeBuilder from '@axe-core/playwright'
import { type Page, expect, test } from '@playwright/test'

import { ChatPage, ONCE, watchBreaches } from '../chat-page'

/** The names of the runs that `server.config.ts` makes. */
const RUNS = ['first', 'second']

async function enter(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Console' }).click()
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Evals', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Evals')
}

function shot(page: Page, name: string, project: string): Promise<Buffer> {
  return page.screenshot({ path: `../artifacts/screenshots/console-${name}-${project}.png` })
}

/** What axe finds, in the framed report too. */
async function violations(page: Page): Promise<string[]> {
  const found = (await new AxeBuilder({ page }).analyze()).violations
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))
}

test.describe('evaluations', () => {
  test.skip(Boolean(process.env.VTION_CONTEXT), 'runs are made for the demo data alone')

  test('two of them are opened side by side, in a sandbox', async ({ page, baseURL }, { project }) => {
    const breaches = watchBreaches(page, baseURL ?? '')
    await new ChatPage(page).open('/')
    await enter(page)
    for (const name of RUNS) await page.getByRole('checkbox', { name: `Compare ${name}` }).check()
    await page.getByRole('link', { name: 'Open 2 side by side' }).click()
    const frame = page.getByTitle('Report of first, second')
    await expect(frame).toHaveAttribute('sandbox', 'allow-scripts')
    const report = frame.contentFrame()
    await expect(report.getByRole('status')).toHaveText(/^\d+ shown$/)
    await expect(report.getByRole('button', { name: /^Failures/ })).toBeVisible()
    const cell = report.getByRole('button', { name: /first: (passed|failed)/ }).first()
    await cell.click()
    await expect(report.getByRole('heading', { name: 'SQL: gold' }).first()).toBeVisible()
    // Sandboxed: nothing of the console, of its sign-in or of the service can be reached from it.
    const reached = await report.locator('body').evaluate(async () => {
      try {
        return String(sessionStorage.length)
      } catch {
        return fetch('/me').then(() => 'service', () => 'nothing')
      }
    })
    expect(reached).toBe('nothing')
    expect(await new ChatPage(page).overflows()).toBe(false)
    await shot(page, 'eval-report', project.name)
    const unreached = breaches.filter((breach) => !breach.includes('/me'))
    expect(unreached).toEqual([])
    expect(await violations(page)).toEqual([])

    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save as one file' }).click()
    expect((await saving).suggestedFilename()).toBe('first-second.html')
    await page.getByRole('link', { name: 'All evaluations' }).click()
    await page.getByRole('link', { name: 'first', exact: true }).click()
    await expect(page.getByTitle('Report of first').contentFrame().getByRole('status')).toHaveText(/shown/)
  })

  test('an answer that was rated down becomes a sample', ONCE, async ({ page }, { project }) => {
    const said = `Sessions of the app alone, ${String(Date.now())}.`
    const chat = new ChatPage(page)
    await chat.open('/')
    await chat.askAndWait('Number of sessions per month')
    await chat.turn.getByRole('button', { name: 'Bad answer' }).click()
    await chat.turn.getByRole('textbox', { name: /What is wrong/ }).fill(said)
    await chat.turn.getByRole('button', { name: 'Send comment' }).click()
    await expect(chat.turn.getByText('Your comment is with')).toBeVisible()

    await enter(page)
    const row = page.getByRole('row').filter({ hasText: said })
    await expect(row).toBeVisible()
    await shot(page, 'eval-inbox', project.name)
    await row.getByRole('button', { name: /Make it a sample/ }).press('Enter')
    await expect(page.getByText(/run-\w+ is in \S+production\.yaml now\./)).toBeVisible()
    await expect(row).toHaveCount(0)
    expect(await violations(page)).toEqual([])
    await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Audit trail' }).click()
    await expect(page.getByText('evals.take').first()).toBeVisible()
  })
})
