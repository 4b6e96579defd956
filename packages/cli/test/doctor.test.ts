import { execFileSync, spawn } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMi } from '@mi/core'
import { fifo } from '@mi/fifo'
import { describe, expect, onTestFinished, test } from 'vitest'
import { mi } from './support/mi.js'
import { startOldServer } from './support/old-server.js'
import { key, openScreen } from './support/screen.js'
import { startServer } from './support/server.js'

function temporary(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mi-doctor-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  return dir
}

function makeFifo(path: string): string {
  execFileSync('mkfifo', [path])
  return path
}

/** A process that has a file open and reads nothing. */
async function holdOpen(path: string): Promise<number> {
  const child = spawn('sh', ['-c', 'exec 3<>"$0"; echo open; read line', path], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await once(child, 'close')
  })
  await once(child.stdout, 'data')
  return child.pid ?? 0
}

async function port(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())))
  return (server.address() as AddressInfo).port
}

async function udpSocket(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  onTestFinished(() => new Promise<void>((resolve) => socket.close(() => resolve())))
  await once(socket, 'listening')
  return socket
}

describe('mi doctor finds', () => {
  test.each(['fifo', 'udp', 'unix', 'http'] as const)('nothing to fix where a server answers over %s', async (kind) => {
    const { ways } = await startServer()
    const { code, stdout, stderr } = await mi(['doctor', ...ways[kind]])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^ok {4}server {11}\S+ \(from -u\)\n/)
    expect(stdout).toMatch(/^ok {4}answer {11}the server answers in \d+\.\d ms$/m)
    expect(stdout).toMatch(/^ok {4}names {12}those of OpenSIPS 4\.0/m)
    expect(stdout).toMatch(/^ok {4}commands {9}\d+, of the modules cache, core, demo, /m)
    expect(stdout).toMatch(/\n\nAll is well\.\n$/)
    expect(stdout.includes('reply directory')).toBe(kind === 'fifo' || kind === 'unix')
  })

  test('a server of OpenSIPS 3.x, and one that is too old to be known', async () => {
    const current = await startOldServer({
      version: () => ({ Server: 'OpenSIPS (3.6.8 (x86_64/linux))' }),
      ps: () => 1,
    })
    const { stdout } = await mi(['doctor', ...current.way])
    expect(stdout).toMatch(/^ok {4}release {10}OpenSIPS \(3\.6\.8 .*\); supported are 3\.4 to 4\.0$/m)
    expect(stdout).toMatch(/^ok {4}names {12}those of OpenSIPS 3\.x, such as ps$/m)
    expect(stdout).toMatch(/^note {2}statistics {7}the server refuses them/m)
    const old = await startOldServer({ version: () => ({ Server: 'OpenSIPS (2.4.11 (x86_64/linux))' }) })
    const seen = await mi(['doctor', ...old.way])
    expect(seen.stdout).toMatch(/^note {2}release/m)
    expect(seen.code).toBe(0)
  })

  test('a FIFO that is not there, or is something else', async () => {
    const dir = temporary()
    const path = join(dir, 'fifo')
    expect(await mi(['doctor', '-u', `fifo:${path}`])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^FIX {3}FIFO {13}\S+ does not exist\n {23}OpenSIPS /m),
      stderr: '',
    })
    writeFileSync(path, '')
    const file = await mi(['doctor', '-u', `fifo:${path}`])
    expect(file.stdout).toContain(`FIX   FIFO             ${path} is a regular file\n`)
    expect(file.stdout).toContain(`sudo rm ${path} && sudo systemctl restart opensips\n`)
    expect((await mi(['doctor', '-u', `fifo:${dir}`])).stdout).toContain(`${dir} is a directory`)
    const { ways } = await startServer()
    const socket = ways.unix[1]?.slice('unix:'.length)
    const other = await mi(['doctor', '-u', `fifo:${socket}`])
    expect(other.stdout).toContain(`    mi doctor -u unix:${socket}\n\nFix this, and run mi doctor again.\n`)
  })

  test('a FIFO that nobody reads', async () => {
    const path = makeFifo(join(temporary(), 'fifo'))
    const { code, stdout } = await mi(['doctor', '-u', `fifo:${path}`])
    expect(code).toBe(1)
    expect(stdout).toContain(`FIX   reader           no process reads ${path}\n`)
  })

  test('a reply directory that is not there', async () => {
    const { ways, dir } = await startServer()
    const { code, stdout } = await mi(['doctor', '-u', ways.fifo[1] ?? '', '--reply-dir', join(dir, 'nosuch')])
    expect(code).toBe(1)
    expect(stdout).toContain(`FIX   reply directory  ${dir}/nosuch does not exist\n`)
  })

  test('the reply directory of the server where it is another one', async () => {
    const dir = temporary()
    const other = join(dir, 'other')
    mkdirSync(other)
    const server = createMi({ transports: [fifo({ fifoName: join(dir, 'fifo'), replyDir: dir })] })
    await server.listen()
    onTestFinished(() => server.close())
    const seen = await mi(['doctor', '-u', `fifo:${dir}/fifo`, '--reply-dir', other, '--timeout', '3s'])
    expect(seen).toMatchObject({ code: 1, stderr: '' })
    expect(seen.stdout).toContain(`FIX   reply directory  the server writes its replies to ${dir}, not to ${other}\n`)
    expect(seen.stdout).toContain(`    mi ps -u fifo:${dir}/fifo --reply-dir ${dir}\n`)
  })

  test('a server that hangs, and one that is stopped', async () => {
    const dir = temporary()
    const path = makeFifo(join(dir, 'fifo'))
    const pid = await holdOpen(path)
    const args = ['doctor', '-u', `fifo:${path}`, '--reply-dir', dir, '--timeout', '300ms']
    const hung = await mi(args)
    expect(hung.stdout).toContain('FIX   answer           the server does not answer: it is busy or hangs')
    process.kill(pid, 'SIGSTOP')
    const stopped = await mi(args)
    process.kill(pid, 'SIGCONT')
    expect(stopped.stdout).toContain(`FIX   answer           process ${pid} of the server is stopped`)
    expect(stopped.stdout).toContain(`    sudo kill -CONT ${pid}\n`)
  })

  test('all processes of a server that is stopped, though only one has its FIFO or socket', async () => {
    const dir = temporary()
    const path = makeFifo(join(dir, 'fifo'))
    const pids = [await holdOpen(path), await holdOpen(join(dir, 'other'))].sort((a, b) => a - b)
    for (const pid of pids) process.kill(pid, 'SIGSTOP')
    const { stdout } = await mi(['doctor', '-u', `fifo:${path}`, '--reply-dir', dir, '--timeout', '300ms'])
    expect(stdout).toContain('FIX   answer           2 processes of the server are stopped')
    expect(stdout).toContain(`    sudo kill -CONT ${pids.join(' ')}\n`)
  })

  test.runIf(process.getuid?.() !== 0)('a FIFO to which the user may not write', async () => {
    const path = makeFifo(join(temporary(), 'fifo'))
    chmodSync(path, 0o400)
    const { code, stdout } = await mi(['doctor', '-u', `fifo:${path}`])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^FIX {3}permission/m)
  })

  test('a port at which nobody listens, and a name that nobody has', async () => {
    // A connected socket takes nothing from others, and nobody else can have its port meanwhile.
    const peer = await udpSocket()
    const connected = await udpSocket()
    connected.connect(peer.address().port, '127.0.0.1')
    await once(connected, 'connect')
    const udp = await mi(['doctor', '-u', `udp:127.0.0.1:${connected.address().port}`])
    expect(udp).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('FIX   answer           no server listens on udp'),
    })
    const client = connect(await port(createTcpServer()), '127.0.0.1')
    onTestFinished(() => void client.destroy())
    await once(client, 'connect')
    const refused = await mi(['doctor', '-u', `http://127.0.0.1:${client.localPort}/mi`])
    expect(refused.stdout).toContain('no server listens at http://')
  })

  test('a wrong path, and http where https is needed', async () => {
    const answer: RequestListener = (_, response) => {
      response.writeHead(400, { 'content-type': 'text/html' }).end('<html><body>Unable to parse URL!</body></html>')
    }
    const at = await port(createServer(answer))
    const wrong = await mi(['doctor', '-u', `http://127.0.0.1:${at}/wrong`])
    expect(wrong.code).toBe(1)
    expect(wrong.stdout).toContain(`    mi doctor -u http://127.0.0.1:${at}/mi\n`)
    const tls = await mi(['doctor', '-u', `https://127.0.0.1:${at}/mi`])
    expect(tls.stdout).toContain(`    mi doctor -u http://127.0.0.1:${at}/mi\n`)
  })

  test('an HTTP server that is busy with another command', async () => {
    const at = await port(createTcpServer((socket) => onTestFinished(() => void socket.destroy())))
    const { code, stdout } = await mi(['doctor', '-u', `http://127.0.0.1:${at}/mi`, '--timeout', '300ms'])
    expect(code).toBe(1)
    expect(stdout).toContain('FIX   answer           the server accepts the connection but does not reply\n')
    expect(stdout).toContain('httpd answers one request at a time')
    expect(stdout).not.toMatch(/firewall|systemctl/)
  })

  test('a certificate that is not trusted', async () => {
    const dir = temporary()
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
    const name = ['-subj', '/CN=mi.test', '-addext', 'subjectAltName=IP:127.0.0.1']
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    execFileSync('openssl', ['req', ...kind, ...name, '-keyout', key, '-out', cert], { stdio: 'pipe' })
    const pem = { key: readFileSync(key), cert: readFileSync(cert) }
    const at = await port(createTlsServer(pem, (_, response) => response.end('{}')))
    const { code, stdout } = await mi(['doctor', '-u', `https://127.0.0.1:${at}/mi`])
    expect(code).toBe(1)
    expect(stdout).toContain('It is self-signed, or its authority is not known here.')
    expect(stdout).toContain(`    mi doctor -u https://127.0.0.1:${at}/mi --ca mi-ca.pem\n`)
  })

  test('a configuration that names no server', async () => {
    expect(await mi(['doctor', '-u', 'nonsense'])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^FIX {3}server {11}-u: .*\n {23}Name the server on the command line/),
      stderr: '',
    })
  })
})

test('mi doctor says that it waits for a reply', async () => {
  const { way } = await startOldServer({ version: () => new Promise(() => undefined) })
  const screen = openScreen(['doctor', ...way, '--timeout', '10m'])
  await screen.shows('waiting for the reply, ')
  screen.type(key.interrupt)
  await screen.ended
})

test('mi doctor -o json prints its findings for programs', async () => {
  const { ways } = await startServer()
  const well = await mi(['doctor', ...ways.udp, '-o', 'json'])
  expect(well.code).toBe(0)
  const { ok, checks } = JSON.parse(well.stdout)
  expect(ok).toBe(true)
  expect(checks.map(({ check }: { check: string }) => check)).toEqual([
    'server',
    'answer',
    'release',
    'names',
    'commands',
    'statistics',
  ])
  const ill = await mi(['doctor', '-u', 'fifo:/nonexistent/fifo', '-o', 'json'])
  expect(ill.code).toBe(1)
  expect(JSON.parse(ill.stdout)).toMatchObject({
    ok: false,
    checks: [{ state: 'ok' }, { check: 'FIFO', state: 'problem' }],
  })
  expect(await mi(['doctor', '-o', 'table'])).toMatchObject({ code: 2, stdout: '' })
})
