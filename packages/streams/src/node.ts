/**
 * What names Node's own types.
 *
 * @module @kubeclient/streams/node
 */
export { forwardSocket } from './forward/forward-socket.ts'
