import { expect, test } from 'vitest'
import * as core from '../src/index.js'

test('exports these names and no others', () => {
  expect(Object.keys(core).sort()).toEqual(['createMi'])
})
