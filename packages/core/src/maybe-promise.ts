/** A value, or a promise of it where it takes another process to know. */
export type MaybePromise<T> = T | Promise<T>

/** Goes on with a value, at once when it is there: a command that needs no promise is to be answered without one. */
export function andThen<T, R>(value: MaybePromise<T>, next: (value: T) => R): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
