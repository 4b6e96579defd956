import { isDeepStrictEqual } from 'node:util'
import { array, literal, object, oneOf, optional, schema, type TypeSpec } from '@mi/contract'

const words: Readonly<Record<string, TypeSpec>> = {
  string: 'string',
  int: 'int',
  bool: 'bool',
  array: 'string[]',
  any: schema<unknown>({}),
}

/** Where a contract knows more than its catalogue, by command and parameter. */
const exact: Readonly<Record<string, { readonly catalogue: string; readonly contract: TypeSpec }>> = {
  'evi:raise params': { catalogue: 'any', contract: oneOf('string', 'string[]') },
  'cfgutils:shv_set value': { catalogue: 'any', contract: oneOf('int', 'string') },
  'config:push_bulk configs': {
    catalogue: 'array',
    contract: array(
      object({ name: 'string', value: oneOf('int', 'string', literal(null)), description: optional('string') }),
    ),
  },
}

/** How a parameter's type in a contract differs from the catalogue's, in a sentence; undefined if it does not. */
export function typeDifference(method: string, parameter: string, type: TypeSpec | undefined, catalogue: string) {
  const known = exact[`${method} ${parameter}`]
  const expected = known?.catalogue === catalogue ? known.contract : words[catalogue]
  if (isDeepStrictEqual(type, expected)) return undefined
  return `${method}: ${parameter} is ${JSON.stringify(type)}, in the catalogue ${catalogue}`
}
