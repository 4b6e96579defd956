import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

/** What the compiler says about a call, in the place of this file. */
function complaints(call: string): string[] {
  const name = fileURLToPath(new URL('virtual-call.ts', import.meta.url))
  const text = `
    import { cache } from './support/contracts.js'
    import type { MiClient } from '../src/index.js'
    declare const client: MiClient
    void ${call}
  `
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.esnext.d.ts'],
    types: ['node'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (path) => path === name || fileExists(path)
  host.getSourceFile = (path, version, ...rest) =>
    path === name ? ts.createSourceFile(path, text, version) : getSourceFile(path, version, ...rest)
  const program = ts.createProgram([name], options, host)
  const diagnostics = program.getSemanticDiagnostics(program.getSourceFile(name))
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

test('a parameter that is missing is reported as missing', () => {
  const [complaint = '', ...others] = complaints("client.call(cache.store, { system: 'local', attr: 'k' })")
  expect(complaint).toMatch(/is missing the following properties .*: value|Property 'value' is missing/)
  expect(complaint).not.toContain("not assignable to parameter of type 'string'")
  expect(others).toEqual([])
})

test('parameters that are missing altogether are reported as an argument too few', () => {
  for (const call of ['client.call(cache.store)', 'client.notify(cache.store)']) {
    expect(complaints(call)).toEqual([
      expect.stringMatching(/^Expected 2-3 arguments, but got 1|Arguments for the rest/),
    ])
  }
})
