import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contentFindings } from '../../scripts/check-packages.mjs'
import { cleanEnvironment } from '../../scripts/commands.mjs'
import { packAll, unpack } from '../../scripts/tarballs.mjs'
import { inRoot } from '../../scripts/workspace.mjs'
import { testDirectory } from './directory.js'

const run = promisify(execFile)

/** The tarball as it is published, and the same without the prebuilt addon, as on a platform that has none. */
interface Tarballs {
  readonly complete: string
  readonly withoutPrebuilds: string
  /** What `check:packages` says of the latter. */
  readonly findings: readonly string[]
}

let tarballs: Tarballs
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mi-posix-packed-'))
  const tarball = (await packAll(join(folder, 'complete'), ['@mi/posix'])).get('@mi/posix') ?? ''
  const bare = join(folder, 'bare')
  await rm(join(await unpack(tarball, bare), 'prebuilds'), { recursive: true })
  const withoutPrebuilds = join(bare, 'bare.tgz')
  await run('tar', ['-czf', withoutPrebuilds, '-C', bare, 'package'])
  tarballs = {
    complete: tarball,
    withoutPrebuilds,
    findings: contentFindings(join(bare, 'package'), inRoot('packages', 'posix')),
  }
})
afterAll(() => rm(folder, { recursive: true }))

/** A PATH with Node.js, npm and a shell, and nothing that compiles. */
async function pathWithoutCompiler(): Promise<string> {
  const bin = await testDirectory()
  for (const command of ['node', 'npm', 'sh']) await symlink(await realpath(await find(command)), join(bin, command))
  return bin
}

async function find(command: string): Promise<string> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const path = folders.map((each) => join(each, command)).find((each) => existsSync(each))
  if (path === undefined) throw new Error(`there is no ${command} in PATH`)
  return path
}

interface Installed {
  readonly directory: string
  /** What the installation printed. */
  readonly output: string
  /** Runs a program of ES modules there, and gives its output. */
  run(program: string): Promise<string>
}

/** Installs a tarball with npm, its install script included, into an empty project. */
async function install(tarball: string, PATH: string | undefined): Promise<Installed> {
  const directory = await testDirectory()
  await writeFile(join(directory, 'package.json'), '{"name":"consumer","private":true,"type":"module"}')
  const env = { ...cleanEnvironment(), PATH }
  const flags = ['--foreground-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  const { stdout, stderr } = await run('npm', ['install', tarball, ...flags], { cwd: directory, env })
  return {
    directory,
    output: stdout + stderr,
    async run(program) {
      await writeFile(join(directory, 'program.mjs'), program)
      const options = { cwd: directory, env, timeout: 30_000 }
      return (await run(process.execPath, [join(directory, 'program.mjs')], options)).stdout
    },
  }
}

const roundTrip = (bind: string): string => `
import { openDatagram, posixSupport } from '@mi/posix'

const server = await openDatagram({ bind: ${bind}, onBatch: ({ texts, peers }) => server.send(texts, peers) })
const client = await openDatagram({ bind: ${bind}, onBatch({ texts, peers }) {
  console.log(JSON.stringify({ support: posixSupport(), native: client.native, texts, credentials: peers[0].credentials }))
  server.close()
  client.close()
} })
client.send(['there and back'], [client.peer(server.address)])
`
const overUdp = roundTrip("{ type: 'udp4', address: '127.0.0.1', port: 0 }")
const overUnix = roundTrip("{ type: 'unix', path: '\\0mi-posix-install-' + process.pid + Math.random() }")

const packageIn = ({ directory }: Installed): string => join(directory, 'node_modules', '@mi', 'posix')

test('the tarball installs without a compiler, compiles nothing, and has its addon', async () => {
  const installed = await install(tarballs.complete, await pathWithoutCompiler())
  expect(installed.output).not.toContain('no native addon')
  expect(await readdir(packageIn(installed))).not.toContain('build')
  for (const program of [overUnix, overUdp]) {
    expect(JSON.parse(await installed.run(program))).toMatchObject({
      support: { native: true },
      native: true,
      texts: ['there and back'],
    })
  }
})

test('check:packages notices a tarball without the addon', () => {
  expect(tarballs.findings).toEqual(['prebuilds is missing'])
})

test('where there is neither a prebuilt addon nor a compiler it installs too, and says what does not work', async () => {
  const installed = await install(tarballs.withoutPrebuilds, await pathWithoutCompiler())
  expect(installed.output).toContain('no native addon')
  expect(installed.output).toContain('npm rebuild @mi/posix')
  expect(JSON.parse(await installed.run(overUdp))).toMatchObject({
    support: { native: false, reason: expect.stringContaining('install a C compiler') },
    native: false,
    texts: ['there and back'],
  })
  await expect(installed.run(overUnix)).rejects.toMatchObject({
    stderr: expect.stringMatching(/UNIX datagram socket needs the native addon: .*npm rebuild @mi\/posix/),
  })
})

test('where there is a compiler and no prebuilt addon it is compiled', async () => {
  const installed = await install(tarballs.withoutPrebuilds, process.env.PATH)
  expect(installed.output).not.toContain('no native addon')
  expect(await readdir(join(packageIn(installed), 'build', 'Release'))).toContain('posix.node')
  expect(JSON.parse(await installed.run(overUnix))).toMatchObject({ support: { native: true }, native: true })
})

test('an addon that does not compile is no failure of the installation, and leaves nothing that could be loaded', async () => {
  const broken = await testDirectory()
  await mkdir(join(broken, 'package'))
  await run('tar', ['-xzf', tarballs.withoutPrebuilds, '-C', broken])
  await writeFile(join(broken, 'package', 'native', 'addon.c'), '#error on purpose\n')
  await run('tar', ['-czf', join(broken, 'broken.tgz'), '-C', broken, 'package'])
  const installed = await install(join(broken, 'broken.tgz'), process.env.PATH)
  expect(installed.output).toMatch(/error.*on purpose.*no native addon/s)
  expect(existsSync(join(packageIn(installed), 'build', 'Release', 'posix.node'))).toBe(false)
  expect(JSON.parse(await installed.run(overUdp))).toMatchObject({
    support: { native: false },
    texts: ['there and back'],
  })
})
