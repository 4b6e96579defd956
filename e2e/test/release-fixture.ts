import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { runQuietly } from '../../scripts/child.mjs'
import { environmentOfItsOwn } from '../../scripts/installs/environment.mjs'
import { copyWorkTree } from '../../scripts/release/copy.mjs'
import type { Registry } from '../../scripts/release/registry.mjs'
import { inRoot } from '../../scripts/root.mjs'

const run = promisify(execFile)

/** Whatever an installation would compile with. */
const compilers = ['cc', 'gcc', 'g++', 'c++', 'clang', 'clang++', 'make', 'gmake', 'node-gyp', 'python3', 'python']

/** Commands that compile nothing and tell when they are called. */
export interface Watched {
  readonly PATH: string
  /** What was called so far, a line each. */
  calls(): Promise<string>
}

/** Puts such commands before all others. @param folder where they go */
export async function watchCompilers(folder: string): Promise<Watched> {
  await mkdir(folder)
  const log = join(folder, 'calls')
  await writeFile(log, '')
  for (const name of compilers) {
    await writeFile(join(folder, name), `#!/bin/sh\necho "$0 $*" >> '${log}'\nexit 1\n`)
    await chmod(join(folder, name), 0o755)
  }
  return { PATH: `${folder}${delimiter}${process.env.PATH}`, calls: () => readFile(log, 'utf8') }
}

/** A copy of the repository in which releases can be tried. */
export interface RepositoryCopy {
  readonly folder: string
  /** Has one changeset take the place of those that wait, and raises the versions. @returns NAME@VERSION of what changed */
  release(name: string, size: 'patch' | 'minor' | 'major'): Promise<string[]>
  /** Packs and publishes what a registry has not got, of these packages or of all. @returns NAME@VERSION of that */
  publish(registry: Registry, names?: readonly string[]): Promise<string[]>
  /** Runs a task on the builds as they are. */
  task(name: string, ...args: readonly string[]): Promise<{ readonly status: number; readonly output: string }>
  /** The package.json of a package as it is now. */
  manifest(name: string): Promise<Manifest>
}

/** The fields that the tests look at. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** Copies the work tree with what was built; gone when the test is over. */
export async function copyRepository(): Promise<RepositoryCopy> {
  const scratch = await mkdtemp(join(tmpdir(), 'mi-release-copy-'))
  onTestFinished(() => rm(scratch, { recursive: true, force: true }))
  const folder = join(scratch, 'mi')
  await copyWorkTree(folder, { built: true })
  await symlink(inRoot('node_modules'), join(folder, 'node_modules'))
  return {
    folder,
    async release(name, size) {
      const changesets = join(folder, '.changeset')
      const waiting = (await readdir(changesets)).filter((file) => file.endsWith('.md'))
      for (const file of waiting) await rm(join(changesets, file))
      await writeFile(join(changesets, 'tried.md'), `---\n'${name}': ${size}\n---\n\nA change for the test.\n`)
      return JSON.parse(
        await runThere(
          folder,
          `import { raiseVersions } from './scripts/release/versions.mjs'
        console.log(JSON.stringify(await raiseVersions()))`,
        ),
      )
    },
    async publish(registry, names) {
      const program = `import { packAll } from './scripts/check-packages/pack.mjs'
        import { publishTarballs, unpublishedPackages } from './scripts/release/publish.mjs'
        const registry = ${JSON.stringify(registry)}
        const names = ${JSON.stringify(names ?? null)}
        const packages = (await unpublishedPackages(registry)).filter(({ manifest }) => names?.includes(manifest.name) ?? true)
        const tarballs = await packAll('${join(scratch, 'packed')}', packages)
        await publishTarballs(packages, tarballs, registry)
        console.log(JSON.stringify(packages.map(({ manifest: { name, version } }) => name + '@' + version)))`
      return JSON.parse((await runThere(folder, program)).trim().split('\n').at(-1) ?? '')
    },
    async task(name, ...args) {
      // The task's own part: its set-up would build anew what a test has changed in the builds.
      const program = `import { ${name} } from './scripts/tasks/${name}.mjs'
        process.exitCode = await ${name}(${JSON.stringify(args)}, { setUp: async () => false })`
      return runQuietly(process.execPath, ['--input-type=module', '--eval', program], {
        cwd: folder,
        env: environmentOfItsOwn(),
      })
    },
    manifest: async (name) =>
      JSON.parse(await readFile(join(folder, 'packages', name.slice('@mi/'.length), 'package.json'), 'utf8')),
  }
}

/** Runs a program with the scripts of the copy, which work on the copy. */
async function runThere(cwd: string, program: string): Promise<string> {
  const args = ['--input-type=module', '--eval', program]
  return (await run(process.execPath, args, { cwd, env: environmentOfItsOwn(), timeout: 120_000 })).stdout
}
