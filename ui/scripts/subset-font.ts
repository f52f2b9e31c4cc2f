/** The Latin font goes out with the letters that the page writes: a fifth smaller. */
import subset from 'subset-font'
import type { Plugin } from 'vite'

const ASCII = String.fromCodePoint(...Array.from({ length: 95 }, (_, at) => 32 + at))
const MARKS = '–—‘’“”…·•₹€£¥°×÷−±©→←↑↓≤≥≈½¼¾²³'
const ACCENTED = 'éèêëáàâäãåçñíìîïóòôöõøúùûüýÿßæœÉÈÀÁÂÄÇÑÓÖÜ'

export const subsetFont = (name = /figtree-latin.*\.woff2$/): Plugin => ({
  name: 'subset-font',
  apply: 'build',
  async generateBundle(_, bundle) {
    for (const asset of Object.values(bundle)) {
      if (asset.type !== 'asset' || !name.test(asset.fileName)) continue
      const letters = ASCII + MARKS + ACCENTED
      asset.source = await subset(Buffer.from(asset.source), letters, { targetFormat: 'woff2' })
    }
  },
})
