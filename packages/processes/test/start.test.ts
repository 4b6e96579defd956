import type { ChildrenOptions } from '@mi/contract'
import { createMi } from '@mi/core'
import { cluster } from '@mi/processes'
import { describe, expect, test } from 'vitest'
import { cluster as clusterOfTheSources } from '../src/index.js'
import { beside, ChildrenTransport, recordingLog, runningChildren, serve } from './support.js'

describe('listen rejects with what kept a child from listening, and leaves no process behind', () => {
  const missing = beside('missing.mjs')
  const cases: [string, Partial<ChildrenOptions>, string][] = [
    ['a file of modules that is not there', { modules: missing }, `Cannot find module '${missing.pathname}'`],
    ['a file without modules', { modules: beside('no-module.mjs') }, 'no-module.mjs exports no MI module: export what'],
    [
      'a module that cannot be initialised',
      { modules: beside('failing-init.mjs') },
      "module 'failing' failed to initialise: no database",
    ],
    ['a file that ends the process', { modules: 'data:text/javascript,process.exit(9)' }, 'exit code 9'],
    ['a transport that is not there', { transport: missing }, `Cannot find module '${missing.pathname}'`],
    ['a file without a transport', { transport: beside('work.mjs') }, 'exports no function createTransport('],
    ['a createTransport that makes none', { transport: beside('no-transport.mjs') }, 'returned no ServerTransport'],
    [
      'a transport that cannot listen',
      { options: { dir: '/nowhere', failing: 0 } },
      'transport lines (/nowhere/0.sock) cannot listen: no such line',
    ],
  ]

  test.each(cases)('%s', async (_what, options, message) => {
    await expect(serve({ count: 1, ...options })).rejects.toMatchObject({
      code: 'MI_LISTEN',
      message: expect.stringContaining(message),
    })
    expect(runningChildren()).toBe(0)
  })

  test('one of several, which is named', async () => {
    const good = await serve({ count: 1 })
    await using _good = good
    const failing = serve({ count: 2, options: { dir: good.dir, failing: 1 } })
    await expect(failing).rejects.toMatchObject({
      code: 'MI_LISTEN',
      message: expect.stringMatching(
        /^transport lines \(.*\) cannot listen: child process 2 of 2 \(MI Lines\) could not start: .*: no such line$/,
      ),
      cause: { cause: { message: expect.stringContaining('no such line'), code: 'MI_LISTEN' } },
    })
    expect(runningChildren()).toBe(1)
  })

  test('one that takes longer than it may', async () => {
    await using good = await serve({ count: 1 })
    const hanging = serve(
      { count: 1, options: { dir: good.dir, hanging: 0 } },
      { limits: { childStartTimeoutMs: 500, closeTimeoutMs: 0 } },
    )
    await expect(hanging).rejects.toThrow('it did not listen within 500 ms (limits.childStartTimeoutMs)')
    expect(runningChildren()).toBe(1)
  })
})

describe('listen', () => {
  test('rejects with what the system says when it cannot start a process', async () => {
    const { execPath } = process
    process.execPath = '/nowhere/node'
    try {
      await expect(serve({ count: 2 })).rejects.toMatchObject({
        code: 'MI_LISTEN',
        message: expect.stringContaining('could not start: spawn /nowhere/node ENOENT'),
      })
    } finally {
      process.execPath = execPath
    }
  })

  test('may be called again after a child could not start', async () => {
    const options = { count: 1, modules: beside('failing-init.mjs').href }
    const transport = new ChildrenTransport('/nowhere', options)
    await using mi = createMi({ processes: cluster(), transports: [transport] })
    await expect(mi.listen()).rejects.toThrow('no database')
    await expect(mi.listen()).rejects.toThrow('no database')
    expect(runningChildren()).toBe(0)
  })

  test('ends the children again when the engine is closed while they start', async () => {
    const transport = new ChildrenTransport('/nowhere', { options: { dir: '/nowhere', hanging: 0 }, count: 1 })
    const { log } = recordingLog()
    const mi = createMi({ processes: cluster(), transports: [transport], log, limits: { closeTimeoutMs: 100 } })
    const listening = mi.listen()
    listening.catch(() => {})
    await new Promise((resolve) => setImmediate(resolve))
    await mi.close()
    await expect(listening).rejects.toMatchObject({ code: 'MI_CLOSED', cause: { code: 'MI_LISTEN' } })
    expect(runningChildren()).toBe(0)
  })
})

describe('startChildren refuses', () => {
  test('to work where the program of the children is not beside the package, as when it was bundled', async () => {
    // The sources: the program is made of them by the build.
    await using mi = createMi({ processes: clusterOfTheSources(), transports: [new ChildrenTransport('/nowhere')] })
    await expect(mi.listen()).rejects.toMatchObject({
      message: expect.stringMatching(
        /child\.js, which is not there: @mi\/processes must be installed as it was published/,
      ),
      cause: { code: 'MI_UNSUPPORTED' },
    })
  })

  const cases: [string, Partial<ChildrenOptions>, string][] = [
    ['a count below one', { count: 0 }, 'count must be an integer from 1 up, not 0'],
    ['half a child', { count: 1.5 }, 'count must be an integer'],
    ['a closed descriptor', { descriptors: [-1] }, '-1 is not a descriptor'],
    ['a path in place of a URL', { modules: '/srv/commands.js' }, "must be a URL such as new URL('./commands.js'"],
    ['options that cannot be cloned', { options: { dir: () => '' } }, 'child processes can only be given plain data'],
  ]

  test.each(cases)('%s', async (_what, options, message) => {
    await expect(serve(options)).rejects.toThrow(message)
    expect(runningChildren()).toBe(0)
  })
})
