import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createMi } from '@mi/core'
import { probeModule } from 'mi-module-probe'

/** A path in a directory of the test's own, which is removed with it. */
async function targetsFile(t: TestContext, content?: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'probe-'))
  t.after(() => rm(directory, { recursive: true }))
  const path = join(directory, 'targets')
  if (content !== undefined) await writeFile(path, content)
  return path
}

const list = '{"jsonrpc":"2.0","method":"probe:list","id":1}'

test('reads its targets when the engine begins to listen', async (t) => {
  const file = await targetsFile(t, '# gateways\n\n  gw1 192.0.2.1 5060\ngw2 gw2.example.com 5061\n')
  await using mi = createMi({ modules: [probeModule({ targetsFile: file })] })
  await mi.listen()
  assert.deepEqual(JSON.parse((await mi.dispatch(list)) ?? '').result, {
    Targets: [
      { name: 'gw1', host: '192.0.2.1', port: 5060 },
      { name: 'gw2', host: 'gw2.example.com', port: 5061 },
    ],
  })
})

for (const wrong of [
  'gw1',
  'gw1 192.0.2.1 0',
  'gw1 192.0.2.1 65536',
  'gw1 192.0.2.1 5060 more',
  'g;1 192.0.2.1 5060',
]) {
  test(`keeps the engine from listening, and tells file and line, when a target is '${wrong}'`, async (t) => {
    const file = await targetsFile(t, `# gateways\n${wrong}\n`)
    await using mi = createMi({ modules: [probeModule({ targetsFile: file })] })
    await assert.rejects(mi.listen(), (error: Error) => {
      assert.match(String(error.cause), /line 2 of the targets/)
      assert.ok(String(error.cause).includes(file))
      return true
    })
  })
}

test('keeps the engine from listening when the file has more targets than may be kept', async (t) => {
  const file = await targetsFile(t, 'a 127.0.0.1 80\nb 127.0.0.1 80\n')
  await using mi = createMi({ modules: [probeModule({ targetsFile: file, maxTargets: 1 })] })
  await assert.rejects(mi.listen(), (error: Error) => String(error.cause).includes('maxTargets'))
})

test('writes what has changed when the engine closes, for the next one to read', async (t) => {
  const file = await targetsFile(t)
  const first = createMi({ modules: [probeModule({ targetsFile: file })] })
  await first.listen()
  await first.dispatch('{"jsonrpc":"2.0","method":"probe:add","params":["web","127.0.0.1",80],"id":1}')
  await first.close()
  assert.equal(await readFile(file, 'utf8'), 'web 127.0.0.1 80\n')

  await using second = createMi({ modules: [probeModule({ targetsFile: file })] })
  await second.listen()
  assert.match((await second.dispatch(list)) ?? '', /"web"/)
})

test('leaves a file alone whose targets have not changed', async (t) => {
  const content = '# kept by hand\nweb 127.0.0.1 80\n'
  const file = await targetsFile(t, content)
  const mi = createMi({ modules: [probeModule({ targetsFile: file })] })
  await mi.listen()
  await mi.close()
  assert.equal(await readFile(file, 'utf8'), content)
})
