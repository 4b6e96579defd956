import { expect, test, vi } from 'vitest'
import * as first from '../src/index.js'

// As when a module and the engine each bring a version of this package.
vi.resetModules()
const second = await import('../src/index.js')

test('two copies of the package have classes of their own', () => {
  expect(new second.CommandError(1)).not.toBeInstanceOf(first.CommandError)
  expect(new second.MiError('MI_CLOSED', 'x')).not.toBeInstanceOf(first.MiError)
})

test('each copy knows the errors of the other, by family and code', () => {
  for (const [one, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const command = new other.CommandError(404)
    expect([one.isCommandError(command), one.isCommandError(command, 404), one.isMiError(command)]).toEqual([
      true,
      true,
      false,
    ])
    const local = new other.MiError('MI_TIMEOUT', 'no answer')
    expect([one.isMiError(local), one.isMiError(local, 'MI_TIMEOUT'), one.isCommandError(local)]).toEqual([
      true,
      true,
      false,
    ])
  }
})

test('each copy implements the contracts of the other, and knows its modules', () => {
  for (const [one, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const contract = other.defineModule('m', { x: { recipes: [{}] } })
    const module = one.implement(contract, { x: () => 'done' })
    expect(module.info).toBe(contract[other.moduleInfo])
    expect(other.isMiModule(module)).toBe(true)
  }
})
