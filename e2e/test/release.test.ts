import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createMi } from '@mi/core'
import { fifo } from '@mi/fifo'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { packAll, unpack } from '../../scripts/check-packages/pack.mjs'
import { filesBelow, kilobytesBelow } from '../../scripts/files.mjs'
import {
  installGlobally,
  installWithNpm,
  installWithPnpm,
  packagesOfNpm,
  packagesOfPnpm,
} from '../../scripts/installs/install.mjs'
import { readSizes } from '../../scripts/installs/readme-tables.mjs'
import { publishTarballs, unpublishedPackages } from '../../scripts/release/publish.mjs'
import { startRegistry } from '../../scripts/release/registry.mjs'
import { inRoot } from '../../scripts/root.mjs'
import { publicPackages } from '../../scripts/workspace.mjs'
import { testDirectory } from './directory.js'
import { copyRepository, type Manifest, type Watched, watchCompilers } from './release-fixture.js'
import { compile, datagramServer, fifoClient, fifoServer, thirdPartyModule, typedClient } from './release-programs.js'
import { askByFifo, askByUdp, freeUdpPort, outputOf, startInstalled } from './release-running.js'

const run = promisify(execFile)

let scratch: string
let registry: Awaited<ReturnType<typeof startRegistry>>
let compilers: Watched
let published: readonly string[]
let tarballs: ReadonlyMap<string, string>
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'mi-e2e-release-'))
  compilers = await watchCompilers(join(scratch, 'compilers'))
  registry = await startRegistry()
  const packages = await unpublishedPackages(registry)
  tarballs = await packAll(join(scratch, 'packed'))
  await publishTarballs(packages, tarballs, registry)
  published = packages.map(({ manifest }) => manifest.name)
})
afterAll(async () => {
  await registry?.close()
  await rm(scratch, { recursive: true, force: true })
})

const engine = ['ajv', 'fast-deep-equal', 'fast-uri', 'json-schema-traverse', 'require-from-string']
const addon = ['@mi/posix', 'node-gyp-build']

/** Installs as users do; nothing may be compiled. @returns the project, and what is in its node_modules */
async function install(
  manager: 'npm' | 'pnpm',
  names: readonly string[],
): Promise<{ project: string; packages: string[] }> {
  const project = await mkdtemp(join(scratch, `${manager}-`))
  const request = { folder: project, registry, names, env: { PATH: compilers.PATH } }
  await (manager === 'npm' ? installWithNpm(request) : installWithPnpm(request))
  const modules = join(project, 'node_modules')
  await expectNothingCompiled(modules)
  if (manager === 'npm') await expectKnownSize(`npm install ${names.join(' ')}`, modules)
  return { project, packages: await (manager === 'npm' ? packagesOfNpm : packagesOfPnpm)(modules) }
}

async function expectNothingCompiled(modules: string): Promise<void> {
  expect(await compilers.calls()).toBe('')
  const made = filesBelow(modules).filter((file) => /\.(node|o)$/.test(file) && !file.includes('/prebuilds/'))
  expect(made).toEqual([])
}

/** At most what the addon of a further platform takes, which is there after `npm run prebuild` alone. */
const furtherAddonKilobytes = 80

/** The README tells the size, with two digits; a tenth more or less is no news. */
async function expectKnownSize(what: string, folder: string): Promise<void> {
  const told = readSizes(await readFile(inRoot('README.md'), 'utf8')).get(what)
  const kilobytes = kilobytesBelow(folder)
  const remedy = `README.md tells ${told} kB of '${what}', which takes ${kilobytes.toFixed(1)}: npm run sizes`
  expect(Math.abs((told ?? 0) - kilobytes), remedy).toBeLessThan(
    kilobytes / 10 + (what === '@mi/posix' ? furtherAddonKilobytes : 0),
  )
}

/** A server of this process on a FIFO, for what is a client. */
async function serve(): Promise<{ fifoName: string; replyDir: string }> {
  const replyDir = await testDirectory()
  const fifoName = join(replyDir, 'mi_fifo')
  const mi = createMi({ transports: [fifo({ fifoName, replyDir })], server: { name: 'from the tests' } })
  await mi.listen()
  onTestFinished(() => mi.close())
  return { fifoName, replyDir }
}

