import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './commands.mjs'
import { inRoot } from './workspace.mjs'

// npm run prebuild: compiles the addon of @mi/posix for every platform that is published, into packages/posix/prebuilds.

/** machine: e_machine in the header of an ELF file. */
const TARGETS = [
  {
    platform: 'linux-x64',
    machine: 62,
    triplet: 'x86_64-linux-gnu',
    debian: 'gcc-x86-64-linux-gnu libc6-dev-amd64-cross',
  },
  {
    platform: 'linux-arm64',
    machine: 183,
    triplet: 'aarch64-linux-gnu',
    debian: 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross',
  },
]
const folder = inRoot('packages', 'posix')

for (const { platform, machine, triplet, debian } of TARGETS) {
  const compiler = `${triplet}-gcc`
  if (spawnSync('which', [compiler]).status !== 0) {
    console.log(`Installing ${debian} ...`)
    const line = `apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends ${debian}`
    await run('sh', [
      '-c',
      `(${line}) >/dev/null || { echo "prebuild: install ${debian} (as root), then try again" >&2; exit 1; }`,
    ])
  }
  await run(process.execPath, ['build.mjs', platform, compiler, `${triplet}-strip`], { cwd: folder })
  const [name = ''] = readdirSync(join(folder, 'prebuilds', platform))
  const content = readFileSync(join(folder, 'prebuilds', platform, name))
  const isElf = content.readUInt32BE(0) === 0x7f454c46
  if (!isElf || content.readUInt16LE(18) !== machine) throw new Error(`${platform}/${name} is not for ${platform}`)
  console.log(`${platform}/${name}: ${content.length} bytes`)
}
