import { createHmac, randomBytes } from 'node:crypto'
import { OptionChecks, type OptionNames, shown } from '@mi/internal/options'
import { findToken, isPassword, NOBODY, type PasswordHash, parsePasswordHash, parseTokenHash } from './passwords.js'
import { Refusal } from './refusal.js'

/** Who may ask over HTTP. At least one of `users`, `tokens` and `check` is given; one that knows the credentials is enough. */
export interface HttpAuth {
  /** HTTP Basic: names of users, and hashes of their passwords, made by `hashPassword`. */
  readonly users?: Readonly<Record<string, string>> | undefined
  /** HTTP Bearer: names for the peer's `user`, and hashes of their tokens, made by `hashToken`. */
  readonly tokens?: Readonly<Record<string, string>> | undefined
  /**
   * Decides itself: returns the name of the user, or undefined. Asked for each request that `users` and `tokens` do not know. One
   * that throws refuses, and is logged.
   */
  readonly check?: ((credentials: HttpCredentials) => string | undefined | Promise<string | undefined>) | undefined
  /** How long `check` may take before it counts as one that throws, in milliseconds. @default 10000 */
  readonly checkTimeoutMs?: number | undefined
  /** What browsers show when they ask for a password. @default 'MI' */
  readonly realm?: string | undefined
}

/** What a request said about who sends it. */
export type HttpCredentials =
  | { readonly type: 'basic'; readonly user: string; readonly password: string }
  | { readonly type: 'bearer'; readonly token: string }

export interface ResolvedAuth {
  readonly users: ReadonlyMap<string, PasswordHash>
  readonly tokens: ReadonlyMap<string, Buffer>
  readonly check: HttpAuth['check']
  readonly checkTimeoutMs: number
  /** The value of `WWW-Authenticate`. */
  readonly challenge: string
}

const NAMES: OptionNames<HttpAuth> = { users: true, tokens: true, check: true, checkTimeoutMs: true, realm: true }

