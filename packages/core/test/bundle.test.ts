import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'tsup'
import { expect, test } from 'vitest'

const run = promisify(execFile)

const source = JSON.stringify(resolve(import.meta.dirname, '../src/index.ts'))

test('an engine runs from a bundle in CommonJS, and says there why it cannot start children', async () => {
  const output = await outputOfBundle(`
    import { createMi } from ${source}
    const transport = {
      name: 'lines',
      address: '',
      settings: {},
      close: async () => {},
      async listen(dispatcher) {
        const options = { count: 1, modules: 'file:///m.js', transport: new URL('file:///t.js'), options: {}, descriptors: [] }
        await dispatcher.startChildren({ ...options, processType: 'x' }).catch((error) => console.log(error.message))
      },
    }
    const mi = createMi({ transports: [transport] })
    mi.listen().then(() => {
      console.log(mi.dispatch('{"jsonrpc":"2.0","method":"pwd","id":1}'))
      return mi.close()
    })
  `)
  expect(output).toContain('@mi/core must be installed as it was published, not bundled into another file')
  expect(output).toContain('"WD"')
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
      define: { PACKAGE_VERSION: JSON.stringify('0.0.0-test') },
      config: false,
      silent: true,
    })
    const { stdout } = await run(process.execPath, [join(folder, 'dist', 'main.cjs')], { cwd: folder })
    return stdout
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