test('publishes every package, each after those that it depends on, and none twice', async () => {
  expect([...published].sort()).toEqual(publicPackages().map(({ manifest }) => manifest.name))
  for (const { manifest } of publicPackages()) {
    const needs = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    const own = needs.filter((name) => published.includes(name))
    for (const name of own) expect(published.indexOf(name)).toBeLessThan(published.indexOf(manifest.name))
  }
  expect(await unpublishedPackages(registry)).toEqual([])
})

test('the README tells the size of every package', async () => {
  for (const [name, tarball] of tarballs) {
    await expectKnownSize(name, await unpack(tarball, await mkdtemp(join(scratch, 'unpacked-'))))
  }
})

describe.each(['npm', 'pnpm'] as const)('installed with %s from a registry', (manager) => {
  test('@mi/core and @mi/fifo serve a FIFO, and bring no other transport', async () => {
    const { project, packages } = await install(manager, ['@mi/core', '@mi/fifo'])
    expect(packages).toEqual(['@mi/contract', '@mi/core', '@mi/fifo', ...engine])
    const replyDir = await testDirectory()
    const fifoName = join(replyDir, 'mi_fifo')
    await startInstalled(await compile(project, 'server', fifoServer), [fifoName, replyDir])
    expect(JSON.parse(await askByFifo(fifoName, replyDir))).toMatchObject({
      id: 7,
      result: { Server: expect.stringMatching(/^from the registry/) },
    })
  })

  test('@mi/core and @mi/datagram serve UDP and UNIX sockets with the addon as it was published', async () => {
    const { project, packages } = await install(manager, ['@mi/core', '@mi/datagram'])
    expect(packages).toEqual(['@mi/contract', '@mi/core', '@mi/datagram', ...addon, ...engine].sort())
    const program = await compile(project, 'server', datagramServer)
    const port = await freeUdpPort()
    await startInstalled(program, [String(port), join(await testDirectory(), 'mi.sock')])
    expect(JSON.parse(await askByUdp(port))).toMatchObject({
      id: 7,
      result: { Server: expect.stringMatching(/^from the registry/) },
    })
  })

  test('@mi/client calls a server, and brings nothing of one', async () => {
    const { project, packages } = await install(manager, ['@mi/client'])
    expect(packages).toEqual(['@mi/client', '@mi/contract'])
    const { fifoName, replyDir } = await serve()
    expect(await outputOf(await compile(project, 'client', fifoClient), [fifoName, replyDir])).toContain(
      'from the tests',
    )
  })

  test('@mi/opensips types the calls of @mi/client, and brings nothing besides', async () => {
    const { project, packages } = await install(manager, ['@mi/client', '@mi/opensips'])
    expect(packages).toEqual(['@mi/client', '@mi/contract', '@mi/opensips'])
    const { fifoName, replyDir } = await serve()
    expect(await outputOf(await compile(project, 'typed', typedClient), [fifoName, replyDir])).toMatch(
      /^from the tests/,
    )
  })

  test('@mi/contract is all that a module of somebody else needs', async () => {
    const { project, packages } = await install(manager, ['@mi/contract'])
    expect(packages).toEqual(['@mi/contract'])
    expect(await outputOf(await compile(project, 'greeter', thirdPartyModule), [])).toBe('true true\n')
  })
})

const commandPackages = [
  '@mi/cli',
  '@mi/client',
  '@mi/contract',
  '@mi/opensips',
  '@mi/trace-hep',
  ...addon,
  'yaml',
].sort()

test('@mi/cli installed globally with npm gives the command mi, which asks a server for its version', async () => {
  const folder = await mkdtemp(join(scratch, 'global-'))
  await installGlobally({ folder, registry, names: ['@mi/cli'], env: { PATH: compilers.PATH } })
  const modules = join(folder, 'lib', 'node_modules')
  await expectNothingCompiled(modules)
  await expectKnownSize('npm install --global @mi/cli', modules)
  expect(await packagesOfNpm(modules)).toEqual(commandPackages)
  await expectVersion(join(folder, 'bin', 'mi'))
})

