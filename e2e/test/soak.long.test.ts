import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const program = fileURLToPath(new URL('../dist/soak/main.js', import.meta.url))

/** Runs it as `npm run soak` does. */
function soak(
  ...args: string[]
): Promise<{ readonly status: unknown; readonly faults: string[]; readonly errors: string }> {
  // How long a peer waits on a busy machine is not the server's doing.
  const options = [program, ...args, '--max-wait', '60000']
  return new Promise((resolve) => {
    const child = execFile(process.execPath, options, (error, stdout, stderr) => {
      const faults = stdout.split('\n').filter((line) => line.startsWith('does not hold'))
      resolve({ status: error?.code ?? 0, faults, errors: stderr })
    })
    onTestFinished(() => void child.kill())
  })
}

const allHolds = { status: 0, faults: [], errors: '' }

test('every request is answered or counted while peers vanish, are mute and are slow', async () => {
  expect(await soak('--seconds', '20')).toEqual(allHolds)
})

test('every request is answered or counted where child processes serve UDP', async () => {
  expect(await soak('--seconds', '5', '--transport', 'udp', '--children', '2')).toEqual(allHolds)
})

test('valid requests are answered among hostile ones', async () => {
  expect(await soak('--hostile', '15000')).toEqual(allHolds)
})
