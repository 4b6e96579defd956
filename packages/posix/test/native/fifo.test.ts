import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  constants as fs,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { mkfifo, writeFifo } from '../../src/index.js'
import { run } from '../support/child.js'
import { temporaryDirectory } from '../support/directory.js'

const { EAGAIN, EINVAL, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR, ENXIO } = constants.errno
const pipeBuf = 4_096

/** A FIFO, and its reading end if it is to have one. */
function fifo(): { path: string; directory: string; open(): number; read(fd: number): string } {
  const directory = temporaryDirectory()
  const path = join(directory, 'fifo')
  mkfifo(path, 0o600)
  return {
    path,
    directory,
    open() {
      const fd = openSync(path, fs.O_RDONLY | fs.O_NONBLOCK)
      onTestFinished(() => closeSync(fd))
      return fd
    },
    read(fd) {
      const bytes = Buffer.alloc(1 << 20)
      return bytes.toString('utf8', 0, readSync(fd, bytes))
    },
  }
}

describe('writeFifo', () => {
  test('writes a text or bytes, and returns the bytes written', () => {
    const { path, open, read } = fifo()
    const fd = open()
    expect(writeFifo(path, 'ä text')).toBe(7)
    expect(writeFifo(path, Buffer.from(' and bytes'))).toBe(10)
    expect(writeFifo(path, new Uint8Array([1, 33, 2]).subarray(1, 2))).toBe(1)
    expect(writeFifo(path, '')).toBe(0)
    expect(read(fd)).toBe('ä text and bytes!')
    // It closed its end: with no writer left, there is an end of file.
    expect(read(fd)).toBe('')
  })

  test.each([8_187, 8_188, 8_192, 60_000])('writes a text of %i bytes in one call', (bytes) => {
    const { path, open, read } = fifo()
    const fd = open()
    const text = `${'x'.repeat(bytes - 4)}𝄞`
    expect(writeFifo(path, text)).toBe(bytes)
    expect(read(fd) === text).toBe(true)
  })

  test('tells that nobody reads, as ENXIO', () => {
    expect(writeFifo(fifo().path, 'x')).toBe(-ENXIO)
  })

  test('fails with ENOENT or ENOTDIR where there is no FIFO', () => {
    const { path, directory } = fifo()
    expect(writeFifo(join(directory, 'absent'), 'x')).toBe(-ENOENT)
    expect(writeFifo(join(path, 'below'), 'x')).toBe(-ENOTDIR)
    rmSync(path)
    expect(writeFifo(path, 'x')).toBe(-ENOENT)
  })

  test('takes a small text whole or not at all when the FIFO is full', () => {
    const { path, open, read } = fifo()
    const fd = open()
    const text = 'x'.repeat(pipeBuf - 1)
    let taken = 0
    for (let result = text.length; result > 0; ) {
      result = writeFifo(path, text)
      if (result > 0) {
        expect(result).toBe(text.length)
        taken += result
      } else {
        expect(result).toBe(-EAGAIN)
      }
    }
    expect(read(fd)).toHaveLength(taken)
    expect(writeFifo(path, text)).toBe(text.length)
  })

  test('tells how much of a large text went in', () => {
    const { path, open, read } = fifo()
    const fd = open()
    const written = writeFifo(path, 'y'.repeat(200_000))
    expect(written).toBeGreaterThan(pipeBuf)
    expect(written).toBeLessThan(200_000)
    expect(read(fd)).toHaveLength(written)
  })

  test('leaves files that are not FIFOs alone', () => {
    const { directory } = fifo()
    const file = join(directory, 'file')
    writeFileSync(file, 'precious')
    expect(writeFifo(file, 'x')).toBe(-EINVAL)
    expect(readFileSync(file, 'utf8')).toBe('precious')
    const subdirectory = join(directory, 'directory')
    mkdirSync(subdirectory)
    expect(writeFifo(subdirectory, 'x')).toBe(-EISDIR)
  })

  test('follows no link, and writes to no FIFO that has a second name', () => {
    const { path, directory, open, read } = fifo()
    const fd = open()
    const link = join(directory, 'link')
    symlinkSync(path, link)
    expect(writeFifo(link, 'x')).toBe(-ELOOP)
    linkSync(path, join(directory, 'second'))
    expect(writeFifo(path, 'x')).toBe(-EINVAL)
    expect(writeFifo(join(directory, 'second'), 'x')).toBe(-EINVAL)
    rmSync(join(directory, 'second'))
    expect(writeFifo(path, 'x')).toBe(1)
    expect(read(fd)).toBe('x')
  })

  test('refuses what is not a path', () => {
    const { path, open } = fifo()
    open()
    expect(writeFifo(`${path}\0behind`, 'x')).toBe(-EINVAL)
    expect(writeFifo('', 'x')).toBe(-ENOENT)
    expect(writeFifo('/x'.repeat(2_100), 'x')).toBe(-ENAMETOOLONG)
  })
})

describe('mkfifo', () => {
  test.each([0o600, 0o622, 0o666, 0o400])('makes a FIFO with the permissions %o, whatever the umask', (mode) => {
    const path = join(temporaryDirectory(), 'fifo')
    const umask = process.umask(0o077)
    try {
      mkfifo(path, mode)
    } finally {
      process.umask(umask)
    }
    expect(statSync(path).isFIFO()).toBe(true)
    expect(statSync(path).mode & 0o7777).toBe(mode)
  })

  test('sets them also if the umask takes away all rights of its maker', async () => {
    const directory = temporaryDirectory()
    chmodSync(directory, 0o777)
    const { stdout, stderr } = await run('strict-umask.mjs', [join(directory, 'fifo')])
    expect(stderr).toBe('')
    expect(stdout).toBe('620\n')
  })

  test('throws as the system says', () => {
    const { path, directory } = fifo()
    expect(() => mkfifo(path, 0o600)).toThrow(
      expect.objectContaining({ code: 'EEXIST', errno: -constants.errno.EEXIST, syscall: 'mkfifo', path }),
    )
    const absent = join(directory, 'absent', 'fifo')
    expect(() => mkfifo(absent, 0o600)).toThrow(expect.objectContaining({ code: 'ENOENT', path: absent }))
  })

  test('makes what the shell can write to', () => {
    const { path, open, read } = fifo()
    const fd = open()
    execFileSync('sh', ['-c', 'printf hello > "$1"', 'sh', path])
    expect(read(fd)).toBe('hello')
  })
})
