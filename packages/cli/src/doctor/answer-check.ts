import { once } from 'node:events'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { isCommandError, isMiError } from '@mi/contract'
import { errorCode } from '@mi/internal/error-text'
import { quoteWord } from '../arguments/shell-words.js'
import { failureOf } from '../failure.js'
import type { Connection } from '../target/connection.js'
import { type Finding, ok, problem } from './finding.js'
import { isLocal, type Place } from './place.js'
import { fifoParameter, type ServerEnd, type ServerProcess, serverProcesses } from './processes.js'

/** How long a TCP connection may take, in milliseconds. */
const CONNECT_MS = 3000

/** How long a server at another reply directory may take at least, in milliseconds: each of a few is tried. */
const LEAST_TRY_MS = 1000

/** Asks the server who it is. */
export async function askRelease(
  { client }: Connection,
  timeoutMs: number,
): Promise<{ readonly release: string; readonly finding: Finding }> {
  const result: unknown = await client.call('version', undefined, { timeoutMs })
  // The first call has opened files or a connection.
  const askedAt = performance.now()
  await client.call('version', undefined, { timeoutMs })
  const tookMs = performance.now() - askedAt
  const release =
    typeof result === 'object' && result !== null && 'Server' in result ? String(result.Server) : 'unknown'
  return { release, finding: ok('answer', `the server answers in ${tookMs.toFixed(1)} ms`) }
}

/**
 * Why the server did not answer as it should, and how to fix it.
 * @throws the error itself when it is a fault of `mi`
 */
export async function explainSilence(
  error: unknown,
  place: Place,
  { server }: Connection,
  timeoutMs: number,
): Promise<Finding> {
  const [said = ''] = failureOf(error).lines
  if (isCommandError(error)) {
    return problem(
      'answer',
      said,
      'The server has no command version, which every OpenSIPS has: is it another program?',
    )
  }
  const cause = error instanceof Error ? error.cause : undefined
  const code = errorCode(cause) ?? ''
  const processes = isLocal(place) ? serverProcesses(endOf(place)) : []
  if (isMiError(error, 'MI_TIMEOUT')) return explainTimeout(said, place, processes, server, timeoutMs)
  if (place.kind === 'http') return problem('answer', said, ...httpFix(code, cause, server.url))
  const logs = ['What does its log say?', '$ journalctl -u opensips -n 50']
  if (processes.length === 0 && isLocal(place)) {
    return problem(
      'answer',
      said,
      'OpenSIPS does not run on this machine. Start it:',
      '$ sudo systemctl start opensips',
    )
  }
  if (place.kind === 'udp') {
    const where = isLocal(place) ? ['Where does OpenSIPS listen?', '$ sudo ss -lnup | grep opensips'] : []
    return problem(
      'answer',
      said,
      'mi_datagram needs: modparam("mi_datagram", "socket_name", "udp:ADDRESS:PORT")',
      ...where,
    )
  }
  return problem('answer', said, ...logs)
}

function endOf(place: Place): ServerEnd {
  if (place.kind === 'fifo') return { path: place.paths[0] }
  return place.kind === 'unix' ? { path: place.path } : { port: place.port }
}

async function explainTimeout(
  said: string,
  place: Place,
  processes: readonly ServerProcess[],
  { shown }: Connection['server'],
  timeoutMs: number,
): Promise<Finding> {
  const [main] = processes
  const stopped = processes.filter(({ isStopped }) => isStopped).map(({ pid }) => pid)
  if (stopped.length > 0) {
    const one = `process ${stopped[0]} of the server is stopped, by a signal or a debugger`
    const several = `${stopped.length} processes of the server are stopped, by a signal or a debugger`
    const configs = [...new Set(processes.map(({ config }) => config).filter((each) => each !== undefined))]
    const which =
      configs.length < 2
        ? ['Let it continue:']
        : [
            `Several servers run on this machine: ${configs.map((each) => `opensips -f ${each}`).join(', ')}. These are stopped: ` +
              processes.flatMap(({ pid, isStopped, config }) => (isStopped ? [`${pid} (${config})`] : [])).join(', '),
            'sudo mi doctor finds out which of them is asked. Let them continue:',
          ]
    const fix = `$ sudo kill -CONT ${stopped.join(' ')}`
    return problem('answer', stopped.length === 1 ? one : several, ...which, fix)
  }
  if (place.kind === 'fifo') {
    const right = await otherReplyDirectory(place, main, Math.max(LEAST_TRY_MS, timeoutMs))
    if (right !== undefined) {
      return problem(
        'reply directory',
        `the server writes its replies to ${right}, not to ${place.replyDir}`,
        'Name it on the command line, or as fifo_reply_dir in ~/.opensips-cli.cfg:',
        `$ mi ps -u ${quoteWord(`fifo:${place.paths[0]}`)} --reply-dir ${quoteWord(right)}`,
      )
    }
  }
  const hangs = [
    'If it hangs, its log may say why; then start it again:',
    '$ journalctl -u opensips -n 50',
    '$ sudo systemctl restart opensips',
  ]
  switch (place.kind) {
    case 'fifo':
      return problem(
        'answer',
        `the server does not answer: it is busy or hangs, or its reply_dir is not ${place.replyDir}`,
        'What is its reply_dir? Without a line it is /tmp:',
        `$ grep -n reply_dir ${main?.config ?? '/etc/opensips/opensips.cfg'}`,
        ...hangs,
      )
    case 'unix':
      return problem(
        'answer',
        said,
        `The server must be able to write to sockets in ${place.replyDir}; PrivateTmp of systemd gives it another /tmp. ` +
          'Try a directory that both see, such as --reply-dir /run/opensips',
        ...hangs,
      )
    case 'udp':
      return problem(
        'answer',
        `no answer from ${shown}: a firewall drops the packets, the server listens elsewhere, or it hangs`,
        'On the server: where does it listen?',
        '$ sudo ss -lnup | grep opensips',
        ...hangs,
      )
    case 'http':
      if (await acceptsConnections(place)) {
        return problem(
          'answer',
          'the server accepts the connection but does not reply',
          'httpd answers one request at a time: another command (such as t_uac_dlg) may hold it for up to 30 s. Try again, or use ' +
            'the FIFO',
        )
      }
      return problem(
        'answer',
        `no connection to ${shown}: a firewall drops the packets, or the address is wrong`,
        'On the server: where does it listen?',
        '$ sudo ss -lntp | grep opensips',
      )
  }
}

