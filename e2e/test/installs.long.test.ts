import { cp, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createMi } from '@mi/core'
import { fifo } from '@mi/fifo'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { outputOf } from '../../scripts/commands.mjs'
import { install, kilobytesIn, readmeRows } from '../../scripts/installs.mjs'
import { unpack } from '../../scripts/tarballs.mjs'
import { testDirectory } from './directory.js'
import {
  askOverFifo,
  askOverUdp,
  clusterServer,
  compile,
  datagramServer,
  fifoClient,
  fifoServer,
  freeUdpPort,
  run,
  startServer,
  thirdPartyModule,
  twoContracts,
  typedClient,
} from './installed-programs.js'
import { type Published, publishPackages } from './published.js'

let published: Published
beforeAll(async () => {
  published = await publishPackages()
})
afterAll(() => published?.close())

const fromTests = expect.stringMatching(/^from the tests/)

/** What a user does next, by what was installed. */
const uses: Readonly<Record<string, (project: string) => Promise<void>>> = {
  '@mi/client': async (project) => {
    expect(await run(await compile(project, fifoClient), await served())).toMatch(/^from the tests/)
  },
  '@mi/client @mi/opensips': async (project) => {
    expect(await run(await compile(project, typedClient), await served())).toMatch(/^from the tests/)
  },
  '@mi/cli': async (project) => {
    const [fifoName, replyDir] = await served()
    const folder = (await readdir(project)).includes('bin') ? 'bin' : 'node_modules/.bin'
    const args = ['-u', `fifo:${fifoName}`, '--reply-dir', replyDir, 'version']
    expect(await outputOf(join(project, folder, 'mi'), args)).toContain('from the tests')
  },
  '@mi/core @mi/fifo': async (project) => {
    const replyDir = await testDirectory()
    const fifoName = join(replyDir, 'mi_fifo')
    await startServer(await compile(project, fifoServer), [fifoName, replyDir])
    expect(await askOverFifo(fifoName, replyDir)).toMatchObject({ id: 7, result: { Server: fromTests } })
  },
  '@mi/core @mi/datagram': async (project) => {
    const port = await freeUdpPort()
    await startServer(await compile(project, datagramServer), [String(port), join(await testDirectory(), 'mi.sock')])
    expect(await askOverUdp(port)).toMatchObject({ id: 7, result: { Server: fromTests } })
  },
  '@mi/contract @mi/core @mi/datagram @mi/processes': async (project) => {
    const port = await freeUdpPort()
    await startServer(await compile(project, clusterServer), [String(port)])
    expect(await askOverUdp(port)).toMatchObject({ id: 7, result: { Server: fromTests } })
  },
  '@mi/contract': async (project) => {
    expect(await run(await compile(project, thirdPartyModule), [])).toBe('true true\n')
  },
}

/** A server of this process on a FIFO. @returns its file and the directory for replies */
async function served(): Promise<[fifoName: string, replyDir: string]> {
  const replyDir = await testDirectory()
  const fifoName = join(replyDir, 'mi_fifo')
  const mi = createMi({ transports: [fifo({ fifoName, replyDir })], server: { name: 'from the tests' } })
  await mi.listen()
  onTestFinished(() => mi.close())
  return [fifoName, replyDir]
}

/** The addon for a second platform, which only `npm run prebuild` makes. */
const OTHER_ADDON_KILOBYTES = 80

/** README.md gives two digits; a tenth more or less is not worth an edit. */
function expectSize(folder: string, cell: string, hasAddon: boolean): void {
  const [kilobytes, stated] = [kilobytesIn(folder), Number.parseInt(cell, 10)]
  const remedy = `README.md says ${cell}, it is ${kilobytes.toFixed(1)} kB; run npm run sizes`
  const tolerance = kilobytes / 10 + (hasAddon ? OTHER_ADDON_KILOBYTES : 0)
  expect(Math.abs(kilobytes - stated), remedy).toBeLessThan(tolerance)
}

describe.each(['npm', 'pnpm'] as const)('%s installs what README.md says, and it works, to', (manager) => {
  test.each(readmeRows('installations'))('%s', async (_, command = '', size = '', others = '') => {
    const project = await published.newProject()
    const names = [...command.matchAll(/@mi\/[\w-]+/g)].map(([name]) => name)
    const global = manager === 'npm' && command.includes('--global')
    const { modules, packages } = await install(global ? 'npm --global' : manager, project, names, published.env)
    expect(packages).toEqual([...names, ...(others === 'nothing' ? [] : others.split(', '))].sort())
    const files = await readdir(modules, { recursive: true })
    expect(files.filter((file) => /\.(node|o)$/.test(file) && !file.includes('/prebuilds/'))).toEqual([])
    if (manager === 'npm') expectSize(modules, size, packages.includes('@mi/posix'))
    await uses[names.join(' ')]?.(project)
  })
})

test('README.md gives the size of every package', async () => {
  const sizes = new Map(readmeRows('packages').map(([link = '', _, size = '']) => [/\[(.+)\]/.exec(link)?.[1], size]))
  expect([...sizes.keys()]).toEqual([...published.tarballs.keys()])
  for (const [name, tarball] of published.tarballs) {
    expectSize(await unpack(tarball, await published.newProject()), sizes.get(name) ?? '', name === '@mi/posix')
  }
})

test('an engine and a module with two copies of @mi/contract understand each other', async () => {
  const project = await published.newProject()
  const { modules } = await install(
    'npm',
    project,
    ['@mi/contract', '@mi/core', '@mi/fifo', '@mi/client'],
    published.env,
  )
  await cp(join(modules, '@mi/contract'), join(modules, '@mi/core/node_modules/@mi/contract'), { recursive: true })
  await writeFile(join(project, 'both.mjs'), twoContracts)
  expect(JSON.parse(await run(join(project, 'both.mjs'), [await testDirectory()]))).toEqual({
    distinct: true,
    answer: 'hello you',
    failure: { code: -32602, data: 'Nobody to greet', understood: true },
    closed: { code: 'MI_CLOSED', understood: [true, true] },
  })
})
