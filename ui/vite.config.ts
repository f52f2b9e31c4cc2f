import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

import { subsetFont } from './scripts/subset-font.ts'

const service = process.env.VTION_API ?? 'http://127.0.0.1:8000'

/** What the service answers, beside the page. */
export const API = ['/query', '/capabilities', '/runs', '/threads', '/feedback', '/config', '/admin', '/evals', '/me']

export default defineConfig({
  plugins: [svelte(), subsetFont()],
  build: {
    target: 'es2022',
    // `light-dark()` goes out as it is written.
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    // Inlined `data:` assets would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // All of the first load in one file: a dozen small ones compress worse.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'first', test: /\/src\/main\.ts$/ }] } },
    },
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: Object.fromEntries(API.map((path) => [path, service])),
  },
  test: {
    include: ['tests/unit/**/*.test.ts'],
    environment: 'node',
  },
})
