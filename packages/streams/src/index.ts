/**
 * Logs, exec, attach, port-forward and copy, through the pipeline of a client.
 *
 * @module @kubeclient/streams
 */
export { podLogs, type PodLogs } from './logs/pod-logs.ts'
export type { PodLogsOptions } from './logs/pod-logs-options.ts'
export { followLogs, type FollowLogsOptions, type LogLine, type LogSource } from './logs/follow-logs.ts'
export { copyFrom } from './copy/copy-from.ts'
export type { CopyFromOptions, CopyOptions, CopyProgress, CopyResult, SkippedEntry } from './copy/copy-options.ts'
export { copyTo } from './copy/copy-to.ts'
export type { PodTarget } from './pod-target.ts'
export { attach, exec } from './exec/exec.ts'
export type { AttachOptions, ExecOptions, ExecResult, Execution, TerminalSize } from './exec/exec-options.ts'
export type { ByteSink, NodeWritable } from './byte-sink.ts'
export type { ByteSource } from './byte-source.ts'
export { forwardPort, type ForwardPortOptions } from './forward/forward-port.ts'
export type { ForwardedPort } from './forward/open-forward.ts'
export { portForward, type PortForwarder, type PortForwardOptions } from './forward/port-forward.ts'
export type { PortSpec } from './forward/port-spec.ts'
export type { PortTarget } from './forward/port-target.ts'
