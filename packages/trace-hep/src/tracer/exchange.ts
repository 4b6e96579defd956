import type { Route } from './route.js'

/** A traced request, until its reply is traced. */
export class Exchange {
  constructor(
    readonly route: Route,
    readonly correlationId: string,
  ) {}
}
