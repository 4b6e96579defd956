export const createTransport = () => ({ name: 'none' })
