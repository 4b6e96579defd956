import type { MiLogger } from '@mi/contract'
import type { MaybePromise } from '../maybe-promise.js'
import type { Processes } from '../processes.js'
import { Validation } from '../validation.js'
import type { ChildEvents, ChildHandle } from './child-handle.js'
import { type FromChild, fromChild, type Question } from './messages.js'
import { type Parsed, parserOf } from './parse.js'
import { type RelayedLine, revivedFields } from './relayed-line.js'

/** Deals with what children ask and tell, in the main process. */
export class Switchboard implements ChildEvents {
  readonly parse: (received: unknown) => Parsed<FromChild> = parserOf(new Validation(), 'a child process', fromChild)

  constructor(
    private readonly processes: Processes,
    private readonly logger: MiLogger,
  ) {}

  ask(child: ChildHandle, id: number, question: Question): void {
    this.answer(child, id, question).catch((error: unknown) => child.refuse(id, error))
  }

  log({ pid }: ChildHandle, line: RelayedLine): void {
    this.logger[line.level]({ ...revivedFields(line), pid }, line.message)
  }

  malformed({ id, pid }: ChildHandle, problem: string): void {
    this.logger.warn({ id, pid, problem }, 'ignored a message of a child process that is none of MI')
  }

  kill(): void {
    this.processes.kill()
  }

  private async answer(child: ChildHandle, id: number, question: Question): Promise<void> {
    child.answer(id, await this.valueOf(question))
  }

  private valueOf(question: Question): MaybePromise<unknown> {
    switch (question.type) {
      case 'processes':
        return this.processes.list()
      case 'level':
        return this.processes.setLevel(question.level, question.pid)
      case 'read':
        return this.processes.read(question.selectors)
      case 'kinds':
        return this.processes.kinds(question.selectors)
      case 'reset':
        return this.processes.reset(question.selectors)
    }
  }
}
