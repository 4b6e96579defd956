export const nothing = { info: 'no module' }
