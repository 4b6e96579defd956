import { ensureBuilt, isBuilt } from './build.mjs'
import { ensureInstalled, isInstalled } from './install.mjs'
import { alone } from './lock.mjs'

/**
 * Does what is missing or stale and says so; silent when there is nothing to do.
 * @param {{ build?: boolean }} [parts] build: also the packages. @default true
 * @returns {Promise<boolean>} whether there was something to do
 */
export async function setUp({ build = true } = {}) {
  if (isInstalled() && (!build || isBuilt())) return false
  return alone(async () => {
    const installed = await ensureInstalled()
    const built = build && (await ensureBuilt())
    return installed || built
  })
}
