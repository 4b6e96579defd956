import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    fifo: 'src/fifo/fifo.ts',
    udp: 'src/udp/udp.ts',
    unix: 'src/unix/unix.ts',
    http: 'src/http/http.ts',
  },
  format: 'esm',
  target: 'node20',
  dts: true,
  sourcemap: true,
  clean: true,
})
