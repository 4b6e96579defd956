import { createHash, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive: (password: string, salt: Buffer, length: number, options: ScryptOptions) => Promise<Buffer> =
  promisify(scrypt)

const HASH_BYTES = 32
const SALT_BYTES = 16
/** 32 MiB and some 200 ms, as OWASP advises. */
const COST = { log2N: 15, r: 8, p: 3 } as const
/** A hash that costs more would hold up everybody's logins. */
const MOST_BYTES = 268_435_456
const MOST_PARALLEL = 16

/** A scrypt hash, taken apart. */
export interface PasswordHash {
  readonly log2N: number
  readonly r: number
  readonly p: number
  readonly salt: Buffer
  readonly hash: Buffer
}

/** Equal in cost to what `hashPassword` makes: what an unknown user is compared with, so that the time does not tell. */
export const NOBODY: PasswordHash = { ...COST, salt: Buffer.alloc(SALT_BYTES), hash: Buffer.alloc(HASH_BYTES) }

/**
 * Hashes a password for `auth.users`, with scrypt: `$scrypt$ln=15,r=8,p=3$SALT$HASH`. It takes some 200 ms and does not block.
 * @throws TypeError for an empty password
 */
export async function hashPassword(password: string): Promise<string> {
  if (typeof password !== 'string' || password === '') throw new TypeError('hashPassword(): the password is empty')
  const salt = randomBytes(SALT_BYTES)
  const hash = await deriveWith({ ...NOBODY, salt }, password)
  const { log2N, r, p } = COST
  return `$scrypt$ln=${log2N},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`
}

/**
 * Hashes a token for `auth.tokens`: `$sha256$HASH`. A token is long and random, such as `randomBytes(24).toString('base64url')`:
 * then a fast hash is enough.
 * @throws TypeError for a token of less than 16 characters
 */
export function hashToken(token: string): string {
  if (typeof token !== 'string' || token.length < 16) {
    throw new TypeError(
      "hashToken(): a token needs at least 16 characters; make one with randomBytes(24).toString('base64url')",
    )
  }
  return `$sha256$${base64(sha256(token))}`
}

/** @returns undefined for a text that is not a hash of this kind, or one that costs too much */
export function parsePasswordHash(text: unknown): PasswordHash | undefined {
  const found = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w+/]+)=*\$([\w+/]+)=*$/.exec(String(text))
  if (found === null) return undefined
  const [log2N, r, p] = [Number(found[1]), Number(found[2]), Number(found[3])]
  const salt = Buffer.from(found[4] ?? '', 'base64')
  const hash = Buffer.from(found[5] ?? '', 'base64')
  const isSound = log2N >= 10 && r >= 1 && p >= 1 && p <= MOST_PARALLEL && hash.length >= 16
  return isSound && 128 * r * 2 ** log2N <= MOST_BYTES ? { log2N, r, p, salt, hash } : undefined
}

/** @returns undefined for a text that is not a hash of this kind */
export function parseTokenHash(text: unknown): Buffer | undefined {
  const [, hash = ''] = /^\$sha256\$([\w+/]{43})=?$/.exec(String(text)) ?? []
  return hash === '' ? undefined : Buffer.from(hash, 'base64')
}

export async function isPassword(known: PasswordHash, password: string): Promise<boolean> {
  return timingSafeEqual(await deriveWith(known, password), known.hash)
}

/** Compares with each of them, found or not, so that the time does not tell which one it is. */
export function findToken(known: ReadonlyMap<string, Buffer>, token: string): string | undefined {
  const given = sha256(token)
  let found: string | undefined
  for (const [name, hash] of known) if (timingSafeEqual(hash, given)) found = name
  return found
}

function deriveWith({ log2N, r, p, salt, hash }: PasswordHash, password: string): Promise<Buffer> {
  // Node.js refuses what needs more than 32 MiB unless it is said.
  return derive(password, salt, hash.length, { N: 2 ** log2N, r, p, maxmem: 2 * MOST_BYTES })
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
