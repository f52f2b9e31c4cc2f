/** Takes the README's picture: the real service on the sample, asked one question. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { chromium } from '@playwright/test'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const port = '8431'
const url = `http://127.0.0.1:${port}/`
const question = process.argv[2] ?? 'Top 10 apps by weighted reach in September 2026'
/** Asked before it, so that the list of conversations is not empty. */
const earlier = ['How did DAU develop by month?', 'Time per user by age band in September 2026']
const state = mkdtempSync(join(tmpdir(), 'vtion-picture-'))
const picture = resolve(root, 'docs/images/chat.png')

async function untilUp() {
  for (let attempt = 0; attempt < 240; attempt += 1) {
    const answer = await fetch(`${url}healthz`).catch(() => null)
    if (answer?.ok) return
    await new Promise((wake) => setTimeout(wake, 500))
  }
  throw new Error('the service did not start')
}

const service = spawn('.venv/bin/vtion', ['demo', '--no-browser', '--port', port], {
  cwd: root,
  env: { ...process.env, VTION_STATE: `sqlite:///${join(state, 'state.sqlite')}` },
  stdio: ['ignore', 'ignore', 'inherit'],
})
try {
  await untilUp()
  const browser = await chromium.launch({
    executablePath: process.env.VTION_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  const page = await browser.newPage({ viewport: { width: 1200, height: 1080 } })
  await page.goto(url)
  for (const asked of [...earlier, question]) {
    await page.goto(`${url}#/`)
    await page.getByRole('heading', { name: 'Try one of these' }).waitFor()
    const box = page.getByRole('textbox', { name: 'Your question' })
    await box.fill(asked)
    await box.press('Enter')
    await page.locator('article[data-phase=answered] summary', { hasText: 'Receipt' }).waitFor()
  }
  await page.locator('[data-drawing=drawn] canvas').waitFor()
  // Bars grow into place.
  await page.waitForTimeout(1500)
  mkdirSync(dirname(picture), { recursive: true })
  await page.screenshot({ path: picture })
  await browser.close()
} finally {
  service.kill()
  rmSync(state, { recursive: true, force: true })
}
