import { readFileSync } from 'node:fs'
import { moduleInfo } from '@mi/contract'
import { expect, test } from 'vitest'
import { allCommands, allModules } from './support/contracts.js'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const readme = read('../README.md')

test('the example of the README is the one that is compiled with the tests', () => {
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, example]) => example)
  expect(examples).toEqual([read('readme-example.ts')])
})

test('the README names every command whose result is known', () => {
  const [known = ''] = /- Results are typed for .*?\n\n/s.exec(readme) ?? []
  const core = allCommands.filter(({ module, result }) => module === 'core' && result !== undefined)
  expect([...known.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual([
    'core',
    ...core.map(({ name }) => name),
    'statistics',
    'idempotent',
    'unknown',
  ])
})

test('the README counts the modules', () => {
  expect(readme).toContain(`a contract for each of the ${allModules.length} modules`)
  expect(new Set(allModules.map((module) => module[moduleInfo].name)).size).toBe(allModules.length)
})
