import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { outputOf, withTemporaryDirectory } from './commands.mjs'
import { packAll, unpack } from './tarballs.mjs'
import { inRoot, publicPackages, readManifest } from './workspace.mjs'

const TEST_FILE = /(^|\/)(tests?|bench|fixtures|__tests__|coverage)\/|\.(test|test-d|spec|bench)\.[cm]?[jt]sx?$/

/** @param {string} folder */
async function checkAll(folder) {
  const tarballs = await packAll(folder)
  for (const { folder: source, manifest } of publicPackages()) {
    const { name, exports } = manifest
    const tarball = tarballs.get(name) ?? ''
    const findings = [
      ...contentFindings(await unpack(tarball, join(folder, 'unpacked', name)), source),
      ...(await findingsOf('publint', ['run', tarball, '--strict'])),
      // A package with programs alone exports no types.
      ...(exports === undefined
        ? []
        : await findingsOf('attw', [tarball, '--profile', 'esm-only', '--format', 'ascii'])),
    ]
    console.log(`${name}: ${findings.length === 0 ? 'ok' : findings.join('\n  ')}`)
    if (findings.length > 0) process.exitCode = 1
  }
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<string[]>}
 */
function findingsOf(program, args) {
  return outputOf(inRoot('node_modules', '.bin', program), args).then(
    () => [],
    (error) => [String(error)],
  )
}

/**
 * What is wrong with the files of a tarball, one line each. It says what the tools do not: they know nothing of the
 * workspace, of the addon and of the code that is bundled.
 * @param {string} unpacked folder with the tarball's files
 * @param {string} source folder of the package in the repository
 * @returns {string[]}
 */
export function contentFindings(unpacked, source) {
  const files = readdirSync(unpacked, { recursive: true, encoding: 'utf8' })
  const manifest = readManifest(unpacked)
  const changelog = existsSync(join(source, 'CHANGELOG.md')) ? ['CHANGELOG.md'] : []
  const addon = existsSync(join(source, 'binding.gyp')) ? ['binding.gyp', 'native', 'prebuilds'] : []
  const required = ['README.md', 'LICENSE', 'dist', ...changelog, ...addon]
  const dependencies = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }
  return [
    ...required.filter((name) => !files.includes(name)).map((name) => `${name} is missing`),
    ...files.filter((file) => TEST_FILE.test(file)).map((file) => `${file} is a test file`),
    ...Object.entries(dependencies)
      .filter(([name, range]) => name === '@mi/internal' || range.startsWith('workspace:'))
      .map(([name, range]) => `package.json depends on ${name} ${range}, which npm does not have`),
    ...files
      .filter((file) => /^dist\/.*\.(js|d\.ts)$/.test(file) && imports(join(unpacked, file), '@mi/internal'))
      .map((file) => `${file} imports @mi/internal, which is not published`),
    ...files.filter((file) => file.endsWith('.map')).flatMap((file) => missingSources(unpacked, file)),
  ]
}

/**
 * @param {string} file
 * @param {string} name
 */
function imports(file, name) {
  return new RegExp(`^[^/*]*(from|import|import\\()\\s*['"]${name}`, 'm').test(readFileSync(file, 'utf8'))
}

/**
 * A debugger shows the source that a map names. It is in the map: so a package has each source once, that of @mi/internal too.
 * @param {string} unpacked
 * @param {string} file
 */
function missingSources(unpacked, file) {
  /** @type {{ sources: string[], sourcesContent?: (string | null)[] }} */
  const { sources, sourcesContent } = JSON.parse(readFileSync(join(unpacked, file), 'utf8'))
  return sources
    .filter((_name, at) => typeof sourcesContent?.[at] !== 'string')
    .map((name) => `${file} names ${name}, which it does not hold`)
}

// npm run check:packages [-- FOLDER]: packs every public package and checks the tarballs with publint, attw and contentFindings.
// The tarballs go to FOLDER, or are removed.
if (process.argv[1] === import.meta.filename) {
  const folder = process.argv[2]
  await (folder === undefined ? withTemporaryDirectory(checkAll) : checkAll(resolve(folder)))
}
