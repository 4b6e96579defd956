import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { apiReports } from '../api/reports.mjs'
import { readOptions } from '../options.mjs'
import { root } from '../root.mjs'
import { setUp as setUpAll } from '../set-up/index.mjs'

/**
 * npm run api [-- --check]: records the public types of every package in its etc/NAME.api.md; with --check it changes nothing,
 * and fails when what is recorded is not what was built.
 * @param {string[]} args
 * @param {{ setUp?: () => Promise<unknown> }} [parts] setUp: what is done before. @default install and build
 */
export async function api(args, { setUp = setUpAll } = {}) {
  const { check } = readOptions({ args, options: { check: { type: 'boolean', default: false } } })
  await setUp()
  const stale = (await apiReports()).filter(
    ({ file, text }) => !existsSync(file) || readFileSync(file, 'utf8') !== text,
  )
  const list = stale.map(({ name, file }) => `  ${name}: ${relative(root, file)}`).join('\n')
  if (stale.length === 0) {
    console.log('The recorded API of every package is current.')
    return 0
  }
  if (check) {
    console.error(
      `The public types of these packages are not those that are recorded:\n${list}\n` +
        'When that is meant, run npm run api, look at the difference, and commit it with a changeset.',
    )
    return 1
  }
  for (const { file, text } of stale) {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  console.log(`Recorded:\n${list}`)
  return 0
}
