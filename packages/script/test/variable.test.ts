import { createMi } from '@mi/core'
import { describe, expect, test } from 'vitest'
import { createScript } from '../src/index.js'

const script = () => createScript(createMi())

describe('a variable', () => {
  test('holds one value or none', () => {
    const variable = script().var('ret')
    expect([variable.name, variable.get(), [...variable]]).toEqual(['ret', undefined, []])
    variable.set('a')
    variable.set(7)
    expect([variable.get(), [...variable]]).toEqual([7, [7]])
    variable.clear()
    expect(variable.get()).toBeUndefined()
    variable.set('')
    expect([...variable]).toEqual([''])
    variable.set(undefined)
    expect([...variable]).toEqual([])
  })

  test('holds the data of an error as long as its message', () => {
    const variable = script().var('ret')
    variable.set('Invalid params', 'level: not an integer')
    expect([variable.get(), variable.data]).toEqual(['Invalid params', 'level: not an integer'])
    variable.set('a')
    expect(variable.data).toBeUndefined()
    variable.set('b', 1)
    variable.clear()
    expect(variable.data).toBeUndefined()
  })

  test('is the same each time it is asked for by its name, and another one in another script', () => {
    const one = script()
    one.var('a').set(1)
    one.avp('a').push(2)
    expect([one.var('a').get(), one.avp('a').get(), script().var('a').get()]).toEqual([1, 2, undefined])
  })
})

describe('an AVP', () => {
  test('holds values in the order of pushing', () => {
    const avp = script().avp('params')
    avp.push('first')
    avp.push(2, 'third')
    expect([avp.length, [...avp]]).toEqual([3, ['first', 2, 'third']])
    expect([avp.get(), avp.get(1), avp.get(-1), avp.get(3)]).toEqual(['first', 2, 'third', undefined])
  })

  test('holds one value after set, and none after clear', () => {
    const avp = script().avp('params')
    avp.push('a', 'b')
    avp.set('c')
    expect([...avp]).toEqual(['c'])
    avp.set(undefined)
    expect(avp.length).toBe(0)
    avp.push('d')
    avp.clear()
    expect([...avp]).toEqual([])
  })
})

test.each([null, {}, [], true, Number.NaN, Number.POSITIVE_INFINITY, 1n])(
  'variables and AVPs refuse %s, which is neither a string nor a finite number',
  (value) => {
    const own = script()
    const taken = value as unknown as string
    own.avp('a').push('kept')
    expect(() => own.var('v').set(taken)).toThrow(/variable 'v' holds strings and finite numbers, not /)
    expect(() => own.avp('a').set(taken)).toThrow(TypeError)
    expect(() => own.avp('a').push('b', taken)).toThrow(TypeError)
    expect([own.var('v').get(), [...own.avp('a')]]).toEqual([undefined, ['kept']])
  },
)
