import { deepStrictEqual } from 'node:assert/strict'
import type { MiHost } from '@mi/contract'
import { createScript } from '@mi/script'

/**
 * Calls commands from within the program that serves them, and checks what they leave in the return variable.
 * @throws AssertionError for a wrong return code or result
 */
export async function scriptCalls(mi: MiHost, print: (line: string) => void): Promise<void> {
  const script = createScript(mi)
  const [ret, params] = [script.var('ret'), script.avp('params')]
  const greeting = '{"key":"greeting","value":"hello"}'

  params.push('local', 'greeting')
  print("-> script.mi('cache_fetch', ret, params)")
  const rc = script.mi('cache_fetch', ret, params)
  print(`<- ${rc}, ret: ${ret.get()}`)
  deepStrictEqual([rc, ret.get()], [1, greeting])

  ret.clear()
  print("-> await script.async.mi('cache_fetch local greeting', ret)")
  const asyncRc = await script.async.mi('cache_fetch local greeting', ret)
  print(`<- ${asyncRc}, ret: ${ret.get()}`)
  deepStrictEqual([asyncRc, ret.get()], [1, greeting])
}
