import { describe, expect, test } from 'vitest'
import { CommandError, ErrorCode, invalidParams, isCommandError, isMiError, MiError } from '../src/index.js'

describe('CommandError', () => {
  test('has the standard message of a named code, else that of a server error', () => {
    const messages = Object.values(ErrorCode).map((code) => [code, new CommandError(code).message])
    expect(messages).toEqual([
      [-32700, 'Parse error'],
      [-32600, 'Invalid Request'],
      [-32601, 'Method not found'],
      [-32602, 'Invalid params'],
      [-32000, 'Server error'],
      [-32001, 'Method ambiguous'],
      [-32003, 'Forbidden'],
    ])
    expect(new CommandError(404).message).toBe('Server error')
  })

  test('keeps message, data and cause', () => {
    const cause = new Error('disk')
    const error = new CommandError(500, 'Cache failed', { attr: 'k' }, { cause })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'CommandError',
      code: 500,
      message: 'Cache failed',
      data: { attr: 'k' },
      cause,
    })
  })

  test('keeps data that no text can show, and leaves it out of the message', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    const error = new CommandError(500, 'Failed', deep, { command: 'pwd' })
    expect(error.message).toBe('pwd: Failed')
    expect(error.data === deep).toBe(true)
  })

  test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d as its code', (code) => {
    expect(() => new CommandError(code)).toThrow(RangeError)
    expect(() => new CommandError(code)).toThrow('code must be an integer')
  })

  test('comes from invalidParams with -32602 and what is wrong as data', () => {
    expect(invalidParams('Bad PID')).toMatchObject({ code: -32602, message: 'Invalid params', data: 'Bad PID' })
  })
})

test('MiError keeps code, message, data and cause', () => {
  const cause = new Error('ENXIO')
  const error = new MiError('MI_PROTOCOL', 'no answer', { cause, data: '500 Internal error' })
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({
    name: 'MiError',
    code: 'MI_PROTOCOL',
    message: 'no answer',
    data: '500 Internal error',
    cause,
  })
})

test('the codes cannot be changed', () => {
  expect(Object.isFrozen(ErrorCode)).toBe(true)
})

describe('errors are told apart', () => {
  const command = new CommandError(404, 'Not found')
  const local = new MiError('MI_TIMEOUT', 'no answer')

  test('by family', () => {
    expect([isCommandError(command), isCommandError(local)]).toEqual([true, false])
    expect([isMiError(command), isMiError(local)]).toEqual([false, true])
  })

  test('by code', () => {
    expect([isCommandError(command, 404), isCommandError(command, 400)]).toEqual([true, false])
    expect([isMiError(local, 'MI_TIMEOUT'), isMiError(local, 'MI_CLOSED')]).toEqual([true, false])
  })

  test('from whatever else may be thrown', () => {
    for (const thrown of [new Error('x'), { code: 404, name: 'CommandError' }, null, undefined, 'text', 404]) {
      expect(isCommandError(thrown)).toBe(false)
      expect(isMiError(thrown)).toBe(false)
    }
  })
})
