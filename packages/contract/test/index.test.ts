import { expect, test } from 'vitest'
import * as contract from '../src/index.js'

test('the package exports these names and no others', () => {
  expect(Object.keys(contract).sort()).toEqual([
    'CommandError',
    'ErrorCode',
    'MiError',
    'array',
    'coreContract',
    'defineModule',
    'expandType',
    'implement',
    'int',
    'invalidParams',
    'isCommandError',
    'isMiError',
    'isMiModule',
    'jsonSchemaOf',
    'literal',
    'moduleInfo',
    'object',
    'oneOf',
    'optional',
    'schema',
    'statisticsContract',
    'string',
  ])
})
