import { existsSync } from 'node:fs'
import { Failure } from '../failure.mjs'
import { lerna, lernaEnvironment } from '../lerna.mjs'
import { inRoot } from '../root.mjs'
import { workspacePackages } from '../workspace.mjs'
import { ensureCompiler } from './compiler.mjs'
import { fingerprint } from './fingerprint.mjs'
import { readStamp, removeStamp, writeStamp } from './stamp.mjs'
import { runStep } from './step.mjs'

const stamp = 'built'

/** The addon that a build makes is for this machine; `npm run prebuild` puts others beside it. */
const host = `${process.platform}-${process.arch}`

/** What a package's build reads of its folder; the latter ones only where there is an addon. As in nx.json. */
const ownSources = [
  ...['src', 'package.json', 'tsconfig.json', 'tsup.config.ts'],
  ...['native', 'binding.gyp', 'build.mjs', 'compile.mjs', 'toolchain.mjs', 'install.mjs'],
]

/** Whether each `dist` is there and was made from the sources as they are now. */
export function isBuilt() {
  const packages = builtPackages()
  return (
    missingOutputs(packages).length === 0 &&
    readStamp(stamp) === `${sourceFingerprint(packages)} ${outputFingerprint(packages)}`
  )
}

/**
 * Builds every package unless `isBuilt`.
 * @returns {Promise<boolean>} whether there was something to do
 */
export async function ensureBuilt() {
  if (isBuilt()) return false
  const packages = builtPackages()
  const sources = sourceFingerprint(packages)
  await ensureCompiler()
  removeStamp(stamp)
  await runStep('Building the packages', ...lerna(['run', 'build']), lernaEnvironment())
  const absent = missingOutputs(packages)
  if (absent.length > 0) throw new Failure(`The build ended well but did not make ${absent.join(', ')}.`)
  // What was built is remembered too: a `dist` changed by hand, or built from another commit, is then built anew.
  writeStamp(stamp, `${sources} ${outputFingerprint(packages)}`)
  return true
}

function builtPackages() {
  return workspacePackages().filter(({ manifest }) => manifest.scripts?.build !== undefined)
}

/** @typedef {import('../workspace.mjs').WorkspacePackage} WorkspacePackage */

/** @param {readonly WorkspacePackage[]} packages */
function sourceFingerprint(packages) {
  const shared = ['pnpm-lock.yaml', 'tsconfig.base.json', 'lerna.json', 'nx.json'].map((name) => inRoot(name))
  const own = packages.flatMap(({ folder }) => ownSources.map((name) => `${folder}/${name}`))
  return fingerprint([...shared, ...own], [host])
}

/** @param {readonly WorkspacePackage[]} packages */
function outputFingerprint(packages) {
  return fingerprint(packages.flatMap(({ folder }) => [`${folder}/dist`, `${folder}/prebuilds/${host}`]))
}

/** @param {readonly WorkspacePackage[]} packages */
function missingOutputs(packages) {
  return packages.flatMap(({ folder, manifest }) => [
    ...(existsSync(`${folder}/dist`) ? [] : [`${manifest.name}: dist`]),
    ...exportedFiles(manifest.exports)
      .filter((file) => !existsSync(`${folder}/${file}`))
      .map((file) => `${manifest.name}: ${file}`),
  ])
}

/**
 * The files that a package's `exports` name, whatever the nesting.
 * @param {unknown} exports
 * @returns {string[]}
 */
function exportedFiles(exports) {
  if (typeof exports === 'string') return exports.includes('*') ? [] : [exports]
  if (typeof exports !== 'object' || exports === null) return []
  return Object.values(exports).flatMap(exportedFiles)
}
