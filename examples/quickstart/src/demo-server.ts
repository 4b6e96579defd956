import { createMi } from '@mi/core'
import { fifo } from '@mi/fifo'
import { cacheModule } from './cache-module.js'

/** A server with the core commands and the cache, listening on `mi_fifo` in a directory, which takes the replies too. */
export async function startDemoServer(directory: string): Promise<AsyncDisposable & { readonly fifoName: string }> {
  const fifoName = `${directory}/mi_fifo`
  const mi = createMi({
    modules: [cacheModule()],
    transports: [fifo({ fifoName, replyDir: directory })],
    server: { name: 'MI quickstart', version: '0.1.0', revision: '' },
  })
  await mi.listen()
  return { fifoName, [Symbol.asyncDispose]: () => mi.close() }
}
