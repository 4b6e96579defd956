import type { Socket } from 'node:net'
import { TLSSocket, type TlsOptions } from 'node:tls'
import { shown } from '@mi/internal/options'

/** HTTPS: the options of node:tls, such as `cert`, `key`, `ca`, `minVersion`. */
export interface HttpTls extends TlsOptions {
  /**
   * Whether clients show a certificate, which `ca` must have signed. `'request'`: who shows a valid one needs no password or
   * token, others do. `'require'`: connections without one end, and `auth` applies besides. @default nobody is asked
   */
  readonly clientCertificates?: 'request' | 'require' | undefined
}

/** @throws TypeError for what cannot work */
export function resolveTls(tls: HttpTls): HttpTls {
  if (typeof tls !== 'object' || tls === null) {
    throw new TypeError(`http(): tls must be an object such as { cert, key }, not ${shown(tls)}`)
  }
  const { clientCertificates, cert, key, pfx, ca, ...rest } = tls
  const isServed = pfx !== undefined || (cert !== undefined && key !== undefined) || tls.SNICallback !== undefined
  if (!isServed) {
    throw new TypeError('http(): tls needs cert and key, the texts of the PEM files, or pfx')
  }
  if (clientCertificates === undefined) return tls
  if (clientCertificates !== 'request' && clientCertificates !== 'require') {
    throw new TypeError(
      `http(): tls.clientCertificates must be "request" or "require", not ${shown(clientCertificates)}`,
    )
  }
  if (ca === undefined) {
    throw new TypeError(
      'http(): tls.clientCertificates needs tls.ca, the certificate of the authority that signs those of clients; ' +
        'otherwise certificates of every public authority would be accepted',
    )
  }
  return {
    ...rest,
    cert,
    key,
    pfx,
    ca,
    clientCertificates,
    requestCert: true,
    rejectUnauthorized: clientCertificates === 'require',
  }
}

/** As `tls.TLSSocket.getPeerCertificate` gives it. */
interface Subject {
  readonly [type: string]: string | readonly string[] | undefined
}

/**
 * The subject of a certificate as RFC 4514 writes it, the most specific part first: `CN=noc,O=Example`. What has a meaning
 * there is escaped, so that no name can look like another.
 */
export function subjectText(subject: Subject): string {
  return Object.entries(subject)
    .flatMap(([type, value]) => (typeof value === 'string' ? [value] : [...(value ?? [])]).map((text) => [type, text]))
    .reverse()
    .map(([type, text = '']) => `${type}=${escaped(text)}`)
    .join(',')
}

function escaped(text: string): string {
  return text
    .replace(/[",+;<>\\=]/g, '\\$&')
    .replace(/^[ #]| $/g, '\\$&')
    .replace(/\p{Cc}/gu, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** @returns the subject of the certificate that the client showed, if it was verified */
export function certificateSubject(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const { subject } = socket.getPeerCertificate()
  return subject === undefined ? undefined : subjectText({ ...subject })
}
