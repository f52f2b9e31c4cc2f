/**
 * The whole product in a browser: the real service on the demo data.
 *
 * Each worker has a service of its own, since reviews, builds and labels change what all see.
 * `VTION_E2E_COMMAND` replaces the command that starts one; it is run at the repository's root and
 * has to listen on `VTION_PORT`. `VTION_WAREHOUSE` and `VTION_CONTEXT` name the data.
 */
import { defineConfig } from '@playwright/test'

import { base } from './base.config'

const WORKERS = 2

const given = process.env
// Workers inherit the environment, and with it what was chosen here; two runs have ports of their own.
given.VTION_PORT ??= String(20_000 + WORKERS * (process.pid % 6_000))
const firstPort = Number(given.VTION_PORT)
const serve = given.VTION_E2E_COMMAND ?? 'exec .venv/bin/vtion serve'

const folderOf = (at: number): string => `var/e2e/${String(at)}`

/** Two evaluations of a few questions each. Services start one after the other: the first makes them for all. */
function evaluations(at: number): string[] {
  const runs = `${folderOf(at)}/evals/runs`
  if (at > 0) return [`mkdir -p ${runs} && cp -r ${folderOf(0)}/evals/runs ${folderOf(at)}/evals`]
  return ['first', 'second'].map(
    (run) => `.venv/bin/vtion evals run dialogue --solver planner --tag clarify --out ${runs}/${run}`,
  )
}

/** Copies of what is changed, and evaluations to look at. */
function prepared(at: number): string {
  const folder = folderOf(at)
  return [
    `rm -rf ${folder} && mkdir -p ${folder}`,
    `cp -r prompts ${folder}/prompts`,
    `cp -r var/context/vtion ${folder}/context`,
    ...evaluations(at),
    serve,
  ].join(' && ')
}

function service(at: number): { command: string; url: string; cwd: string; timeout: number; env: Record<string, string> } {
  const folder = folderOf(at)
  const port = String(firstPort + at)
  return {
    command: given.VTION_CONTEXT ? serve : prepared(at),
    cwd: '../../..',
    url: `http://127.0.0.1:${port}/capabilities`,
    timeout: 180_000,
    env: {
      VTION_PORT: port,
      VTION_LOG_LEVEL: 'WARNING',
      // The day after the samples end, so that "last month" has data.
      VTION_TODAY: given.VTION_TODAY ?? '2026-10-01',
      VTION_STATE: given.VTION_STATE ?? `sqlite:///${folder}/state.sqlite`,
      VTION_WAREHOUSE: given.VTION_WAREHOUSE ?? 'duckdb://var/data/vtion',
      VTION_EVALS: given.VTION_EVALS ?? `${folder}/evals`,
      VTION_CONTEXT: given.VTION_CONTEXT ?? `${folder}/context`,
      ...(given.VTION_CONTEXT ? {} : { VTION_PROMPTS: `${folder}/prompts` }),
    },
  }
}

const own = firstPort + Number(given.TEST_PARALLEL_INDEX ?? 0)

export default defineConfig({
  ...base,
  testDir: './server',
  workers: WORKERS,
  timeout: 90_000,
  use: { ...base.use, baseURL: `http://127.0.0.1:${String(own)}` },
  webServer: Array.from({ length: WORKERS }, (_, at) => service(at)),
})
