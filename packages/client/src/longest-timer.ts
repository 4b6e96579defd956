/** The longest time that a timer of Node.js takes, in milliseconds; longer ones would fire at once. */
export const longestTimerMs: number = 2 ** 31 - 1
