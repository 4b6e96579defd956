import { defineConfig } from 'tsup'

/** Builders only make data: bundlers may leave out what nobody uses. */
const pureCall = /(?<=: |\()(?:array|literal|object|optional|schema|string)\(/g

const options = {
  format: 'esm',
  target: 'node20',
  dts: true,
  // What is built is readable, and would be half as large again.
  sourcemap: false,
} as const

export default defineConfig([
  {
    ...options,
    entry: ['src/index.ts'],
    plugins: [{ name: 'pure-calls', renderChunk: (code) => ({ code: code.replace(pureCall, '/* @__PURE__ */ $&') }) }],
    clean: ['!openrpc.*'],
  },
  // Not a second entry of the first: users' declarations could not name types in a file that both share.
  { ...options, entry: ['src/openrpc.ts'], external: ['./index.js'] },
])
