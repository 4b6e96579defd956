import { readdir, readFile } from 'node:fs/promises'
import { findCommand } from '../../packages/posix/toolchain.mjs'
import { runShown } from '../child.mjs'
import { Failure } from '../failure.mjs'
import { inRoot } from '../root.mjs'
import { installPackages } from '../set-up/apt.mjs'
import { setUp } from '../set-up/index.mjs'
import { table } from '../table.mjs'

/**
 * What is published. `machine`: as ELF headers name it (e_machine). `debian`: the packages with that compiler.
 * @typedef {{ platform: string, machine: number, triplet: string, debian: string[] }} Target
 * @type {readonly Target[]}
 */
const targets = [
  {
    platform: 'linux-x64',
    machine: 62,
    triplet: 'x86_64-linux-gnu',
    debian: ['gcc-x86-64-linux-gnu', 'libc6-dev-amd64-cross'],
  },
  {
    platform: 'linux-arm64',
    machine: 183,
    triplet: 'aarch64-linux-gnu',
    debian: ['gcc-aarch64-linux-gnu', 'libc6-dev-arm64-cross'],
  },
]

const folder = inRoot('packages', 'posix')

/** npm run prebuild: compiles the addon of @mi/posix for every platform that is published, into its folder prebuilds/. */
export async function prebuild() {
  await setUp()
  const rows = []
  for (const target of targets) rows.push(await prebuildFor(target))
  console.log(`\n${table(['prebuild', 'machine', 'bytes'], rows)}`)
  return 0
}

/** @param {Target} target */
async function prebuildFor({ platform, machine, triplet, debian }) {
  const compiler = `${triplet}-gcc`
  if (findCommand([compiler]) === undefined)
    await installPackages(debian, `Compiling for ${platform} needs ${compiler}`)
  const args = [`${folder}/build.mjs`, platform, compiler, `${triplet}-strip`]
  const status = await runShown(process.execPath, args, { cwd: folder })
  if (status !== 0) throw new Failure(`Compiling for ${platform} failed; what ${compiler} said is above.`)
  const [name = ''] = await readdir(`${folder}/prebuilds/${platform}`)
  const content = await readFile(`${folder}/prebuilds/${platform}/${name}`)
  const found = elfMachine(content)
  if (found !== machine) throw new Failure(`${platform}/${name} is for machine ${found}, not ${machine}`)
  return [`${platform}/${name}`, triplet, String(content.length)]
}

/**
 * The machine that a file of 64-bit ELF was compiled for.
 * @param {Buffer} content
 */
function elfMachine(content) {
  const isElf = content.length > 20 && content.readUInt32BE(0) === 0x7f454c46
  return isElf ? content.readUInt16LE(18) : undefined
}
