import type { ServerTraits } from '../../src/index.js'
import type { MakeServer } from '../reference/server-harness.js'
import type { Broken } from './broken.js'
import { brokenLeftovers } from './server-leftovers.js'
import { brokenLifecycle } from './server-lifecycle.js'
import { brokenPeers } from './server-peers.js'
import { brokenReplies } from './server-replies.js'
import { brokenRequests } from './server-requests.js'

export type BrokenServer = Broken<MakeServer, ServerTraits>

export const brokenServers: readonly BrokenServer[] = [
  ...brokenLifecycle,
  ...brokenRequests,
  ...brokenReplies,
  ...brokenPeers,
  ...brokenLeftovers,
]
