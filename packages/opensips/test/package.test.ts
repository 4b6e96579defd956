import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { expect, test } from 'vitest'
import * as opensips from '../src/index.js'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

test('each module has a subpath in the built package, with the same contract as the package itself', () => {
  const program = `
    import { deepStrictEqual } from 'node:assert'
    import * as opensips from '@mi/opensips'
    const names = Object.keys(opensips)
    for (const name of names) {
      deepStrictEqual({ ...(await import('@mi/opensips/' + name)) }, { [name]: opensips[name] })
    }
    console.log(names.length, opensips.dialog.list.aliases)`
  const args = ['--input-type=module', '--eval', program]
  const output = execFileSync(process.execPath, args, { cwd: packageFolder, encoding: 'utf8' })
  expect(output.trim()).toBe(`${Object.keys(opensips).length} [ 'dlg_list' ]`)
})

test('a bundler leaves out the modules that a program does not use', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mi-bundle-'))
  try {
    const built = join(packageFolder, 'dist/index.js')
    writeFileSync(join(folder, 'main.js'), `import { dialog } from '${built}'\nconsole.log(dialog.list.aliases)\n`)
    await build({
      config: false,
      entry: [join(folder, 'main.js')],
      outDir: join(folder, 'out'),
      format: 'esm',
      outExtension: () => ({ js: '.mjs' }),
      noExternal: [/./],
      silent: true,
    })
    const bundle = readFileSync(join(folder, 'out/main.mjs'), 'utf8')
    expect(bundle).toContain('dlg_list')
    // dialog has parameters made by schema(), and so have others that must be gone with their modules.
    expect(bundle.match(/\b(defineModule\d*\("\w+"|literal\d*\(|schema\d*\(\{)/g)).toEqual([
      'defineModule("dialog"',
      ...Array.from({ length: 5 }, () => 'schema({'),
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
