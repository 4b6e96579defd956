import { expect, test } from 'vitest'
import * as processes from '../src/index.js'

test('exports these names and no others', () => {
  expect(Object.keys(processes)).toEqual(['cluster'])
})
