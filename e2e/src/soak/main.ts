import { runHostile } from './hostile.js'
import { memoryFaults } from './memory.js'
import { readOptions, usage } from './options.js'
import { hostileLines, soakLines, waitFaults } from './result.js'
import { runSoak } from './soak.js'

/** @returns what does not hold */
async function run(args: readonly string[]): Promise<string[]> {
  const options = readOptions(args)
  if (options.help) {
    print(usage)
    return []
  }
  if (options.hostile === undefined) {
    const result = await runSoak({ ...options, print })
    for (const line of soakLines(result, options.maxWaitMs)) print(line)
    return [
      ...result.accounts.faults,
      ...result.faults,
      ...waitFaults(result, options.maxWaitMs),
      ...memoryFaults(result.usages),
      ...(result.exit === 0 ? [] : [`the server ended with ${result.exit}`]),
    ]
  }
  const faults: string[] = []
  for (const target of options.targets) {
    const result = await runHostile({ ...options, target, inputs: options.hostile, print })
    for (const line of hostileLines(result)) print(line)
    faults.push(...result.faults, ...memoryFaults(result.usages).map((fault) => `${target}: ${fault}`))
    if (result.exit !== 0) faults.push(`${target}: the server ended with ${result.exit}`)
  }
  return faults
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  const faults = await run(process.argv.slice(2))
  for (const fault of faults) print(`does not hold: ${fault}`)
  if (faults.length > 0) process.exitCode = 1
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
