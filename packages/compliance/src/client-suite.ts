import { answerCases } from './client/answers.js'
import { connectionCases } from './client/connection.js'
import { givingUpCases } from './client/giving-up.js'
import type { ClientHarness } from './client-harness.js'
import { CaseBuilder, registerCases, type TestRunner, type TransportCase } from './test-runner.js'
import { type ClientTraits, resolveClientTraits } from './traits.js'

/**
 * The promises of a client transport, one case each, to run them without a test runner.
 * @param traits what the transport cannot do; what is left out is promised
 * @throws TypeError, RangeError for traits that make no sense
 */
export function clientTransportCases(harness: ClientHarness, traits: Partial<ClientTraits> = {}): TransportCase[] {
  const resolved = resolveClientTraits(traits)
  const builder = new CaseBuilder(resolved)
  answerCases(builder, harness, resolved)
  givingUpCases(builder, harness, resolved)
  connectionCases(builder, harness, resolved)
  return builder.cases
}

/**
 * Registers the tests that every client transport must pass with the runner that comes with the harness.
 * @param traits what the transport cannot do; what is left out is promised
 * @throws TypeError, RangeError for traits that make no sense
 */
export function clientTransportSuite(harness: ClientHarness & TestRunner, traits: Partial<ClientTraits> = {}): void {
  registerCases(harness, 'client transport', clientTransportCases(harness, traits))
}
