import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { hashPassword } from '../src/index.js'
import { serve } from './support/fixture.js'

const run = promisify(execFile)

test('curl calls a command with a password, sends a packed body, and is told what it did wrong', async () => {
  const { url } = await serve({ auth: { users: { alice: await hashPassword('s:ecret') } } })
  const curl = async (...args: string[]): Promise<string> =>
    (await run('curl', ['-s', '-m', '20', '-w', ' %{http_code}', url, ...args])).stdout
  const request = '{"jsonrpc": "2.0", "id": "1", "method": "pwd"}'
  const json = ['-H', 'Content-Type: application/json', '-d', request]
  expect(await curl('-u', 'alice:s:ecret', ...json)).toMatch(/^\{"jsonrpc":"2.0","result":\{"WD":.*"id":"1"\} 200$/)
  expect(await curl('-u', 'alice:wrong', ...json)).toMatch(/the password is wrong.*\n 401$/)
  expect(await curl('-u', 'alice:s:ecret', '-d', request)).toMatch(
    /with curl -H 'Content-Type: application\/json'\n 415$/,
  )
  expect(await curl('-u', 'alice:s:ecret', '-H', 'Expect: 100-continue', ...json)).toMatch(/200$/)
  expect(
    await curl('-u', 'alice:s:ecret', '-H', 'Content-Type: application/json', '-d', request.replace(', "id": "1"', '')),
  ).toBe(' 202')
})

test("python3's urllib, as opensips-cli uses it over HTTP, gets results and errors", async () => {
  const { url } = await serve()
  const program = `
import json, urllib.request
def execute(method, params):
    body = json.dumps({"jsonrpc": "2.0", "id": "1", "method": method, "params": params}).encode("utf-8")
    request = urllib.request.Request("${url}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        return json.loads(reply.read().decode("utf-8"))
print(json.dumps([execute("log_level", {"level": 3}), execute("nonsense", [])]))
`
  const { stdout } = await run('python3', ['-c', program], { timeout: 30_000 })
  expect(JSON.parse(stdout)).toEqual([
    { jsonrpc: '2.0', result: { 'New global log level': 3 }, id: '1' },
    { jsonrpc: '2.0', error: { code: -32601, message: 'Method not found' }, id: '1' },
  ])
})
