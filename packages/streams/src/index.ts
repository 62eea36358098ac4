/**
 * Logs, exec, attach, port-forward and copy, through the pipeline of a client.
 *
 * @module @kubeclient/streams
 */
export { podLogs, type PodLogs } from './logs/pod-logs.ts'
export type { PodLogsOptions } from './logs/pod-logs-options.ts'
export type { PodTarget } from './pod-target.ts'
export { attach, exec } from './exec/exec.ts'
export type { AttachOptions, ExecOptions, ExecResult, Execution, TerminalSize } from './exec/exec-options.ts'
export type { ByteSink, NodeWritable } from './byte-sink.ts'
export type { ByteSource } from './byte-source.ts'
