import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'tsup'
import { expect, test } from 'vitest'

const run = promisify(execFile)

const source = JSON.stringify(resolve(import.meta.dirname, '../src/index.ts'))

test('a bundle in CommonJS may hold the package, and blocking scripts say there why they cannot run', async () => {
  const output = await outputOfBundle(`
    import { createBlockingScript } from ${source}
    const script = createBlockingScript({ engine: new URL('file:///engine.js') })
    script.listen().catch((error) => console.log(error.code, error.message)).finally(() => script.close())
  `)
  expect(output).toContain('@mi/script must be installed as it was published, not bundled into another file')
})

/** What a program prints that was bundled, with all that it imports, into one CommonJS file, and runs elsewhere. */
async function outputOfBundle(program: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mi-bundle-'))
  try {
    const entry = join(folder, 'main.mjs')
    await writeFile(entry, program)
    await build({
      entry: [entry],
      outDir: join(folder, 'dist'),
      format: 'cjs',
      platform: 'node',
      noExternal: [/.*/],
      config: false,
      silent: true,
    })
    const { stdout } = await run(process.execPath, [join(folder, 'dist', 'main.cjs')], { cwd: folder })
    return stdout
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
