import { tool } from './tools.mjs'

/**
 * Command and arguments that run lerna.
 * @param {readonly string[]} args
 * @returns {[command: string, args: string[]]}
 */
export function lerna(args) {
  const [command, script] = tool('lerna', 'lerna')
  return [command, [script, ...args]]
}

/**
 * Lerna runs tasks through nx. No process of it may stay behind, nothing may be asked, and nothing but this machine's own
 * cache may be consulted; nx.json says the same for whoever runs lerna by hand, and that it starts each package's script by
 * `npm run`: there may be no pnpm to be found.
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
