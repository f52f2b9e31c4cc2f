/** Checks the first load against its budget: the page, what it links to and its font, gzipped. */
import { readFileSync, readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET = 60 * 1024
const DIST = new URL('../dist/', import.meta.url)

const gzipped = (path) => gzipSync(readFileSync(new URL(path, DIST))).length
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(9)

const html = readFileSync(new URL('index.html', DIST), 'utf8')
const linked = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path]) => path)
const assets = readdirSync(new URL('assets/', DIST)).map((name) => `assets/${name}`)
// A font for another script is fetched only where that script is on the page.
const fonts = assets.filter((path) => /latin.*\.woff2$/.test(path))
const first = ['index.html', ...linked, ...fonts]
const later = assets.filter((path) => !first.includes(path))

const total = first.reduce((sum, path) => sum + gzipped(path), 0)
for (const path of first) console.log(`${kilobytes(gzipped(path))}  ${path}`)
console.log(`${kilobytes(total)}  first load, of ${kilobytes(BUDGET).trim()} allowed`)
for (const path of later) console.log(`${kilobytes(gzipped(path))}  ${path} (when needed)`)

if (total > BUDGET) {
  console.error('The first load is over its budget.')
  process.exitCode = 1
}
