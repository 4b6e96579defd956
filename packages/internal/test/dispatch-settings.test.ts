import { expect, test } from 'vitest'
import { DISPATCH_SETTINGS, dispatchSettings } from '../src/dispatch-settings.js'
import { OptionChecks } from '../src/options.js'

const checks = new OptionChecks('demo()')

test('the settings of a transport have their defaults, and nothing but settings', () => {
  const options = { backend: 'mi', other: 1 }
  expect(dispatchSettings(checks, options)).toEqual({ prettyPrinting: false, parseErrors: 'text', backend: 'mi' })
  expect(Object.keys(dispatchSettings(checks, {}))).toEqual(Object.keys(DISPATCH_SETTINGS))
})

test('a setting that cannot work is refused', () => {
  const [notFlag, notChoice] = [{ prettyPrinting: 1 }, { parseErrors: 'xml' }] as never[]
  expect(() => dispatchSettings(checks, notFlag ?? {})).toThrow('demo(): prettyPrinting must be true or false, not 1')
  expect(() => dispatchSettings(checks, notChoice ?? {})).toThrow(TypeError)
})
