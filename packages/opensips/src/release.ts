// Generated from catalogue/ by `npm run generate`; changes made here are lost.

/** A release of OpenSIPS whose commands are known. */
export type Release = '3.5' | '4.0'

/** What one release has of a command. */
export interface CommandRelease {
  /** The module that exports it there: `core` for `cache:store` in 3.5. */
  readonly module: string
  /** The names that a server of that release knows it by, the usual one first. */
  readonly names: readonly string[]
  /** Which of the contract's `recipes` that release has, by place from 0. Left out: all. */
  readonly recipes?: readonly number[] | undefined
}

/** What each release has of a command; a release without the command is left out. */
export type CommandReleases = { readonly [R in Release]?: CommandRelease | undefined }
