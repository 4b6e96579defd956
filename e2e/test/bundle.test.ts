import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'tsup'
import { expect, test } from 'vitest'
import { inRoot } from '../../scripts/workspace.mjs'
import { testDirectory } from './directory.js'

const run = promisify(execFile)

/** How a program imports a package as it is built. */
const built = (name: string): string => JSON.stringify(inRoot('packages', name, 'dist', 'index.js'))

/** What a program prints that was bundled, with all that it imports, into one CommonJS file, and runs elsewhere. */
async function outputOfBundle(program: string): Promise<string> {
  const folder = await testDirectory()
  const entry = join(folder, 'main.mjs')
  await writeFile(entry, program)
  const outDir = join(folder, 'dist')
  await build({
    entry: [entry],
    outDir,
    format: 'cjs',
    platform: 'node',
    noExternal: [/.*/],
    config: false,
    silent: true,
  })
  return (await run(process.execPath, [join(outDir, 'main.cjs')], { cwd: folder })).stdout
}

test('an engine runs from a bundle in CommonJS, and says there why it cannot start children', async () => {
  const output = await outputOfBundle(`
    import { createMi } from ${built('core')}
    import { cluster } from ${built('processes')}
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
    const mi = createMi({ processes: cluster(), transports: [transport] })
    mi.listen().then(() => {
      console.log(mi.dispatch('{"jsonrpc":"2.0","method":"pwd","id":1}'))
      return mi.close()
    })
  `)
  expect(output).toContain('@mi/processes must be installed as it was published, not bundled into another file')
  expect(output).toContain('"WD"')
})

test('a bundle in CommonJS may hold @mi/script, and blocking scripts say there why they cannot run', async () => {
  const output = await outputOfBundle(`
    import { createBlockingScript } from ${built('script')}
    const script = createBlockingScript({ engine: new URL('file:///engine.js') })
    script.listen().catch((error) => console.log(error.code, error.message)).finally(() => script.close())
  `)
  expect(output).toContain('MI_UNSUPPORTED')
  expect(output).toContain('@mi/script must be installed as it was published, not bundled into another file')
})

test.skipIf(process.platform === 'win32')(
  'bundled, @mi/posix says that its addon was left behind, not that a compiler is missing',
  async () => {
    const output = await outputOfBundle(`
      import { posixSupport } from ${built('posix')}
      console.log(JSON.stringify(posixSupport()))
    `)
    expect(output).toContain("name it '@mi/posix' among the bundler's externals")
    expect(output).not.toContain('compiler')
  },
)
