import { expect, test } from 'vitest'
import * as script from '../src/index.js'

test('exports these names and no others', () => {
  expect(Object.keys(script).sort()).toEqual(['createBlockingScript', 'createScript'])
})
