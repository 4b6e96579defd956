import nodeTest, { describe as nodeDescribe } from 'node:test'
import { describe, expectTypeOf, test } from 'vitest'
import type { TestRunner } from '../src/index.js'

test('the functions of test runners fit as they are', () => {
  expectTypeOf({ test, describe }).toExtend<TestRunner>()
  expectTypeOf({ test: nodeTest, describe: nodeDescribe }).toExtend<TestRunner>()
})
