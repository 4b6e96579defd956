import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { cleanEnvironment, outputOf } from '../../scripts/commands.mjs'
import { install } from '../../scripts/installs.mjs'
import { inRoot } from '../../scripts/workspace.mjs'
import { testDirectory } from './directory.js'
import { run, startServer } from './installed-programs.js'
import { type Published, publishPackages } from './published.js'

const example = inRoot('examples', 'third-party-module')

let published: Published
beforeAll(async () => {
  published = await publishPackages()
})
afterAll(() => published?.close())

const manifest: { readonly dependencies: object } = JSON.parse(readFileSync(join(example, 'package.json'), 'utf8'))

/** Builds and tests a copy of the example, as its author would, and packs it. */
async function packedExample(): Promise<{ tarball: string; output: string }> {
  const directory = await testDirectory()
  const generated = /^\/(node_modules|dist|build)(\/|$)/
  await cp(example, directory, { recursive: true, filter: (path) => !generated.test(path.slice(example.length)) })
  const options = { cwd: directory, env: cleanEnvironment(published.env) }
  await outputOf('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], options)
  const output = await outputOf('npm', ['test'], options)
  const tarball = await outputOf('npm', ['pack', '--ignore-scripts', '--silent'], options)
  return { tarball: join(directory, tarball.trim()), output }
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

/** @throws Error with what the compiler says, when a program does not compile */
async function compile(directory: string, program: string): Promise<void> {
  await writeFile(join(directory, 'typed.ts'), program)
  const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [] }
  await writeFile(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }))
  await outputOf(inRoot('node_modules', '.bin', 'tsc'), [], { cwd: directory })
}

test('the example needs the contract alone at run time', () => {
  expect(Object.keys(manifest.dependencies)).toEqual(['@mi/contract'])
})

test('the example builds, passes its tests and is served over a FIFO, from nothing but a registry', async () => {
  const { tarball, output } = await packedExample()
  expect(output).toMatch(/\bpass [1-9]\d+\n/)
  expect(output).toMatch(/\bfail 0\n/)

  const consumer = await testDirectory()
  expect((await install('npm', consumer, [tarball], published.env)).packages).toEqual([
    '@mi/contract',
    'mi-module-probe',
  ])
  await compile(consumer, typedProgram)

  const others = ['@mi/core', '@mi/fifo', '@mi/client']
  await install('npm', consumer, [tarball, ...others], published.env)
  const directory = await testDirectory()
  const [server = '', client = ''] = await readmePrograms(directory, await listeningPort())
  await writeFile(join(consumer, 'server.mjs'), server)
  await writeFile(join(consumer, 'client.mjs'), client)

  const serving = await startServer(join(consumer, 'server.mjs'), [])
  expect(await run(join(consumer, 'client.mjs'), [])).toMatch(/^\{ name: 'gw1', connect_ms: \d+ \}\n$/)
  const ended = once(serving, 'exit')
  serving.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(await readFile(join(directory, 'targets'), 'utf8')).toMatch(/^gw1 127\.0\.0\.1 \d+\n$/)
})
