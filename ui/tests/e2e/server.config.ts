/**
 * The whole product in a browser: the real service on the demo data.
 *
 * `VTION_E2E_COMMAND` replaces the command that starts the service; it is run at the repository's
 * root and has to listen on `VTION_PORT`. `VTION_WAREHOUSE` and `VTION_CONTEXT` name the data.
 */
import { defineConfig } from '@playwright/test'

import { base } from './base.config'

const port = process.env.VTION_PORT ?? '8417'
const url = `http://127.0.0.1:${port}`

/** Copies, since reviews, builds and labels change what they work on. */
const context = 'var/context/e2e'
const prompts = 'var/prompts/e2e'
const copied = `rm -rf ${prompts} && mkdir -p var/prompts && cp -r prompts ${prompts} && rm -rf ${context} && cp -r var/context/vtion ${context} && `

/** Two evaluations to look at, of a few questions each. */
const evals = 'var/evals/e2e'
const evaluated = `rm -rf ${evals} && for run in first second; do .venv/bin/vtion evals run dialogue --solver planner --tag clarify --out ${evals}/runs/$run || exit 1; done && `

export default defineConfig({
  ...base,
  testDir: './server',
  workers: 1,
  timeout: 90_000,
  use: { ...base.use, baseURL: url },
  webServer: {
    command: `${process.env.VTION_CONTEXT ? '' : copied + evaluated}${process.env.VTION_E2E_COMMAND ?? 'exec .venv/bin/vtion serve'}`,
    cwd: '../../..',
    url: `${url}/capabilities`,
    timeout: 180_000,
    env: {
      VTION_PORT: port,
      VTION_LOG_LEVEL: 'WARNING',
      // The day after the samples end, so that "last month" has data.
      VTION_TODAY: process.env.VTION_TODAY ?? '2026-10-01',
      VTION_STATE: process.env.VTION_STATE ?? 'sqlite:///var/state/e2e.sqlite',
      VTION_WAREHOUSE: process.env.VTION_WAREHOUSE ?? 'duckdb://var/data/vtion',
      VTION_EVALS: process.env.VTION_EVALS ?? evals,
      ...(process.env.VTION_CONTEXT ? {} : { VTION_PROMPTS: prompts }),
      VTION_CONTEXT: process.env.VTION_CONTEXT ?? context,
    },
  },
})
