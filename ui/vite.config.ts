import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

import { subsetFont } from './scripts/subset-font.ts'

const service = process.env.VTION_API ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [svelte(), subsetFont()],
  build: {
    target: 'es2022',
    // `light-dark()` goes out as it is written.
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    // Inlined `data:` assets would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: { '/query': service, '/capabilities': service },
  },
  test: {
    include: ['tests/unit/**/*.test.ts'],
    environment: 'node',
  },
})
