import type { ClientTransport } from '@mi/contract'
import type { ClientTraits } from '../../src/index.js'
import type { Broken } from './broken.js'
import { brokenAnswers } from './client-answers.js'
import { brokenConnections } from './client-connections.js'
import { brokenGivingUp } from './client-giving-up.js'

export type BrokenClient = Broken<(path: string) => ClientTransport, ClientTraits>

export const brokenClients: readonly BrokenClient[] = [...brokenAnswers, ...brokenGivingUp, ...brokenConnections]
