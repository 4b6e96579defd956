import { type CommandContract, type ModuleContract, moduleInfo } from '@mi/contract'
import * as modules from '../../src/index.js'

/** Every module contract of the package. */
export const allModules: readonly ModuleContract[] = Object.values(modules)

/** Every command contract of the package. */
export const allCommands: readonly CommandContract[] = allModules.flatMap((module) => module[moduleInfo].commands)
