import type { MiClient } from '@mi/client'
import { isCommandError, isMiError } from '@mi/contract'
import { loadCatalogue } from '../server/catalogue.js'
import type { Knowledge } from './candidates.js'

/** How long the server may take, in milliseconds: somebody waits with a finger on the key. */
const timeoutMs = 1000

/** What a server says of itself by `which`; what OpenSIPS is known to have where it does not answer. */
export function serverKnowledge(client: MiClient): Knowledge {
  return {
    commands: async () => {
      try {
        return await client.commands({ timeout: timeoutMs })
      } catch (error) {
        assertExpected(error)
        return (await loadCatalogue()).names
      }
    },
    recipes: async (command) => {
      try {
        return await client.recipes(command, { timeout: timeoutMs })
      } catch (error) {
        assertExpected(error)
        const contract = (await loadCatalogue()).find(command)
        return contract?.recipes.map((recipe) => Object.keys(recipe)) ?? []
      }
    },
  }
}

/** A server that does not answer must not get in the way of typing; anything else is a fault of ours. */
function assertExpected(error: unknown): void {
  if (!isCommandError(error) && !isMiError(error)) throw error
}
