import { expect, test } from 'vitest'
import { cleanEnvironment, outputOf } from '../../scripts/commands.mjs'
import { publicPackages } from '../../scripts/workspace.mjs'

test('a rehearsed release publishes every package after those it depends on, and changes nothing here', async () => {
  const state = (): Promise<string> => outputOf('sh', ['-c', 'git status --porcelain; git tag; git log -1 --oneline'])
  const before = await state()
  const output = await outputOf('npm', ['run', 'release:dry', '--', '--skip-tests'], { env: cleanEnvironment() })
  const published = [...output.matchAll(/^\+ (@mi\/.+)@(.+)$/gm)].map(([, name = '', version = '']) => ({
    name,
    version,
  }))
  const names = published.map(({ name }) => name)
  expect([...names].sort()).toEqual(publicPackages().map(({ manifest }) => manifest.name))
  for (const { manifest } of publicPackages()) {
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
      expect(names.indexOf(name)).toBeLessThan(names.indexOf(manifest.name))
    }
  }
  // A package becomes 1.0.0 when a changeset says so, never because a package that it uses changed.
  expect(published.filter(({ version }) => !version.startsWith('0.'))).toEqual([])
  expect(output).toContain('Published and tagged')
  expect(await state()).toBe(before)
})
