/** Sign-in at an issuer: the real service, and an issuer on loopback that lets everybody in. */
import { defineConfig } from '@playwright/test'

import { base } from './base.config'

const port = process.env.VTION_IDENTITY_PORT ?? '8418'
const issuerPort = process.env.VTION_ISSUER_PORT ?? '8419'
const issuer = `http://127.0.0.1:${issuerPort}`

export default defineConfig({
  ...base,
  testDir: './identity',
  workers: 1,
  use: { ...base.use, baseURL: `http://127.0.0.1:${port}` },
  projects: (base.projects ?? []).filter(({ name }) => name === 'desktop'),
  webServer: [
    {
      command: `exec .venv/bin/python -m tests.api.issuer ${issuerPort}`,
      cwd: '../../..',
      url: `${issuer}/.well-known/openid-configuration`,
    },
    {
      command: 'rm -f var/state/identity.sqlite && exec .venv/bin/vtion serve',
      cwd: '../../..',
      url: `http://127.0.0.1:${port}/readyz`,
      timeout: 60_000,
      env: {
        VTION_PORT: port,
        VTION_LOG_LEVEL: 'ERROR',
        VTION_IDENTITY: issuer,
        VTION_OIDC_AUDIENCE: 'vtion',
        VTION_STATE: 'sqlite:///var/state/identity.sqlite',
      },
    },
  ],
})
