import { expect, test } from 'vitest'
import { guardedLog, silence } from '../src/guarded-log.js'

test('a guarded log writes to the log that it guards, which keeps its `this`', () => {
  const lines: unknown[] = []
  const log = {
    prefix: 'mi',
    debug: (fields: object, message: string) => void lines.push(['debug', fields, message]),
    info: (fields: object, message: string) => void lines.push(['info', fields, message]),
    warn: (fields: object, message: string) => void lines.push(['warn', fields, message]),
    error(_fields: object, message: string) {
      lines.push([this.prefix, message])
    },
  }
  const { debug, info, warn, error } = guardedLog(log)
  debug({ a: 1 }, 'd')
  info({}, 'i')
  warn({}, 'w')
  error({}, 'e')
  expect(lines).toEqual([
    ['debug', { a: 1 }, 'd'],
    ['info', {}, 'i'],
    ['warn', {}, 'w'],
    ['mi', 'e'],
  ])
})

test('a log that throws, or lacks a level, is reported and does no harm', () => {
  let errors = 0
  const disk = (): void => {
    throw new Error('disk full')
  }
  const log = guardedLog({ ...silence, warn: disk, error: undefined as never }, () => errors++)
  log.info({}, 'written')
  log.warn({}, 'lost')
  log.error({}, 'lost too')
  expect(errors).toBe(2)
  expect(() => guardedLog({ ...silence, warn: disk }).warn({}, 'lost')).not.toThrow()
})
