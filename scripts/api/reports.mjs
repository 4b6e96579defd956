import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Failure } from '../failure.mjs'
import { inRoot } from '../root.mjs'
import { publicPackages } from '../workspace.mjs'
import { entryPoints } from './entry-points.mjs'

/** Its sources are generated, and recorded in the repository: a report would record them twice. */
const GENERATED_PACKAGE = '@mi/opensips'

/**
 * What a package's users can import, as text: recorded in the repository, where a change of it is seen in review.
 * @typedef {{ name: string, file: string, text: string }} ApiReport file: where it is recorded, absolute
 */

/**
 * The public types of every public package, from its built declarations, by API Extractor.
 * @returns {Promise<ApiReport[]>}
 */
export async function apiReports() {
  const packages = publicPackages()
    .map((each) => ({ ...each, entries: entryPoints(each) }))
    .filter(({ manifest, entries }) => entries.length > 0 && manifest.name !== GENERATED_PACKAGE)
  const scratch = await mkdtemp(join(tmpdir(), 'mi-api-'))
  try {
    const extract = await extractor(
      packages.flatMap((each) => each.entries.map(({ types }) => types)),
      scratch,
    )
    return packages.map(({ folder, manifest: { name }, entries }) => ({
      name,
      file: join(folder, 'etc', `${basename(folder)}.api.md`),
      text: [
        `# API of ${name}`,
        'Written by `npm run api` from the built declarations; not to be edited.',
        ...entries.map(({ specifier, types }) => `## ${specifier}\n\n${extract(folder, types)}`),
      ]
        .join('\n\n')
        .concat('\n'),
    }))
  } finally {
    await rm(scratch, { recursive: true })
  }
}

/**
 * One compilation of all declarations, out of which the report of each entry point is taken.
 * @param {readonly string[]} allTypes
 * @param {string} scratch
 * @returns {Promise<(folder: string, types: string) => string>}
 */
async function extractor(allTypes, scratch) {
  // Imported here: the set-up that installs it runs after this file is loaded.
  const { CompilerState, Extractor, ExtractorConfig } = await import('@microsoft/api-extractor')
  /** @type {import('@microsoft/api-extractor').CompilerState | undefined} */
  let state
  return (folder, types) => {
    const config = ExtractorConfig.prepare({
      configObject: configuration(folder, types, scratch),
      configObjectFullPath: undefined,
      packageJsonFullPath: join(folder, 'package.json'),
    })
    state ??= CompilerState.create(config, { additionalEntryPoints: [...allTypes] })
    /** @type {string[]} */
    const errors = []
    const { succeeded } = Extractor.invoke(config, {
      localBuild: true,
      compilerState: state,
      messageCallback(message) {
        if (message.logLevel === 'error') errors.push(message.text)
        message.handled = true
      },
    })
    if (!succeeded) throw new Failure(`API Extractor stumbles over ${types}:\n${errors.join('\n')}`)
    return declarationsOf(readFileSync(config.reportFilePath, 'utf8'))
  }
}

/**
 * @param {string} folder
 * @param {string} types
 * @param {string} scratch
 * @returns {import('@microsoft/api-extractor').IConfigFile}
 */
function configuration(folder, types, scratch) {
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2023', 'ESNext.Disposable'],
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    types: ['node'],
    typeRoots: [inRoot('node_modules', '@types')],
    strict: true,
    skipLibCheck: true,
  }
  // Error messages are reported anyway; hints about the comments are none of a report of types.
  const silent = { default: { logLevel: /** @type {import('@microsoft/api-extractor').ExtractorLogLevel} */ ('none') } }
  return {
    projectFolder: folder,
    mainEntryPointFilePath: types,
    compiler: { overrideTsconfig: { compilerOptions, files: [types] } },
    apiReport: {
      enabled: true,
      // What an exported type is made of, exported or not.
      includeForgottenExports: true,
      reportFolder: scratch,
      reportTempFolder: join(scratch, 'temp'),
      reportFileName: 'report.api.md',
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    newlineKind: 'lf',
    messages: { extractorMessageReporting: silent, tsdocMessageReporting: silent },
  }
}

/**
 * The code of a report, without what API Extractor says of itself and without its notes on the comments.
 * @param {string} report
 */
function declarationsOf(report) {
  const code = /```ts\n([\s\S]*?)```/.exec(report)?.[1]
  if (code === undefined) throw new Failure(`API Extractor's report has no code:\n${report}`)
  const lines = code
    .split('\n')
    .filter(
      (line) => !/^\s*\/\/ (\(undocumented\)|@public( \(undocumented\))?|\(No @packageDocumentation.*)$/.test(line),
    )
  return `\`\`\`ts\n${lines.join('\n').trim()}\n\`\`\``
}
