/**
 * Logs, exec, attach, port-forward and copy, through the pipeline of a client.
 *
 * @module @kubeclient/streams
 */
export { podLogs, type PodLogs } from './logs/pod-logs.ts'
export type { PodLogsOptions } from './logs/pod-logs-options.ts'
export type { PodTarget } from './pod-target.ts'
