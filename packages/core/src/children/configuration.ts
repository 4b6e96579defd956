import type { ChildrenOptions } from '@mi/contract'
import type { OwnProcess, Place } from '../processes.js'
import { inheritedNumbers } from './fork.js'
import type { Configuration } from './messages.js'

/** What is the same for all children of a transport. */
export type SharedConfiguration = Omit<Configuration, 'index' | 'level'>

/**
 * @param group statistics group of the transport
 * @throws TypeError for a `modules` that is no URL, or options that are no plain JSON
 * @throws RangeError for a count below 1, or a descriptor that is none
 */
export function sharedConfiguration(
  group: string,
  options: ChildrenOptions,
  { options: engine }: Pick<OwnProcess, 'options'>,
  { startedAt, args }: Pick<Place, 'startedAt' | 'args'>,
): SharedConfiguration {
  const { count, descriptors, modules, transport } = options
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new RangeError(`startChildren(): count must be an integer from 1 up, not ${count}`)
  }
  for (const descriptor of descriptors) {
    if (Number.isInteger(descriptor) && descriptor >= 0) continue
    throw new RangeError(`startChildren(): ${descriptor} is no descriptor that a child could inherit`)
  }
  const { name, version, revision } = engine.server
  const { commandTimeoutMs, closeTimeoutMs, maxInFlight, maxBatchRequests, childStartTimeoutMs } = engine.limits
  return {
    modules: moduleUrl(modules),
    transport: transport.href,
    options: plainJson(options.options),
    descriptors: inheritedNumbers(descriptors),
    group,
    startedAt: startedAt.getTime(),
    args: [...args],
    server: { name, version, revision },
    limits: {
      commandTimeoutMs,
      closeTimeoutMs,
      childStartTimeoutMs,
      // JSON has no infinity.
      maxInFlight: Math.min(maxInFlight, Number.MAX_SAFE_INTEGER),
      maxBatchRequests: Math.min(maxBatchRequests, Number.MAX_SAFE_INTEGER),
    },
    checkResults: engine.checkResults,
    allowKill: engine.allowKill,
  }
}

function moduleUrl(modules: URL | string): string {
  try {
    return new URL(modules).href
  } catch (cause) {
    throw new TypeError(
      `the child's modules must be a URL such as new URL('./commands.js', import.meta.url), not '${modules}'`,
      { cause },
    )
  }
}

function plainJson(options: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(options ?? null))
  } catch (cause) {
    throw new TypeError("the options of a child's transport must be plain JSON", { cause })
  }
}
