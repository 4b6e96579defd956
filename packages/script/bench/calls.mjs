// node bench/calls.mjs [ROUNDS]: calls a second of every form, after a build; medians, and the slowest round in brackets.
import { createBlockingScript, createScript } from '../dist/index.js'
import { mi } from './engine.mjs'

const rounds = Number(process.argv[2] ?? 5)
const roundMs = 500

const sameThread = createScript(mi)
const worker = createBlockingScript({ engine: new URL('engine.mjs', import.meta.url) })
await worker.listen()

const forms = {
  'no parameters': (script, ret) => script.mi('version', ret),
  'no return variable': (script) => script.mi('version'),
  'a parameter in the command': (script, ret) => script.mi('version 1', ret),
  'a positional parameter': (script, ret) => script.mi('version', ret, ['1']),
  'a named parameter': (script, ret) => script.mi('version', ret, ['revision'], ['1']),
}

function callsPerSecond(call, script, ret) {
  const start = performance.now()
  let calls = 0
  while (performance.now() - start < roundMs) {
    for (let each = 0; each < 500; each++) if (call(script, ret) !== 1) throw new Error('a call failed')
    calls += 500
  }
  return (calls / (performance.now() - start)) * 1_000
}

for (const [form, call] of Object.entries(forms)) {
  for (const [where, script] of Object.entries({ 'same thread': sameThread, worker })) {
    const rates = Array.from({ length: rounds }, () => callsPerSecond(call, script, script.var('ret'))).sort(
      (a, b) => a - b,
    )
    const [median, slowest] = [rates[rounds >> 1], rates[0]].map((rate) => Math.round(rate))
    process.stdout.write(`${form}, ${where}: ${median} (${slowest})\n`)
  }
}
await worker.close()
