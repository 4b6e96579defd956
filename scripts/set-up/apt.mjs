import { findCommand } from '../../packages/posix/toolchain.mjs'
import { Failure } from '../failure.mjs'
import { runStep } from './step.mjs'

/**
 * Installs packages of Debian, which takes root and apt-get.
 * @param {readonly string[]} packages
 * @param {string} why a sentence without its full stop: what is missing, and for what
 * @throws {Failure} where that cannot be done: it names what to install
 */
export async function installPackages(packages, why) {
  const list = packages.join(' ')
  if (findCommand(['apt-get']) === undefined || process.getuid?.() !== 0) {
    throw new Failure(
      `${why}. Install that (on Debian, as root: apt-get install ${list}), then run the same command again.`,
    )
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runStep('Looking up what Debian has', 'apt-get', ['update'], environment)
  const args = ['install', '--yes', '--no-install-recommends', ...packages]
  await runStep(`${why}: installing ${list}`, 'apt-get', args, environment)
}
