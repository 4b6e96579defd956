import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { publicPackages } from '../../scripts/workspace.mjs'
import { copyRepository } from './release-fixture.js'

/** Whatever has the package among what is installed with it. */
function dependentsOf(name: string): string[] {
  return publicPackages()
    .filter(({ manifest }) => manifest.dependencies?.[name] ?? manifest.peerDependencies?.[name])
    .map(({ manifest }) => manifest.name)
}

const namesOf = (released: readonly string[]): string[] =>
  released.map((each) => each.slice(0, each.lastIndexOf('@'))).sort()

test('a change of @mi/fifo alone gives a new version of nothing else', async () => {
  const copy = await copyRepository()
  expect(namesOf(await copy.release('@mi/fifo', 'minor'))).toEqual(['@mi/fifo'])
})

test('a change of @mi/contract that breaks nothing gives a new version of nothing else', async () => {
  const copy = await copyRepository()
  expect(namesOf(await copy.release('@mi/contract', 'patch'))).toEqual(['@mi/contract'])
})

test('a breaking change of @mi/contract takes along its dependents and nobody else, with the new range', async () => {
  const copy = await copyRepository()
  const { version: before } = await copy.manifest('@mi/contract')
  const released = await copy.release('@mi/contract', before.startsWith('0.') ? 'minor' : 'major')
  const dependents = dependentsOf('@mi/contract')
  expect(namesOf(released)).toEqual(['@mi/contract', ...dependents].sort())
  expect(dependents).not.toContain('@mi/posix')
  const { version } = await copy.manifest('@mi/contract')
  for (const name of dependents) {
    expect((await copy.manifest(name)).dependencies?.['@mi/contract']).toBe(`workspace:^${version}`)
  }
})

test('the template for modules, and the guide that quotes it, ask for the versions that a release raises', async () => {
  const copy = await copyRepository()
  await copy.release('@mi/contract', 'minor')
  const { version } = await copy.manifest('@mi/contract')
  for (const file of ['examples/third-party-module/package.json', 'docs/write-your-own-mi-module.md']) {
    expect(await readFile(join(copy.folder, file), 'utf8')).toContain(`"@mi/contract": "^${version}"`)
  }
})

test('a breaking change of a peer dependency below 1.0.0 makes nobody 1.0.0', async () => {
  const copy = await copyRepository()
  const released = await copy.release('@mi/posix', 'minor')
  expect(namesOf(released)).toEqual(['@mi/posix', ...dependentsOf('@mi/posix')].sort())
  expect(released.filter((each) => !/@0\.\d+\.\d+$/.test(each))).toEqual([])
  const { version } = await copy.manifest('@mi/posix')
  const { version: raised, peerDependencies } = await copy.manifest('@mi/fifo')
  expect(raised).toMatch(/^0\.\d+\.0$/)
  expect(peerDependencies).toEqual({ '@mi/posix': `workspace:^${version}` })
})

test('a change of a peer dependency within its range leaves those alone who use it', async () => {
  const copy = await copyRepository()
  expect(namesOf(await copy.release('@mi/posix', 'patch'))).toEqual(['@mi/posix'])
})
