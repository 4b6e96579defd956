// No module of commands: it exports none.
export const nothing = []
