import { existsSync } from 'node:fs'
import { inRoot } from '../root.mjs'
import { pnpm, pnpmVersion } from '../tools.mjs'
import { readManifest, workspacePackages } from '../workspace.mjs'
import { fingerprint } from './fingerprint.mjs'
import { readStamp, removeStamp, writeStamp } from './stamp.mjs'
import { runStep } from './step.mjs'

const stamp = 'installed'

/** Whether the dependencies are there and are those of the lockfile. */
export function isInstalled() {
  return isComplete() && readStamp(stamp) === wantedFingerprint()
}

/**
 * Installs the dependencies unless `isInstalled`.
 * @returns {Promise<boolean>} whether there was something to do
 */
export async function ensureInstalled() {
  if (isInstalled()) return false
  const wanted = wantedFingerprint()
  removeStamp(stamp)
  await runStep(`Installing dependencies (pnpm ${pnpmVersion()})`, ...installCommand(), installEnvironment())
  writeStamp(stamp, wanted)
  return true
}

/** Names the versions to install, and the platform: some packages hold programs made for one. */
function wantedFingerprint() {
  const manifests = [inRoot(), ...workspacePackages().map(({ folder }) => folder)].map(readManifest)
  const asked = manifests.map((manifest) => [
    manifest.name,
    manifest.packageManager,
    manifest.dependencies,
    manifest.devDependencies,
    manifest.peerDependencies,
    manifest.optionalDependencies,
  ])
  return fingerprint(
    [inRoot('pnpm-lock.yaml'), inRoot('pnpm-workspace.yaml')],
    [JSON.stringify(asked), process.platform, process.arch],
  )
}

/** The stamp tells about versions; this, whether somebody has removed a part since. */
function isComplete() {
  if (!existsSync(inRoot('node_modules', '.modules.yaml'))) return false
  return workspacePackages().every(
    ({ folder, manifest }) =>
      Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length === 0 ||
      existsSync(`${folder}/node_modules`),
  )
}

/** @returns {[string, string[]]} */
function installCommand() {
  // Development dependencies also where NODE_ENV is production; no question about a node_modules that npm has made.
  return pnpm(['install', '--frozen-lockfile', '--prod=false', '--config.confirmModulesPurge=false'])
}

function installEnvironment() {
  return { ...process.env, NO_UPDATE_NOTIFIER: '1', npm_config_update_notifier: 'false' }
}
