export { cluster } from './cluster.js'
