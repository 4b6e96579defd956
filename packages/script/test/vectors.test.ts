import { createMi, type Mi } from '@mi/core'
import { type ScriptVector, scriptVectors, vectorModules } from '@mi/fixtures'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createScript } from '../src/index.js'
import { argumentsOf, readScriptLine } from './script-line.js'

const named = scriptVectors.map((vector) => [vector.name, vector] as const)

test('the reader of script lines reads all of a line', () => {
  expect(readScriptLine('$avp(p)="a b";$avp(v)=-7;mi("x \\"y\\"", $var(r),$avp(p),$avp(v));')).toEqual({
    assignments: [
      { avp: 'p', value: 'a b' },
      { avp: 'v', value: -7 },
    ],
    command: 'x "y"',
    retVar: 'r',
    paramsAvp: 'p',
    valsAvp: 'v',
  })
  expect(readScriptLine('mi("x",,$avp(p));')).toMatchObject({ retVar: undefined, paramsAvp: 'p', valsAvp: undefined })
  expect(readScriptLine('mi("x",$var(r),,$avp(v));')).toMatchObject({ paramsAvp: undefined, valsAvp: 'v' })
  expect(() => readScriptLine('mi("x"')).toThrow('not a script line')
})

// In order, against one server whose working directory is that of the recordings: later calls read what earlier ones stored.
describe.each(['synchronous', 'asynchronous'])('what live OpenSIPS servers left after %s calls', (kind) => {
  const home = process.cwd()
  let mi: Mi
  beforeAll(() => {
    process.chdir('/')
    mi = createMi({ modules: vectorModules() })
  })
  afterAll(async () => {
    process.chdir(home)
    await mi.close()
  })

  async function outcome({ script: line }: ScriptVector) {
    // Variables and AVPs of their own, as each SIP message has.
    const script = createScript(mi)
    const call = argumentsOf(script, readScriptLine(line))
    const rc = kind === 'synchronous' ? script.mi(...call) : await script.async.mi(...call)
    return { rc, ret: script.var('r').get() ?? 'UNSET' }
  }

  test.each(named)('is left: %s', async (_name, vector) => {
    expect(await outcome(vector)).toEqual({ rc: vector.rc, ret: vector.ret })
  })
})