/** @throws TypeError for what cannot work */
export function resolveAuth(auth: HttpAuth, factory: string): ResolvedAuth {
  const checks = new OptionChecks(`${factory}: auth`)
  checks.known(auth, NAMES)
  const { users = {}, tokens = {}, check, realm = 'MI' } = auth
  if (check !== undefined && typeof check !== 'function') {
    throw new TypeError(`${factory}: auth.check must be a function, not ${shown(check)}`)
  }
  if (typeof realm !== 'string' || /[^ -~]|["\\]/.test(realm)) {
    throw new TypeError(`${factory}: auth.realm must be plain ASCII text without quotes, not ${shown(realm)}`)
  }
  const resolved = {
    users: hashes('users', users, parsePasswordHash, 'hashPassword', factory),
    tokens: hashes('tokens', tokens, parseTokenHash, 'hashToken', factory),
    check,
    checkTimeoutMs: checks.timerMs('checkTimeoutMs', auth.checkTimeoutMs ?? 10_000, 1),
  }
  if (resolved.users.size + resolved.tokens.size === 0 && check === undefined) {
    throw new TypeError(
      `${factory}: auth has no users, tokens or check and would let nobody in; omit it to let everyone in`,
    )
  }
  const basic = resolved.users.size > 0 || check !== undefined ? [`Basic realm="${realm}", charset="UTF-8"`] : []
  const bearer = resolved.tokens.size > 0 || check !== undefined ? [`Bearer realm="${realm}"`] : []
  return { ...resolved, challenge: [...basic, ...bearer].join(', ') }
}

function hashes<T>(
  name: string,
  texts: Readonly<Record<string, string>>,
  parse: (text: unknown) => T | undefined,
  made: string,
  factory: string,
): ReadonlyMap<string, T> {
  return new Map(
    Object.entries(texts).map(([user, text]) => {
      const hash = parse(text)
      // The value may be a password that somebody put there: it is not shown.
      if (hash === undefined) {
        throw new TypeError(`${factory}: auth.${name}: the value for '${user}' is not a hash that ${made}() made`)
      }
      return [user, hash] as const
    }),
  )
}

/** Passwords that are checked at the same time: each takes a thread and 32 MiB. */
const MOST_CHECKS = 2
/** Those that wait for that, in all, and of one address. */
const MOST_WAITING = 64
const MOST_WAITING_OF_ONE = 4
/** Credentials that were right, and need no scrypt again. */
const MOST_KNOWN = 1_000

/** Finds out who sends a request. Scrypt is slow on purpose: it runs in few threads, and not again for what was right. */
export class Authenticator {
  /** By a keyed digest: neither the memory nor the time of a look-up tells anything about credentials. */
  private readonly known = new Map<string, string>()
  private readonly checking = new Map<string, Promise<string | undefined>>()
  private readonly key = randomBytes(32)
  private running = 0
  private readonly waiting: { readonly address: string; readonly start: () => void }[] = []

  /** Calls of `check` under way, by address. */
  private readonly calls = new Map<string, number>()

  /**
   * @param maxCallsOfOne calls of `check` for one address at the same time, at most
   * @param failed called with what `check` threw
   */
  constructor(
    private readonly auth: ResolvedAuth,
    private readonly maxCallsOfOne: number,
    private readonly failed: (error: unknown) => void,
  ) {}

  /**
   * @param authorization the header
   * @returns the name of the user; a promise only where it takes time
   * @throws Refusal, also by the promise
   */
  user(authorization: string | undefined, address: string): string | Promise<string> {
    if (authorization === undefined)
      throw this.unauthorized('unauthorized', 'this server asks for a user and a password, or a token')
    const digest = createHmac('sha256', this.key).update(authorization).digest('base64')
    const known = this.known.get(digest)
    if (known !== undefined) return known
    const credentials = parseAuthorization(authorization)
    if (credentials === undefined) {
      throw this.unauthorized(
        'unauthorized',
        'the header Authorization must be Basic with user and password, or Bearer with a token',
      )
    }
    return this.find(credentials, digest, address)
  }

  private async find(credentials: HttpCredentials, digest: string, address: string): Promise<string> {
    const user = (await this.findListed(credentials, digest, address)) ?? (await this.check(credentials, address))
    if (user !== undefined) return user
    const what = credentials.type === 'basic' ? 'the user or the password is wrong' : 'the token is wrong'
    throw this.unauthorized(
      'login_failed',
      what,
      credentials.type === 'basic' ? { user: credentials.user.slice(0, 80) } : {},
    )
  }

  private findListed(
    credentials: HttpCredentials,
    digest: string,
    address: string,
  ): Promise<string | undefined> | string | undefined {
    if (credentials.type === 'bearer') return this.remember(digest, findToken(this.auth.tokens, credentials.token))
    if (this.auth.users.size === 0) return undefined
    // Many connections of one client come with the same: it is checked once.
    const checking =
      this.checking.get(digest) ?? this.checkPassword(credentials.user, credentials.password, digest, address)
    this.checking.set(digest, checking)
    return checking
  }

  private async checkPassword(
    user: string,
    password: string,
    digest: string,
    address: string,
  ): Promise<string | undefined> {
    try {
      await this.turn(address)
      try {
        const isRight = await isPassword(this.auth.users.get(user) ?? NOBODY, password)
        return this.remember(digest, isRight && this.auth.users.has(user) ? user : undefined)
      } finally {
        const next = this.waiting.shift()
        if (next === undefined) this.running--
        else next.start()
      }
    } finally {
      this.checking.delete(digest)
    }
  }

  /** Waits for a thread, which the one before hands over. @throws Refusal when too many wait already */
  private async turn(address: string): Promise<void> {
    if (this.running < MOST_CHECKS) {
      this.running++
      return
    }
    const ofThisOne = this.waiting.filter((each) => each.address === address).length
    if (ofThisOne >= MOST_WAITING_OF_ONE || this.waiting.length >= MOST_WAITING) {
      throw new Refusal(429, 'too_many_logins', 'too many passwords are being checked: try again in some seconds', {
        'Retry-After': '5',
      })
    }
    await new Promise<void>((start) => this.waiting.push({ address, start }))
  }

  private async check(credentials: HttpCredentials, address: string): Promise<string | undefined> {
    const { check } = this.auth
    if (check === undefined) return undefined
    const calls = this.calls.get(address) ?? 0
    // Where addresses are not known, this would be a limit for all together, which is maxConcurrent.
    if (address !== '' && calls >= this.maxCallsOfOne) {
      throw new Refusal(
        429,
        'too_many_logins',
        `${calls} credentials of this address are being checked (half of maxConcurrent): try again in a second`,
        { 'Retry-After': '1' },
      )
    }
    this.calls.set(address, calls + 1)
    try {
      const user: unknown = await this.inTime(check(credentials))
      if (user === undefined || (typeof user === 'string' && user !== '')) return user
      throw new TypeError(`auth.check must return the name of a user, or undefined, not ${shown(user)}`)
    } catch (error) {
      this.failed(error)
      return undefined
    } finally {
      const left = (this.calls.get(address) ?? 1) - 1
      if (left > 0) this.calls.set(address, left)
      else this.calls.delete(address)
    }
  }

  private async inTime<T>(result: T | Promise<T>): Promise<T> {
    const { checkTimeoutMs } = this.auth
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<never>((_, reject) => {
      const late = `auth.check took longer than ${checkTimeoutMs} ms (auth.checkTimeoutMs): see what it waits for`
      timer = setTimeout(() => reject(new Error(late)), checkTimeoutMs)
    })
    try {
      return await Promise.race([result, timeout])
    } finally {
      clearTimeout(timer)
    }
  }

  private remember(digest: string, user: string | undefined): string | undefined {
    if (user === undefined) return undefined
    const [oldest] = this.known.keys()
    if (this.known.size >= MOST_KNOWN && oldest !== undefined) this.known.delete(oldest)
    this.known.set(digest, user)
    return user
  }

  private unauthorized(reason: 'unauthorized' | 'login_failed', text: string, facts = {}): Refusal {
    return new Refusal(
      401,
      reason,
      `${text}; with curl: -u USER, or -H 'Authorization: Bearer TOKEN'`,
      {
        'WWW-Authenticate': this.auth.challenge,
      },
      facts,
    )
  }
}

/** @returns undefined for other schemes, and for what is not well formed */
function parseAuthorization(header: string): HttpCredentials | undefined {
  const [, scheme = '', value = ''] = /^(\w+) +([\w.~+/-]+=*) *$/.exec(header) ?? []
  if (value === '') return undefined
  if (scheme.toLowerCase() === 'bearer') return { type: 'bearer', token: value }
  if (scheme.toLowerCase() !== 'basic') return undefined
  const text = Buffer.from(value, 'base64').toString()
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { type: 'basic', user: text.slice(0, colon), password: text.slice(colon + 1) }
}
