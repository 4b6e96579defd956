import { serverTransportSuite } from '@mi/compliance'
import { describe, test } from 'vitest'
import { fifoHarness } from './harness.js'
import { ways } from './ways.js'

describe.each(ways)('$name', (way) => serverTransportSuite({ ...fifoHarness(way), test, describe }))
