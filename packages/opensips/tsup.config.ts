import { defineConfig } from 'tsup'

/**
 * Calls that a bundler may leave out when nobody uses what they return: they make data and do nothing else. esbuild numbers
 * what several files import under one name.
 */
const pureCall = /(?<![\w$.]|function )(?:array|defineModule|literal|object|oneOf|optional|schema|withResults)\d*\(/g

export default defineConfig({
  entry: ['src/index.ts', 'src/modules/*.ts'],
  format: 'esm',
  target: 'node20',
  dts: true,
  // Each file is whole by itself: Node.js takes 50 ms to load a file for each module, and 10 for all of them in one.
  splitting: false,
  // One file of all modules is nothing that `sideEffects: false` could take apart; this is.
  plugins: [{ name: 'pure-calls', renderChunk: (code) => ({ code: code.replace(pureCall, '/* @__PURE__ */ $&') }) }],
  // The output is the source less its types: maps would tell nothing and double what is installed.
  sourcemap: false,
  clean: true,
})
