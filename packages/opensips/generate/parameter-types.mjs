/**
 * @typedef {import('./catalogue.mjs').ParameterType} ParameterType
 *
 * A type as it is written in a contract.
 * @typedef {object} TypeText
 * @property {string} text TypeScript; where it has several lines, indented as in the generated file
 * @property {readonly string[]} builders the names that the text imports
 */

/**
 * The types of the catalogues. The items of every array but those in `exact` are read as texts (OpenSIPS,
 * get_mi_arr_param_string), and what `any` means in a case that is not in `exact` is unknown.
 * @type {Readonly<Record<ParameterType, TypeText>>}
 */
const general = {
  string: { text: "'string'", builders: [] },
  int: { text: "'int'", builders: [] },
  bool: { text: "'bool'", builders: [] },
  array: { text: "'string[]'", builders: [] },
  any: { text: 'schema<unknown>({})', builders: ['schema'] },
}

/**
 * What is known of `any` and `array` beyond the catalogues, by command and parameter.
 * @type {Readonly<Record<string, TypeText & { readonly type: ParameterType }>>}
 */
export const exact = {
  // evi/event_interface.c: positional values as an array, or named ones as the text of a JSON object
  'evi:raise params': { type: 'any', text: "oneOf('string', 'string[]')", builders: ['oneOf'] },
  // modules/cfgutils/shvar.c: read as an integer or as a text, as the parameter `type` says
  'cfgutils:shv_set value': { type: 'any', text: "oneOf('int', 'string')", builders: ['oneOf'] },
  // modules/config/config.c: objects; items that are none are passed over
  'config:push_bulk configs': {
    type: 'array',
    text: `array(
          object({ name: 'string', value: oneOf('int', 'string', literal(null)), description: optional('string') }),
        )`,
    builders: ['array', 'literal', 'object', 'oneOf', 'optional'],
  },
}

/**
 * The type of a command's parameter.
 * @param {Pick<import('./merge.mjs').Command, 'module' | 'name' | 'params'>} command
 * @param {string} parameter
 * @returns {TypeText}
 * @throws TypeError when what `exact` says is about another type than the catalogue's
 */
export function parameterType({ module, name, params }, parameter) {
  const type = params[parameter]
  if (type === undefined) throw new TypeError(`'${parameter}' of '${module}:${name}' has no type`)
  const known = exact[`${module}:${name} ${parameter}`]
  if (known === undefined) return general[type]
  if (known.type !== type) {
    throw new TypeError(`parameter-types.mjs: '${parameter}' of '${module}:${name}' is '${type}', not '${known.type}'`)
  }
  return known
}
