import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkFile } from '../src/file-checks.js'

const hour = 3_600_000

describe('the checks of a file', () => {
  test('come by time', async () => {
    let calls = 0
    const enough = new Promise<void>((resolve) => {
      const checks = checkFile(async () => {
        if (++calls === 3) resolve()
      }, 1)
      onTestFinished(() => checks.close())
    })
    await enough
  })

  test('come at once on SIGHUP, and not again before one is over; close waits for it', async () => {
    let calls = 0
    let end = (): void => {}
    const checks = checkFile(() => {
      calls++
      return new Promise<void>((resolve) => {
        end = resolve
      })
    }, hour)
    for (let signals = 0; signals < 2; signals++) {
      const arrived = once(process, 'SIGHUP')
      process.kill(process.pid, 'SIGHUP')
      await arrived
    }
    expect(calls).toBe(1)
    let closed = false
    const closing = checks.close().then(() => {
      closed = true
    })
    await new Promise<void>((resolve) => setImmediate(resolve))
    expect(closed).toBe(false)
    end()
    await closing
  })

  test('of many files are no leak that Node.js warns of, and leave its limit as it was', async () => {
    const before = process.getMaxListeners()
    const listeners = process.listenerCount('SIGHUP')
    const warnings: string[] = []
    const onWarning = ({ name }: Error): void => void warnings.push(name)
    process.on('warning', onWarning)
    onTestFinished(() => void process.off('warning', onWarning))
    const all = Array.from({ length: 30 }, () => checkFile(async () => {}, hour))
    await new Promise<void>((resolve) => setImmediate(resolve))
    expect(warnings).toEqual([])
    expect(process.listenerCount('SIGHUP')).toBe(listeners + 30)
    await Promise.all(all.map((checks) => checks.close()))
    expect(process.listenerCount('SIGHUP')).toBe(listeners)
    expect(process.getMaxListeners()).toBe(before)
  })
})
