import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { errorCode, errorText } from '../src/error-text.js'

const systemError = (message: string, code: unknown): Error => Object.assign(new Error(message), { code })

/** Any look at it throws. */
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

test.each<[string, string, () => unknown]>([
  ['an error', 'too many', () => new RangeError('too many')],
  ['a string', 'a string', () => 'a string'],
  ['nothing', 'undefined', () => undefined],
  ['null', 'null', () => null],
  ['an object', 'an object', () => ({ toString: () => 'an object' })],
  ['an object without a text', 'an error that cannot be printed', () => Object.create(null)],
  ['a revoked proxy', 'an error that cannot be printed', revoked],
  ['an error without a message', 'ECONNREFUSED', () => systemError('', 'ECONNREFUSED')],
  ['an error without anything', 'TypeError', () => new TypeError()],
])('the text of what was thrown, %s, is "%s"', (_what, text, thrown) => {
  expect(errorText(thrown())).toBe(text)
})

test('the text of a failed utility is what it wrote to its standard error', async () => {
  const failed = promisify(execFile)(process.execPath, ['-e', 'console.error("no room\\n"); process.exit(3)'])
  expect(await failed.then(String, errorText)).toBe('no room')
})

test('the code of what was thrown is that of an error of the system', () => {
  expect(errorCode(systemError('x', 'ENOENT'))).toBe('ENOENT')
  const others = [systemError('x', 5), new Error('x'), 'ENOENT', null, revoked()]
  expect(others.map(errorCode)).toEqual(others.map(() => undefined))
})
