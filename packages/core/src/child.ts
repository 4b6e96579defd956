import { ChildProgram } from './children/child-program.js'

// The program of a child process. It is started by the engine alone, with an IPC channel.
new ChildProgram(process).run()
