import { serverTransportSuite } from '@mi/compliance'
import { describe, test } from 'vitest'
import { fifoHarness } from './harness.js'

serverTransportSuite({ ...fifoHarness, test, describe })
