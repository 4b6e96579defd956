import { Failure, runScript } from './failure.mjs'
import { api } from './tasks/api.mjs'
import { bench } from './tasks/bench.mjs'
import { build } from './tasks/build.mjs'
import { checkNative } from './tasks/check-native.mjs'
import { checkPackages } from './tasks/check-packages.mjs'
import { format } from './tasks/format.mjs'
import { lint } from './tasks/lint.mjs'
import { prebuild } from './tasks/prebuild.mjs'
import { release } from './tasks/release.mjs'
import { releaseDry } from './tasks/release-dry.mjs'
import { sizes } from './tasks/sizes.mjs'
import { typecheck } from './tasks/typecheck.mjs'
import { versions } from './tasks/versions.mjs'

/**
 * The tasks behind `npm run NAME [-- arguments]`, each with the set-up it needs.
 * @type {Readonly<Record<string, (args: string[]) => Promise<number>>>}
 */
const tasks = {
  build,
  lint,
  format,
  typecheck,
  bench,
  prebuild,
  'check:native': checkNative,
  'check:packages': checkPackages,
  api,
  sizes,
  versions,
  release,
  'release:dry': releaseDry,
}

await runScript(async () => {
  const [name = '', ...args] = process.argv.slice(2)
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined
  if (task === undefined) {
    throw new Failure(`There is no task '${name}'; the tasks are ${Object.keys(tasks).join(', ')}.`, 2)
  }
  return task(args)
})
