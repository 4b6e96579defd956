import { HepError } from '../../hep-error.js'
import { chunkName } from './chunk-types.js'

export function truncatedPacket(received: number, needed: number): HepError {
  return new HepError(
    'HEP_TRUNCATED',
    { chunk: 'packet', offset: 0 },
    `${needed} octets are needed, and ${received} are there`,
  )
}

export function notHep3(): HepError {
  return new HepError('HEP_VERSION', { chunk: 'packet', offset: 0 }, "it begins with 'H', but not with 'HEP3'")
}

export function shortLength(total: number): HepError {
  return new HepError('HEP_LENGTH', { chunk: 'packet', offset: 4 }, `a length of ${total} octets: 6 are the least`)
}

export function truncatedHead(offset: number, left: number): HepError {
  return new HepError('HEP_TRUNCATED', { chunk: 'chunk head', offset }, `6 octets are needed, and ${left} are left`)
}

export function shortChunk(vendor: number, type: number, offset: number, length: number): HepError {
  return new HepError(
    'HEP_LENGTH',
    { chunk: chunkName(vendor, type), offset },
    `a length of ${length} octets: 6 are the least`,
  )
}

export function truncatedChunk(vendor: number, type: number, offset: number, length: number, left: number): HepError {
  return new HepError(
    'HEP_TRUNCATED',
    { chunk: chunkName(vendor, type), offset },
    `a length of ${length} octets, and ${left} are left`,
  )
}

export function wrongSize(type: number, offset: number, length: number, right: number): HepError {
  return new HepError(
    'HEP_LENGTH',
    { chunk: chunkName(0, type), offset },
    `a length of ${length} octets, but it has ${right}`,
  )
}

export function notUtf8(type: number, offset: number): HepError {
  return new HepError('HEP_TEXT', { chunk: chunkName(0, type), offset }, 'the text is not UTF-8')
}

export function unknownFamily(family: number, offset: number): HepError {
  return new HepError('HEP_FAMILY', { chunk: 'family', offset }, `${family} is neither 2 (IPv4) nor 10 (IPv6)`)
}

export function otherFamily(family: number, type: number, offset: number): HepError {
  return new HepError(
    'HEP_FAMILY',
    { chunk: chunkName(0, type), offset },
    `the packet is of family ${family}, its address is not`,
  )
}
