import { jsonRpcVectors, vectorModules } from '@mi/fixtures'
import { describe, expect, test } from 'vitest'
import { createMi } from '../src/index.js'

/** Replies are compared as JSON, plain text byte for byte. */
function comparable(reply: string | null): unknown {
  return reply === null || !/^[[{]/.test(reply) ? reply : JSON.parse(reply)
}

describe('what live OpenSIPS servers answered', () => {
  // In order, against one server: later requests read what earlier ones stored.
  const mi = createMi({ modules: vectorModules() })
  test.each(jsonRpcVectors.map((vector) => [vector.name, vector] as const))(
    'is answered: %s',
    async (_name, vector) => {
      const reply = await mi.dispatch(vector.request)
      expect(comparable(reply)).toEqual(comparable(vector.reply))
    },
  )
})
