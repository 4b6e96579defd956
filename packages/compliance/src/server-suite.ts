import { closingCases } from './server/closing.js'
import { lifecycleCases } from './server/lifecycle.js'
import { peerCases } from './server/peers.js'
import { provisionalCases } from './server/provisional.js'
import { replyCases } from './server/replies.js'
import { requestCases } from './server/requests.js'
import type { ServerHarness } from './server-harness.js'
import { CaseBuilder, registerCases, type TestRunner, type TransportCase } from './test-runner.js'
import { resolveServerTraits, type ServerTraits } from './traits.js'

/**
 * The promises of a server transport, one case each, to run them without a test runner.
 * @param traits what the transport cannot do; what is left out is promised
 * @throws TypeError, RangeError for traits that make no sense
 */
export function serverTransportCases(harness: ServerHarness, traits: Partial<ServerTraits> = {}): TransportCase[] {
  const resolved = resolveServerTraits(traits)
  const builder = new CaseBuilder(resolved)
  lifecycleCases(builder, harness, resolved)
  requestCases(builder, harness, resolved)
  replyCases(builder, harness, resolved)
  provisionalCases(builder, harness, resolved)
  peerCases(builder, harness, resolved)
  closingCases(builder, harness, resolved)
  return builder.cases
}

/**
 * Registers the tests that every server transport must pass with the runner that comes with the harness.
 * @param traits what the transport cannot do; what is left out is promised
 * @throws TypeError, RangeError for traits that make no sense
 */
export function serverTransportSuite(harness: ServerHarness & TestRunner, traits: Partial<ServerTraits> = {}): void {
  registerCases(harness, 'server transport', serverTransportCases(harness, traits))
}
