export const mi = { modules: [] }
