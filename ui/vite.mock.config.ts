/** `npm run dev:mock`: the page under development, on a stand-in that replays scripted runs. */
import { type Plugin, mergeConfig } from 'vite'

import { createMock } from './tests/mock/server.ts'
import config, { API } from './vite.config.ts'

const PORT = 8787
const service = `http://127.0.0.1:${String(PORT)}`

const standIn: Plugin = {
  name: 'stand-in',
  configureServer() {
    createMock().listen(PORT, '127.0.0.1')
  },
}

export default mergeConfig(config, {
  plugins: [standIn],
  server: { proxy: Object.fromEntries(API.map((path) => [path, service])) },
})
