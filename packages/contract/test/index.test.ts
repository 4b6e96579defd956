import { expect, test } from 'vitest'
import * as contract from '../src/index.js'

test('the package exports these names and no others', () => {
  expect(Object.keys(contract).sort()).toEqual([
    'CommandError',
    'ErrorCode',
    'MiError',
    'array',
    'defineModule',
    'implement',
    'int',
    'invalidParams',
    'isCommandError',
    'isMiError',
    'isMiModule',
    'literal',
    'moduleInfo',
    'object',
    'oneOf',
    'optional',
    'schema',
    'string',
  ])
})
