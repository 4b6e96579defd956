// By way of the index, which this subpath shares with the package itself: what is built has each type and function once.
import {
  type CommandContract,
  type CommandLevel,
  type JsonSchema,
  jsonSchemaOf,
  type Recipe,
  type TypeSpec,
} from './index.js'

/** An OpenRPC document: the methods that a JSON-RPC server has. Source: OpenRPC 1.4. */
export interface OpenRpcDocument {
  readonly openrpc: string
  readonly info: OpenRpcInfo
  readonly methods: readonly OpenRpcMethod[]
}

/** Who the document is about. */
export interface OpenRpcInfo {
  readonly title: string
  readonly version: string
  readonly description?: string | undefined
}

/** One command. */
export interface OpenRpcMethod {
  /** The canonical name. */
  readonly name: string
  readonly summary?: string | undefined
  /** The module. */
  readonly tags: readonly { readonly name: string }[]
  /** `by-name` where the command takes no parameters by position, or an array of values would not mean these parameters in this order. */
  readonly paramStructure: 'by-name' | 'either'
  /** Of all recipes; those that every recipe has are required, and come first. */
  readonly params: readonly OpenRpcParameter[]
  readonly result: OpenRpcParameter
  readonly errors?: readonly { readonly code: number; readonly message: string }[] | undefined
  readonly deprecated?: true | undefined
  readonly description?: string | undefined
  /** The lists of parameters that the command takes, each in its positional order. */
  readonly 'x-mi-recipes': readonly (readonly string[])[]
  readonly 'x-mi-aliases'?: readonly string[] | undefined
  readonly 'x-mi-level'?: CommandLevel | undefined
}

/** A parameter or a result. */
export interface OpenRpcParameter {
  readonly name: string
  readonly summary?: string | undefined
  readonly required?: boolean | undefined
  readonly schema: JsonSchema
}

/**
 * Describes commands as an OpenRPC document, for documentation, clients and tools.
 * @param contracts such as `mi.contracts()`, or what a module contract holds under `moduleInfo`
 * @throws TypeError for a type that does not exist
 */
export function openRpcOf(contracts: Iterable<CommandContract>, info: OpenRpcInfo): OpenRpcDocument {
  return { openrpc: '1.4.1', info: without({ ...info }), methods: [...contracts].map(methodOf) }
}

function methodOf(contract: CommandContract): OpenRpcMethod {
  const { method, module, help, aliases, recipes, result, errors, level, deprecated, namedOnly } = contract
  const params = paramsOf(contract)
  const names = params.map(({ name }) => name)
  const positional =
    !namedOnly && recipes.every((recipe) => Object.keys(recipe).every((name, at) => names[at] === name))
  return without({
    name: method,
    summary: help,
    description: deprecated === undefined ? undefined : `Deprecated: ${deprecated}`,
    tags: [{ name: module }],
    paramStructure: positional ? 'either' : 'by-name',
    params,
    result: { name: 'result', schema: result === undefined ? {} : schemaOf(result, `${method}:result`, 0) },
    errors: listOf(Object.entries(errors).map(([code, message]) => ({ code: Number(code), message }))),
    deprecated: deprecated === undefined ? undefined : true,
    'x-mi-recipes': recipes.map((recipe) => Object.keys(recipe)),
    'x-mi-aliases': listOf(aliases),
    'x-mi-level': level,
  })
}

function paramsOf({ method, recipes, params: summaries }: CommandContract): OpenRpcParameter[] {
  const names = [...new Set(recipes.flatMap((recipe) => Object.keys(recipe)))]
  const isRequired = (name: string): boolean => recipes.every((recipe) => Object.hasOwn(recipe, name))
  return [...names.filter(isRequired), ...names.filter((name) => !isRequired(name))].map((name) =>
    without({
      name,
      summary: summaries[name],
      required: isRequired(name),
      schema: parameterSchema(method, name, recipes),
    }),
  )
}

/** Recipes may give one name several types. */
function parameterSchema(method: string, name: string, recipes: readonly Recipe[]): JsonSchema {
  const types = recipes.flatMap((recipe) => recipe[name] ?? [])
  const schemas = types.map((type) => schemaOf(type, `${method}:${name}`, 1))
  const [first = {}, ...others] = [...new Map(schemas.map((each) => [JSON.stringify(each), each])).values()]
  return others.length === 0 ? first : { anyOf: [first, ...others] }
}

function schemaOf(type: TypeSpec, place: string, minItems: 0 | 1): JsonSchema {
  return jsonSchemaOf(type, { minItems, embed: (own) => ownDocument(own, place) })
}

/** A schema that refers to parts of itself means itself by `#`, not the whole document: its `$id` says so. */
function ownDocument(own: JsonSchema, place: string): JsonSchema {
  if ('$id' in own || !JSON.stringify(own).includes('"$ref":')) return own
  return { $id: `urn:mi:${encodeURIComponent(place)}`, ...own }
}

function listOf<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items
}

/** Without what is undefined, as JSON has it. */
function without<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
}