/** Whether TCP connects: a firewall that drops packets does not let it. */
async function acceptsConnections({ host, port }: Extract<Place, { kind: 'udp' | 'http' }>): Promise<boolean> {
  const socket = connect({ host: host.replace(/^\[(.*)\]$/, '$1'), port })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) })
    return true
  } catch {
    // Refused, or no reply within the time.
    return false
  } finally {
    socket.destroy()
  }
}

/** The directory at which the server does answer, of those that are likely. */
async function otherReplyDirectory(
  { paths: [path = ''], replyDir }: Extract<Place, { kind: 'fifo' }>,
  main: ServerProcess | undefined,
  timeoutMs: number,
): Promise<string | undefined> {
  const likely = [fifoParameter(main?.config, 'reply_dir'), '/tmp', dirname(path), '/run/opensips']
  const bare = (directory: string): string => directory.replace(/(.)\/+$/, '$1')
  const directories = new Set(likely.filter((each) => each !== undefined).map(bare))
  directories.delete(bare(replyDir))
  const { createClient } = await import('@mi/client')
  for (const directory of directories) {
    await using client = createClient(`fifo:${path}?reply_dir=${encodeURIComponent(directory)}`, { timeoutMs })
    try {
      await client.call('version')
      return directory
    } catch {
      // Not this one.
    }
  }
  return undefined
}

function httpFix(code: string, cause: unknown, url: string): string[] {
  const status = typeof cause === 'object' && cause !== null && 'status' in cause ? cause.status : undefined
  if (status === 400 || status === 404) {
    const at = new URL(url)
    return ['OpenSIPS has mi_http at /mi, unless its root is set. Try:', `$ mi doctor -u ${at.protocol}//${at.host}/mi`]
  }
  if (status === 401 || status === 403) return ['Give user and password in the URL: http://USER:PASSWORD@HOST:PORT/mi']
  if (/CERT|SIGNATURE|ISSUER/.test(code)) return certificateFix(code, new URL(url))
  if (code === 'EPROTO' || code === 'ECONNRESET') {
    const other = url.replace(/^http(s?):/, (_, isTls: string) => (isTls === '' ? 'https:' : 'http:'))
    return [
      'Is it http: or https: there? Try the other:',
      `$ mi doctor -u ${quoteWord(other.replace(/\/\/[^/@]*@/, '//'))}`,
    ]
  }
  if (code === 'ECONNREFUSED') {
    return [
      'OpenSIPS needs httpd and mi_http; the port of httpd is 8888 unless it is set. Where does it listen?',
      '$ sudo ss -lntp | grep opensips',
    ]
  }
  return []
}

function certificateFix(code: string, { host, hostname, port }: URL): string[] {
  if (code === 'CERT_HAS_EXPIRED') return [`The certificate has expired. Renew it on the server ${host}`]
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return [
      'The certificate is for another name. Use that name in the URL. For which names is it?',
      ...certificateOf(hostname, port, '-noout -ext subjectAltName'),
    ]
  }
  return [
    'It is self-signed, or its authority is not known here. If you trust it, fetch it and name it:',
    ...certificateOf(hostname, port, '> mi-ca.pem'),
    `$ mi doctor -u https://${host}/mi --ca mi-ca.pem`,
  ]
}

function certificateOf(hostname: string, port: string, what: string): string[] {
  return [`$ openssl s_client -connect ${hostname}:${port || '443'} </dev/null 2>/dev/null | openssl x509 ${what}`]
}
