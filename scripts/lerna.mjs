import { pnpm } from './tools.mjs'

/**
 * Command and arguments that run lerna. It starts each package's script by `pnpm run`: npm puts pnpm on its PATH.
 * @param {readonly string[]} args
 * @returns {[command: string, args: string[]]}
 */
export function lerna(args) {
  return pnpm(['exec', 'lerna', ...args])
}

/**
 * Lerna runs tasks through nx. No process of it may stay behind, nothing may be asked, and nothing but this machine's own
 * cache may be consulted; nx.json says the same for whoever runs lerna by hand.
 * @returns {NodeJS.ProcessEnv}
 */
export function lernaEnvironment() {
  return {
    ...process.env,
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    NX_INTERACTIVE: 'false',
    NX_TUI: 'false',
    NX_LOAD_DOT_ENV_FILES: 'false',
  }
}
