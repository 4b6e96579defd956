import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import ts from 'typescript'
import { inRoot } from './workspace.mjs'

// npm run shape [-- --check]: the sizes of the files in packages/*/src, without generated ones, and import cycles, type imports
// included. With --check the exit status is 1 when a limit is exceeded.
const MEDIAN_LINES = { least: 70, most: 170 }
const THIN_LINES = 30
const MOST_THIN_PERCENT = 15
const MOST_LINES = 400

const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values

/** @typedef {{ path: string, text: string, lines: number }} Source */

const packages = readdirSync(inRoot('packages')).filter((name) => existsSync(inRoot('packages', name, 'src')))
const sources = new Map(
  packages.map((name) => /** @type {const} */ ([name, sourcesOf(name)])).filter(([, files]) => files.length > 0),
)
const all = [...sources.values()].flat()

const rows = [...sources, /** @type {const} */ (['all', all])].map(([name, files]) => sizes(name, files))
console.table(Object.fromEntries(rows.map(({ name, cells }) => [name, cells])))
const cycles = importCycles()
console.log(`import cycles: ${cycles.length}`)
for (const cycle of cycles) console.log(`  ${cycle.join(' -> ')}`)
if (check && (cycles.length > 0 || rows.some(({ exceeded }) => exceeded))) process.exitCode = 1

/**
 * @param {string} name of a package's folder
 * @returns {Source[]}
 */
function sourcesOf(name) {
  const folder = inRoot('packages', name, 'src')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ path: `packages/${name}/src/${file}`, text: readFileSync(join(folder, file), 'utf8') }))
    .filter(({ text }) => !text.startsWith('// Generated'))
    .map((file) => ({ ...file, lines: file.text.split('\n').length - 1 }))
}

/**
 * @param {string} name
 * @param {readonly Source[]} files
 */
function sizes(name, files) {
  const lines = files.map((file) => file.lines).sort((a, b) => a - b)
  const middle = (lines.length - 1) / 2
  const median = ((lines[Math.floor(middle)] ?? 0) + (lines[Math.ceil(middle)] ?? 0)) / 2
  const thin = (100 * lines.filter((count) => count <= THIN_LINES).length) / Math.max(lines.length, 1)
  const largest = files.find((file) => file.lines === lines.at(-1))
  const findings = [
    ...(median < MEDIAN_LINES.least || median > MEDIAN_LINES.most
      ? [`median not in ${MEDIAN_LINES.least}-${MEDIAN_LINES.most}`]
      : []),
    ...(thin > MOST_THIN_PERCENT ? [`more than ${MOST_THIN_PERCENT} % thin`] : []),
    ...((largest?.lines ?? 0) > MOST_LINES ? [`${largest?.path} has more than ${MOST_LINES} lines`] : []),
  ]
  const cells = {
    files: lines.length,
    'median lines': median,
    [`% of ${THIN_LINES} or less`]: Math.round(thin),
    largest: largest?.lines,
    findings: findings.join('; '),
  }
  // A package of a few files has no meaningful median.
  return { name, cells, exceeded: findings.length > 0 && name === 'all' }
}

/** Groups of files that import each other (Tarjan's strongly connected components), each in one line. */
function importCycles() {
  const known = new Set(all.map(({ path }) => path))
  const imports = new Map(
    all.map(({ path, text }) => [
      path,
      ts
        .preProcessFile(text)
        .importedFiles.map(({ fileName }) => target(path, fileName))
        .filter((file) => known.has(file)),
    ]),
  )
  /** @type {Map<string, { index: number, low: number }>} */
  const visited = new Map()
  /** @type {string[]} */
  const stack = []
  /** @type {string[][]} */
  const groups = []
  /** @param {string} file */
  const visit = (file) => {
    const state = { index: visited.size, low: visited.size }
    visited.set(file, state)
    stack.push(file)
    for (const imported of imports.get(file) ?? []) {
      const seen = visited.get(imported) ?? visit(imported)
      if (stack.includes(imported)) state.low = Math.min(state.low, seen.low)
    }
    if (state.low === state.index) {
      const group = stack.splice(stack.indexOf(file))
      if (group.length > 1) groups.push(group)
    }
    return state
  }
  for (const file of known) if (!visited.has(file)) visit(file)
  return groups
}

/**
 * The source file that an import names, if it is one of ours.
 * @param {string} from
 * @param {string} name `./options.js`, `@mi/contract`, `@mi/internal/nearest`
 */
function target(from, name) {
  if (name.startsWith('.')) return resolve('/', dirname(from), name).slice(1).replace(/\.js$/, '.ts')
  const [, folder, file = 'index'] = /^@mi\/([^/]+)(?:\/(.+))?$/.exec(name) ?? []
  return `packages/${folder}/src/${file}.ts`
}
