import { describe, expect, test } from 'vitest'
import { defineModule, type Handlers, implement, isMiModule, type ModuleContract, moduleInfo } from '../src/index.js'

const contract = defineModule('m', { x: { recipes: [{}] }, y: { recipes: [{}] } })
const handlers = { x: () => 1, y: () => 2 }

/** Stands for what a caller without types may hand over. */
const untyped = (value: object): Handlers<ModuleContract> => value as Handlers<ModuleContract>

describe('implement', () => {
  test('joins contract, handlers and hooks', () => {
    const hooks = { init: () => {}, close: () => {}, statistics: { hits: () => 7 } }
    const module = implement(contract, handlers, hooks)
    expect(module).toMatchObject({ ...hooks, handlers })
    expect(module.info).toBe(contract[moduleInfo])
    expect(isMiModule(module)).toBe(true)
  })

  test('refuses a command without handler, naming it', () => {
    const loose: ModuleContract = contract
    expect(() => implement(loose, untyped({ x: () => 1 }))).toThrow(TypeError)
    expect(() => implement(loose, untyped({ x: () => 1 }))).toThrow("command 'm:y' has no handler")
    expect(() => implement(loose, untyped({ x: () => 1, y: 'no function' }))).toThrow("'m:y' has no handler")
  })

  test('refuses a handler without command, naming both', () => {
    const loose: ModuleContract = contract
    expect(() => implement(loose, untyped({ ...handlers, z: () => 3 }))).toThrow("module 'm' declares no command 'z'")
  })

  test('refuses what defineModule did not make', () => {
    // @ts-expect-error -- what is wrong is the point
    expect(() => implement({ x: contract.x }, { x: () => 1 })).toThrow('not made by defineModule()')
  })
})

test('a bare contract, its handlers and null are no modules', () => {
  for (const value of [contract, handlers, null, undefined, 'm']) expect(isMiModule(value)).toBe(false)
})
