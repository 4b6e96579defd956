import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type CommandHandler, type Handlers, implement, type ModuleContract, moduleInfo } from '@mi/contract'
import { openRpcOf } from '@mi/contract/openrpc'
import { createMi } from '@mi/core'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import * as catalogue from '../src/index.js'

const require = createRequire(import.meta.url)
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))
const { $id: _id, ...jsonSchema } = read(require.resolve('@json-schema-tools/meta-schema/schema.json'))
const ajv = new Ajv({ strict: false, validateSchema: false, logger: false })
// The other one refers to it under both names.
for (const name of ['https://meta.json-schema.tools', 'https://meta.json-schema.tools/'])
  ajv.addSchema(jsonSchema, name)
const validate = ajv.compile(read(require.resolve('@open-rpc/spec/1_4/schema.json')))

const modules: readonly ModuleContract[] = Object.values(catalogue).filter((each) => moduleInfo in each)

test('the document of all commands is valid by the meta-schema of OpenRPC 1.4', () => {
  const contracts = modules.flatMap((module) => module[moduleInfo].commands)
  const document = openRpcOf(contracts, { title: 'OpenSIPS', version: '4.0.1' })
  validate(document)
  expect(validate.errors ?? []).toEqual([])
  expect(document.methods).toHaveLength(contracts.length)
  expect(validate({ ...document, methods: [{ name: 'x' }] })).toBe(false)
})

test('an engine with all commands answers rpc.discover with such a document', () => {
  // The engine has core and statistics; bins and tls have one alias, tls_trace, which no engine takes twice.
  const served = modules.filter((module) => !['core', 'statistics', 'bins'].includes(module[moduleInfo].name))
  const mi = createMi({ modules: served.map(implemented), server: { name: 'sbc', version: '7' } })
  const { value } = mi.execute('rpc.discover') as { readonly value: { readonly methods: readonly object[] } }
  expect(validate(value)).toBe(true)
  expect(value).toMatchObject({ openrpc: '1.4.1', info: { title: 'sbc', version: '7' } })
  expect(value.methods).toHaveLength(mi.contracts().length)
})

function implemented(contract: ModuleContract) {
  const handlers = contract[moduleInfo].commands.map(({ name }): [string, CommandHandler] => [name, () => 'OK'])
  return implement(contract, Object.fromEntries(handlers) as Handlers<ModuleContract>)
}
