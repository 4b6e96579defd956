import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/**
 * What it takes to compile the addon on this machine; for install.mjs, build.mjs and the scripts of the repository.
 * @typedef {{ compiler: string, machine?: string, strip?: string }} Target compiler: its command
 */

/** The platform as prebuilds are named: `linux-x64`. */
export const host = `${process.platform}-${process.arch}`

/**
 * The prefix whose `include/node` holds the headers of the running Node.js; undefined where there are none, and node-gyp
 * has to fetch them.
 * @returns {string | undefined}
 */
export function headersPrefix() {
  const prefix = dirname(dirname(process.execPath))
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? prefix : undefined
}

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
    // Absent, or not for us: the answer is the same.
    return false
  }
}

/** The C compiler: what CC says, or one of the usual names. */
export function findCompiler() {
  const { CC } = process.env
  return CC === undefined || CC === '' ? findCommand(['cc', 'gcc', 'clang']) : CC
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
 * The environment in which node-gyp compiles. There is no C++ here: the C compiler links too, and no other need be there.
 * @param {string | undefined} compiler
 * @returns {NodeJS.ProcessEnv}
 */
export function compileEnvironment(compiler) {
  const headers = headersPrefix()
  return {
    ...process.env,
    ...(compiler === undefined ? {} : { CC: compiler, CXX: compiler, LINK: compiler }),
    ...(headers === undefined ? {} : { npm_config_nodedir: headers }),
  }
}