test('@mi/cli installed with pnpm gives the command mi, which asks a server for its version', async () => {
  const { project, packages } = await install('pnpm', ['@mi/cli'])
  expect(packages).toEqual(commandPackages)
  await expectVersion(join(project, 'node_modules', '.bin', 'mi'))
})

async function expectVersion(mi: string): Promise<void> {
  const { fifoName, replyDir } = await serve()
  const { stdout } = await run(mi, ['-u', `fifo:${fifoName}`, '--reply-dir', replyDir, 'version'], { timeout: 30_000 })
  expect(stdout).toContain('from the tests')
}

test('a release of @mi/fifo alone publishes nothing else', async () => {
  const copy = await copyRepository()
  await copy.release('@mi/fifo', 'minor')
  const { version } = await copy.manifest('@mi/fifo')
  expect(await copy.publish(registry)).toEqual([`@mi/fifo@${version}`])
})

test('modules and errors of one version of @mi/contract are understood by an engine and a client with another', async () => {
  const { version: older } = await manifestOf('@mi/contract')
  const copy = await copyRepository()
  await copy.release('@mi/contract', older.startsWith('0.') ? 'minor' : 'major')
  const { version: newer } = await copy.manifest('@mi/contract')
  expect(await copy.publish(registry, ['@mi/contract', '@mi/core'])).toHaveLength(2)

  const project = await testDirectory()
  const { version: coreVersion } = await copy.manifest('@mi/core')
  const others = await Promise.all(['@mi/contract', '@mi/fifo', '@mi/client'].map(manifestOf))
  const names = [`@mi/core@${coreVersion}`, ...others.map(({ name, version }) => `${name}@${version}`)]
  await installWithNpm({ folder: project, registry, names })
  const versionAt = async (...path: string[]): Promise<string> =>
    JSON.parse(await readFile(join(project, 'node_modules', ...path, 'package.json'), 'utf8')).version
  expect(await versionAt('@mi/contract')).toBe(older)
  expect(await versionAt('@mi/core', 'node_modules', '@mi/contract')).toBe(newer)

  const program = join(project, 'both.mjs')
  await writeFile(program, twoContracts)
  expect(JSON.parse(await outputOf(program, [await testDirectory()]))).toEqual({
    distinct: true,
    answer: 'hello you',
    failure: { code: -32602, data: 'Nobody to greet', understood: true },
    closed: { code: 'MI_CLOSED', understood: [true, true] },
  })
})

/** A module with its own contract in an engine with another, called by a client. */
const twoContracts = `
import { createClient, fifo as overFifo } from '@mi/client'
import * as older from '@mi/contract'
import { createMi } from '@mi/core'
import { fifo } from '@mi/fifo'

const ofCore = new URL('./node_modules/@mi/core/node_modules/@mi/contract/dist/index.js', import.meta.url)
const newer = await import(ofCore)
const [, , replyDir] = process.argv
const fifoName = replyDir + '/mi_fifo'

const greeter = older.defineModule('greeter', { hello: { recipes: [{ name: 'string' }], result: 'string' } })
const module = older.implement(greeter, {
  hello({ name }) {
    if (name === 'nobody') throw older.invalidParams('Nobody to greet')
    return 'hello ' + name
  },
})
const mi = createMi({ modules: [module], transports: [fifo({ fifoName, replyDir })] })
await mi.listen()
const client = createClient({ transport: overFifo({ fifoName, replyDir }) })
const caught = (promise) => promise.then(() => undefined, (error) => error)
const answer = await client.call(greeter.hello, { name: 'you' })
const failure = await caught(client.call(greeter.hello, { name: 'nobody' }))
await client.close()
await mi.close()
const closed = await caught(client.call(greeter.hello, { name: 'you' }))
console.log(JSON.stringify({
  distinct: older.CommandError !== newer.CommandError && newer.isMiModule(module),
  answer,
  failure: { code: failure.code, data: failure.data, understood: newer.isCommandError(failure) },
  closed: { code: closed.code, understood: [older.isMiError(closed), newer.isMiError(closed)] },
}))
`

async function manifestOf(name: string): Promise<Manifest> {
  return JSON.parse(await readFile(inRoot('packages', name.slice('@mi/'.length), 'package.json'), 'utf8'))
}
