import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { environmentOfItsOwn } from '../../scripts/installs/environment.mjs'
import { packagesOfNpm } from '../../scripts/installs/install.mjs'
import { tool } from '../../scripts/tools.mjs'
import { workspacePackages } from '../../scripts/workspace.mjs'
import { testDirectory } from './directory.js'
import { installTarballs, packedPackages, type Tarballs } from './tarballs.js'

const run = promisify(execFile)

const example = fileURLToPath(new URL('../../examples/third-party-module', import.meta.url))

let packed: Awaited<ReturnType<typeof packedPackages>>
beforeAll(async () => {
  packed = await packedPackages()
})
afterAll(() => packed.remove())

type Ranges = Readonly<Record<string, string>>

interface Manifest {
  readonly dependencies: Ranges
  readonly devDependencies: Ranges
}

async function manifestOf(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
}

/** Installs what a package asks for, with the packages of this repository from tarballs in place of the registry. */
async function installDependencies(directory: string, manifest: Manifest, tarballs: Tarballs): Promise<void> {
  const fromTarballs = (ranges: Ranges): Ranges =>
    Object.fromEntries(
      Object.entries(ranges).map(([name, range]) => [name, name in tarballs ? `file:${tarballs[name]}` : range]),
    )
  const dependencies = fromTarballs(manifest.dependencies)
  const devDependencies = fromTarballs(manifest.devDependencies)
  const overrides = Object.entries(tarballs)
    .filter(([name]) => !(name in dependencies || name in devDependencies))
    .map(([name, tarball]) => [name, `file:${tarball}`])
  await writeFile(
    join(directory, 'package.json'),
    JSON.stringify({ ...manifest, dependencies, devDependencies, overrides: Object.fromEntries(overrides) }),
  )
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline']
  await run('npm', args, { cwd: directory, env: environmentOfItsOwn() })
}

/** Builds and tests a copy of the example, as its author would, and packs it. */
async function packedExample(): Promise<{ tarball: string; output: string }> {
  const directory = await testDirectory()
  const generated = /^\/(node_modules|dist|build)(\/|$)/
  await cp(example, directory, { recursive: true, filter: (path) => !generated.test(path.slice(example.length)) })
  await installDependencies(directory, await manifestOf(directory), packed.tarballs)
  const options = { cwd: directory, env: environmentOfItsOwn() }
  const { stdout: output } = await run('npm', ['test'], options)
  // Published is the manifest as it stands in the repository.
  await cp(join(example, 'package.json'), join(directory, 'package.json'))
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--silent'], options)
  return { tarball: join(directory, stdout.trim()), output }
}

/** The code blocks of the example's README, the server's and the client's, for another directory and target. */
async function readmePrograms(directory: string, port: number): Promise<string[]> {
  const readme = await readFile(join(example, 'README.md'), 'utf8')
  return [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) =>
    code.replaceAll('/run/app', directory).replace("'192.0.2.1', port: 5060", `'127.0.0.1', port: ${port}`),
  )
}

/** A port that something listens on until the test is over. */
async function listeningPort(): Promise<number> {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return portOf(server.address())
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen on TCP')
  return address.port
}

const typedProgram = `
import type { ParamsOf, ResultOf } from '@mi/contract'
import { probe } from 'mi-module-probe/contract'

export const params: ParamsOf<typeof probe.check> = { name: 'gw1', within_ms: 500 }
export const result: ResultOf<typeof probe.check> = { name: 'gw1', connect_ms: 12 }
// @ts-expect-error -- there is no such parameter
export const wrong: ParamsOf<typeof probe.check> = { target: 'gw1' }
`

/** @throws Error with what the compiler says, when a program does not compile as strictly as can be */
async function compile(directory: string, program: string): Promise<void> {
  await writeFile(join(directory, 'typed.ts'), program)
  const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [] }
  await writeFile(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }))
  const [command, compiler] = tool('typescript', 'tsc')
  await run(command, [compiler], { cwd: directory }).catch(({ stdout }) => {
    throw new Error(`the program does not compile: ${stdout}`)
  })
}

test('the example is outside of the workspace, and needs the contract alone at run time', async () => {
  expect(workspacePackages().map(({ folder }) => folder)).not.toContain(example)
  expect(Object.keys((await manifestOf(example)).dependencies)).toEqual(['@mi/contract'])
})

test('the example builds, passes its tests and is served over a FIFO, from nothing but tarballs', async () => {
  const { tarball, output } = await packedExample()
  expect(output).toMatch(/\bpass [1-9]\d+\n/)
  expect(output).toMatch(/\bfail 0\n/)

  const consumer = await testDirectory()
  const tarballs = { ...packed.tarballs, 'mi-module-probe': tarball }
  await installTarballs(consumer, tarballs, ['mi-module-probe'])
  expect(await packagesOfNpm(join(consumer, 'node_modules'))).toEqual(['@mi/contract', 'mi-module-probe'])
  await compile(consumer, typedProgram)

  await installTarballs(consumer, tarballs, ['mi-module-probe', '@mi/core', '@mi/fifo', '@mi/client'])
  const directory = await testDirectory()
  const [server = '', client = ''] = await readmePrograms(directory, await listeningPort())
  await writeFile(join(consumer, 'server.mjs'), server)
  await writeFile(join(consumer, 'client.mjs'), client)

  const env = environmentOfItsOwn()
  const serving = spawn(process.execPath, [join(consumer, 'server.mjs')], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(serving, 'exit')
  onTestFinished(async () => {
    serving.kill('SIGKILL')
    await ended
  })
  expect(String((await Promise.race([once(serving.stdout, 'data'), ended]))[0])).toBe('listening\n')
  const { stdout } = await run(process.execPath, [join(consumer, 'client.mjs')], { env, timeout: 30_000 })
  expect(stdout).toMatch(/^\{ name: 'gw1', connect_ms: \d+ \}\n$/)
  serving.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(await readFile(join(directory, 'targets'), 'utf8')).toMatch(/^gw1 127\.0\.0\.1 \d+\n$/)
})
