import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedFiles } from './files.mjs'
import { readCatalogues, readCommandLevels } from './read-catalogues.mjs'

// `npm run generate`: writes src/ anew from catalogue/.
const source = fileURLToPath(new URL('../src/', import.meta.url))
const files = generatedFiles(readCatalogues(), readCommandLevels())
rmSync(join(source, 'modules'), { recursive: true, force: true })
for (const [path, text] of files) {
  mkdirSync(dirname(join(source, path)), { recursive: true })
  writeFileSync(join(source, path), text)
}
const modules = readdirSync(join(source, 'modules')).length
process.stdout.write(`packages/opensips/src: ${modules} modules, ${files.size} files\n`)
