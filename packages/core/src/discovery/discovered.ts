import type { GroupInfo, ResourceInfo } from '../spec/resource.ts'

/** What one round of discovery found, in the server's order, the core group first. */
export interface Discovered {
  readonly groups: readonly GroupInfo[]
  readonly resources: readonly ResourceInfo[]
  /** Group versions that did not answer: what they serve is not known. */
  readonly failed: readonly string[]
}

// A server's answer is read field by field: what has another type counts as absent.

export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function texts(value: unknown): readonly string[] {
  return arrayOf(value).filter((item) => typeof item === 'string')
}
