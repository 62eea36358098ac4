import { ConfigError } from '@kubeclient/core/spec'
import type { KubeconfigWarning } from './kubeconfig.ts'

export type Path = readonly (string | number)[]

/** Where a document came from. */
export interface Source {
  /** Absent: text or an object. */
  readonly file?: string
  /** What its relative paths are relative to. */
  readonly directory?: string
  /** 1-based line of a field, or of the nearest thing around it that has one. */
  lineOf(path: Path): number | undefined
}

/** A part of a document, and what to call it in messages. */
export interface Place {
  readonly source: Source
  readonly path: Path
  /** `user "alice"`; `the kubeconfig` for the whole. */
  readonly subject: string
}

/** The error of everything that a kubeconfig can get wrong. `text` must hold no value that could be a secret. */
export function fault(place: Place, text: string, field?: string): ConfigError {
  const position = positionOf(place, field)
  return new ConfigError(`${describe(place.subject, position)}: ${text}`, position)
}

export function warning(place: Place, text: string, field?: string): KubeconfigWarning {
  const position = positionOf(place, field)
  return { text: `${describe(place.subject, position)}: ${text}`, ...position }
}

/** Names come from the file: quoted, shortened, and unable to steer a terminal. */
export function quote(name: string): string {
  const short = name.length > 120 ? `${name.slice(0, 120)}…` : name
  return JSON.stringify(short).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}

/** At most a dozen names, for messages. */
export function quoteAll(names: Iterable<string>): string {
  const all = [...names]
  const shown = all.slice(0, 12).map(quote).join(', ')
  return all.length > 12 ? `${shown} and ${all.length - 12} more` : shown
}

interface Position {
  readonly file?: string
  readonly line?: number
}

function positionOf({ source, path }: Place, field: string | undefined): Position {
  const line = source.lineOf(field === undefined ? path : [...path, field])
  return { ...(source.file !== undefined && { file: source.file }), ...(line !== undefined && { line }) }
}

function describe(subject: string, { file, line }: Position): string {
  if (file !== undefined) return `${subject} (${file}${line === undefined ? '' : `:${line}`})`
  return line === undefined ? subject : `${subject} (line ${line})`
}
