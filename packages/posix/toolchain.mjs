import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

// What it takes to compile the addon on this machine; for install.mjs, build.mjs and the scripts of the repository.

/** The platform as prebuilds are named: `linux-x64`. */
export const host = `${process.platform}-${process.arch}`

/**
 * The first of some commands that is in PATH.
 * @param {readonly string[]} commands
 * @returns {string | undefined}
 */
export function findCommand(commands) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return commands.find((command) => folders.some((folder) => isExecutable(join(folder, command))))
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Absent or not allowed: it cannot be used.
    return false
  }
}

/** The command of the C compiler. */
export function findCompiler() {
  return process.env.CC || findCommand(['cc', 'gcc', 'clang'])
}

/**
 * What is missing to compile the addon, in words; empty when all is there.
 * @returns {string[]}
 */
export function missingTools() {
  return [
    ...(findCompiler() === undefined ? ['a C compiler'] : []),
    ...(findCommand(['make', 'gmake']) === undefined ? ['make'] : []),
    ...(findCommand(['python3', 'python']) === undefined ? ['python3'] : []),
  ]
}

/**
 * The environment in which node-gyp compiles: the headers of this Node.js where they are installed, instead of a download; and the C
 * compiler also links, so that no C++ compiler is needed.
 * @param {string | undefined} compiler
 * @returns {NodeJS.ProcessEnv}
 */
export function compileEnvironment(compiler) {
  const prefix = dirname(dirname(process.execPath))
  const hasHeaders = existsSync(join(prefix, 'include', 'node', 'node_api.h'))
  return {
    ...process.env,
    ...(compiler === undefined ? {} : { CC: compiler, CXX: compiler, LINK: compiler }),
    ...(hasHeaders ? { npm_config_nodedir: prefix } : {}),
  }
}
