import { ChunkType } from './chunk-types.js'

/** The chunks that few packets have: their field, and what their body is. */
export type ChunkKind =
  | { readonly kind: 'integer'; readonly bytes: 1 | 2 | 4; readonly field: IntegerField }
  | { readonly kind: 'bigint'; readonly bytes: 8; readonly field: 'srcMac' | 'dstMac' }
  | { readonly kind: 'text'; readonly bytes: undefined; readonly field: TextField }

type IntegerField =
  | 'keepAliveSec'
  | 'vlanId'
  | 'ethernetType'
  | 'tcpFlags'
  | 'ipTos'
  | 'mos'
  | 'rFactor'
  | 'jitter'
  | 'tagType'
  | 'eventType'

type TextField =
  | 'authKey'
  | 'nodeName'
  | 'geoLocation'
  | 'transactionType'
  | 'jsonKeys'
  | 'tagValues'
  | 'groupId'
  | 'extraCorrelation'

const kinds: readonly ChunkKind[] = [
  ...(['tcpFlags', 'ipTos'] as const).map(integer(1)),
  ...(['keepAliveSec', 'vlanId', 'ethernetType', 'mos', 'rFactor', 'tagType', 'eventType'] as const).map(integer(2)),
  integer(4)('jitter'),
  { kind: 'bigint', bytes: 8, field: 'srcMac' },
  { kind: 'bigint', bytes: 8, field: 'dstMac' },
  ...(
    [
      'authKey',
      'nodeName',
      'geoLocation',
      'transactionType',
      'jsonKeys',
      'tagValues',
      'groupId',
      'extraCorrelation',
    ] as const
  ).map(text),
]

const byType: ReadonlyMap<number, ChunkKind> = new Map(kinds.map((kind) => [ChunkType[kind.field], kind]))

/** Undefined for types that are not assigned, and for those that nearly every packet has. */
export function rareChunk(type: number): ChunkKind | undefined {
  return byType.get(type)
}

function integer(bytes: 1 | 2 | 4): (field: IntegerField) => ChunkKind {
  return (field) => ({ kind: 'integer', bytes, field })
}

function text(field: TextField): ChunkKind {
  return { kind: 'text', bytes: undefined, field }
}
