import { openSharedNumbers } from '../../dist/index.js'

// Counts in the numbers of descriptor 3, then tells in one of them that it has seen another one.
const { values } = openSharedNumbers(Number(process.argv[2]), 3)
values[0] += 1
values[1] = 1
setInterval(() => {
  if (values[2] === 1) values[3] = 1
}, 2)
