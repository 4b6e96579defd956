import { once } from 'node:events'
import { existsSync, truncateSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { openSharedNumbers } from '../../src/index.js'
import { start } from '../support/child.js'
import { until } from '../support/until.js'

function shared(count: number) {
  const numbers = openSharedNumbers(count)
  onTestFinished(() => numbers.close())
  return numbers
}

test('shared numbers are zero at first, and hold what was written', () => {
  const { values } = shared(1_000)
  expect(values).toHaveLength(1_000)
  expect(values.every((value) => value === 0)).toBe(true)
  values[999] = 2 ** 53
  expect(values[999]).toBe(2 ** 53)
})

test('what a child writes is there at once, and stays after kill -9', async () => {
  const { fd, values } = shared(4)
  values[0] = 41
  const { child, ended } = start('numbers.mjs', ['4'], { stdio: ['ignore', 'pipe', 'pipe', fd] })
  await until('the child has counted', () => values[1] === 1)
  expect(values[0]).toBe(42)
  values[2] = 1
  await until('the child has seen it', () => values[3] === 1)
  child.kill('SIGKILL')
  expect((await ended).signal).toBe('SIGKILL')
  expect([...values]).toEqual([42, 1, 1, 1])
})

test('the numbers stay readable once closed, and the descriptor is gone', () => {
  const numbers = openSharedNumbers(2)
  const { fd, values } = numbers
  values[1] = 7
  expect(existsSync(`/proc/self/fd/${fd}`)).toBe(true)
  numbers.close()
  numbers.close()
  expect(numbers.fd).toBe(-1)
  expect(existsSync(`/proc/self/fd/${fd}`)).toBe(false)
  values[0] = 1
  expect([...values]).toEqual([1, 7])
})

test('a descriptor may be opened again in the same process', () => {
  const first = shared(3)
  const again = openSharedNumbers(3, first.fd)
  again.values[2] = 5
  expect(first.values[2]).toBe(5)
})

test.runIf(process.platform === 'linux')('no process that has the descriptor can cut the numbers short', () => {
  const { fd, values } = shared(1_000)
  expect(() => truncateSync(`/proc/self/fd/${fd}`, 0)).toThrow(/EPERM/)
  values[999] = 1
  expect(values[999]).toBe(1)
})

test.each([0, -1, 1.5, Number.NaN, 2 ** 21])('a count of %d is refused', (count) => {
  expect(() => openSharedNumbers(count)).toThrow(RangeError)
})

test('a descriptor that holds no such numbers is refused', async () => {
  const { child } = start('numbers.mjs', ['4'], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  const [code] = await once(child, 'exit')
  expect(code).toBe(1)
  const small = shared(1)
  // Reading behind the end of the file would be a SIGBUS.
  expect(() => openSharedNumbers(100_000, small.fd)).toThrow()
})
