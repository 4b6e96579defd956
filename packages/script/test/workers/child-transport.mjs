// The transport of the child processes of the tests: nobody speaks to it.
export const createTransport = () => ({
  name: 'quiet',
  address: 'nowhere',
  settings: {},
  async listen() {},
  async close() {},
})
