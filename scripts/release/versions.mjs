import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inRoot } from '../root.mjs'
import { tool } from '../tools.mjs'
import { publicPackages, readManifest } from '../workspace.mjs'
import { must } from './must.mjs'
import { raiseTemplateRanges } from './template-ranges.mjs'

/**
 * What changesets would do.
 * @typedef {{ name: string, type: string, oldVersion: string, newVersion: string }} PlannedRelease
 * @typedef {{ changesets: { releases: { name: string, type: string }[] }[], releases: PlannedRelease[] }} Plan
 */

/**
 * Raises versions and writes changelogs as the files in .changeset say, which are gone afterwards.
 * @returns {Promise<string[]>} NAME@VERSION of what will be published anew; empty when there was no changeset
 */
export async function raiseVersions() {
  const before = versions()
  if (!hasChangesets()) return []
  const restore = setPeersAside(await readPlan())
  await changeset(['version'])
  restore()
  const now = versions()
  raiseTemplateRanges(now)
  return [...now].filter(([name, version]) => before.get(name) !== version).map((each) => each.join('@'))
}

/**
 * changesets makes a package 1.0.0 when a peer dependency of it leaves its range. Below 1.0.0 it is the minor version that
 * tells of a break: such a package gets a changeset of that size, and its peers are kept out of changesets' sight.
 * @param {Plan} plan
 * @returns {() => void} puts them back, with the ranges of the new versions
 */
function setPeersAside({ changesets, releases }) {
  const asked = new Set(
    changesets.flatMap((each) => each.releases.filter(({ type }) => type === 'major').map(({ name }) => name)),
  )
  const raised = publicPackages().filter(({ manifest: { name, peerDependencies } }) => {
    const release = releases.find((each) => each.name === name)
    const byPeers = Object.keys(peerDependencies ?? {}).some((peer) => releases.some((each) => each.name === peer))
    return release?.type === 'major' && release.oldVersion.startsWith('0.') && !asked.has(name) && byPeers
  })
  for (const { folder, manifest } of raised) {
    const file = inRoot('.changeset', `peers-of-${manifest.name.replace(/\W+/g, '-')}.md`)
    writeFileSync(
      file,
      `---\n'${manifest.name}': minor\n---\n\n${sentence(Object.keys(manifest.peerDependencies ?? {}))}\n`,
    )
    const { peerDependencies: _, ...others } = manifest
    writeManifest(folder, others)
  }
  return () => {
    for (const { folder, manifest } of raised) {
      const now = readManifest(folder)
      writeManifest(folder, inOrderOf(manifest, { ...now, peerDependencies: raisedRanges(manifest.peerDependencies) }))
    }
  }
}

/** @param {readonly string[]} peers */
function sentence(peers) {
  return `Works with the new version of ${peers.map((name) => `\`${name}\``).join(' and ')}, and no longer with the one before.`
}

/** @param {import('../workspace.mjs').Dependencies} ranges */
function raisedRanges(ranges = {}) {
  const now = versions()
  return Object.fromEntries(
    Object.entries(ranges).map(([name, range]) => [name, now.has(name) ? `workspace:^${now.get(name)}` : range]),
  )
}

/**
 * The fields of a manifest in the order of another one.
 * @param {object} order
 * @param {Record<string, unknown>} manifest
 */
function inOrderOf(order, manifest) {
  const names = [...new Set([...Object.keys(order), ...Object.keys(manifest)])]
  return Object.fromEntries(names.map((name) => [name, manifest[name]]))
}

/**
 * @param {string} folder
 * @param {object} manifest
 */
function writeManifest(folder, manifest) {
  writeFileSync(`${folder}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`)
}

function hasChangesets() {
  return readdirSync(inRoot('.changeset')).some((name) => name.endsWith('.md') && name !== 'README.md')
}

/** Versions of the public packages by name. */
function versions() {
  return new Map(publicPackages().map(({ manifest: { name, version } }) => [name, version]))
}

/** @returns {Promise<Plan>} */
async function readPlan() {
  const folder = await mkdtemp(join(tmpdir(), 'mi-release-plan-'))
  try {
    const file = join(folder, 'plan.json')
    await changeset(['status', '--output', file])
    return JSON.parse(readFileSync(file, 'utf8'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** @param {readonly string[]} args */
function changeset(args) {
  const [command, script] = tool('@changesets/cli', 'changeset')
  return must([command, [script, ...args]])
}
