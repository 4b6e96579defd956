/** `127.0.0.1:8080`, `[::1]:8080`, `mi.example.org:8080`. */
export function endpoint(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
