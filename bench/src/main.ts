import { machine } from './machine.js'
import { type BenchOptions, readOptions, usage } from './options.js'
import { isMet, type Target } from './scenario.js'
import { scenarios } from './scenarios.js'
import { table } from './table.js'

async function run(options: BenchOptions): Promise<void> {
  const unknown = options.scenarios.filter((name) => !scenarios.some((scenario) => scenario.name === name))
  if (unknown.length > 0) {
    throw new RangeError(
      `no scenario '${unknown.join("', '")}'; there are ${scenarios.map(({ name }) => name).join(', ')}`,
    )
  }
  console.log(machine())
  const targets: Target[] = []
  for (const scenario of scenarios) {
    if (options.scenarios.length > 0 && !options.scenarios.includes(scenario.name)) continue
    console.log(`\n${scenario.name}: ${scenario.describe(options)}\n`)
    const result = await scenario.run(options)
    console.log(table(result.head, result.rows))
    targets.push(...result.targets)
  }
  console.log(`\n${targets.map(targetLine).join('\n')}`)
  if (options.check && !targets.every(isMet)) process.exitCode = 1
}

function targetLine(target: Target): string {
  const { what, value, limit, direction, unit = '' } = target
  return `${isMet(target) ? 'met   ' : 'MISSED'}  ${what}: ${value.toFixed(2)}${unit} (target: ${direction} ${limit}${unit})`
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) console.log(`${usage}\nscenarios: ${scenarios.map(({ name }) => name).join(', ')}`)
  else await run(options)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  if (error instanceof Error && error.cause !== undefined) console.error(error.cause)
  process.exitCode = 1
}
