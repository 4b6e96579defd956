import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { filesBelow } from '../files.mjs'

const testFile = /(^|\/)(tests?|bench|fixtures|__tests__|coverage)\/|\.(test|test-d|spec|bench)\.[cm]?[jt]sx?$/

/**
 * What is wrong with the files of a tarball, one line each.
 * @param {string} unpacked folder with the tarball's content
 * @param {string} source folder of the package in the repository
 * @returns {string[]}
 */
export function contentFindings(unpacked, source) {
  const files = filesBelow(unpacked).map((file) => relative(unpacked, file).split(sep).join('/'))
  return [
    ...required(source)
      .filter((name) => !files.some((file) => file === name || file.startsWith(`${name}/`)))
      .map((name) => `${name} is missing`),
    ...files.filter((file) => testFile.test(file)).map((file) => `${file} is a test file`),
    ...files.filter((file) => file.endsWith('.map')).flatMap((file) => sourceMapFindings(unpacked, file)),
    ...workspaceRanges(unpacked),
  ]
}

/** @param {string} source */
function required(source) {
  const changelog = existsSync(join(source, 'CHANGELOG.md')) ? ['CHANGELOG.md'] : []
  const addon = existsSync(join(source, 'binding.gyp')) ? ['binding.gyp', 'native', 'prebuilds'] : []
  return ['README.md', 'LICENSE', ...changelog, 'dist', 'src', ...addon]
}

/**
 * A debugger shows the source that a map names: each must be in the tarball.
 * @param {string} unpacked
 * @param {string} file
 */
function sourceMapFindings(unpacked, file) {
  /** @type {{ sources: string[], sourceRoot?: string }} */
  const { sources, sourceRoot = '' } = JSON.parse(readFileSync(join(unpacked, file), 'utf8'))
  return sources
    .filter((name) => {
      const path = resolve(unpacked, dirname(file), sourceRoot, name)
      return !path.startsWith(unpacked + sep) || !existsSync(path)
    })
    .map((name) => `${file} points at ${name}, which is not in the package`)
}

/** @param {string} unpacked */
function workspaceRanges(unpacked) {
  const manifest = readFileSync(join(unpacked, 'package.json'), 'utf8')
  return manifest.includes('"workspace:') ? ["package.json still holds 'workspace:' versions"] : []
}
