import { execFile } from 'node:child_process'
import { mkdir, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

const folder = fileURLToPath(new URL('../native/', import.meta.url))

/**
 * Compiles a program of native/ unless it is newer than its source.
 * @returns the program's path
 */
export async function compiled(name: 'floor' | 'load' | 'sink'): Promise<string> {
  const source = `${folder}${name}.c`
  const program = `${folder}bin/${name}`
  if ((await modifiedMs(program)) < (await modifiedMs(source))) {
    await mkdir(`${folder}bin`, { recursive: true })
    await run('cc', ['-O2', '-o', program, source]).catch((cause: unknown) => {
      throw new Error(`cannot compile ${source}; the benchmarks need a C compiler named cc`, { cause })
    })
  }
  return program
}

/** 0 for a file that does not exist. */
async function modifiedMs(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}
