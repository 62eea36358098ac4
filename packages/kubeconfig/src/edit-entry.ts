import { isDeepStrictEqual } from 'node:util'
import { Document, parseAllDocuments, Scalar } from 'yaml'
import { define } from './merge-key.ts'
import { parseText } from './parse-text.ts'
import { type Path, type Place, fault } from './place.ts'
import { yamlOptions } from './yaml-options.ts'

const sharedText = 'cannot be written back without a change to something else; write it without YAML anchors'

interface Change {
  readonly path: Path
  /** `undefined`: the field goes. */
  readonly value: unknown
}

/**
 * The text with the differences between two states of the entry at `place`, and with everything else as it was.
 *
 * @throws {@link ConfigError} when the text cannot be changed so that it says exactly that, as with an anchor that others use
 */
export function editEntry(text: string, place: Place, current: object, updated: object): string {
  const changes = changesBetween(current, updated, place.path)
  if (changes.length === 0) return text
  const expected = plain(parseText(text).data)
  for (const change of changes) applyToData(expected, change)
  const edited = isJson(text) ? `${JSON.stringify(expected, undefined, 2)}\n` : editYaml(text, place, changes)
  if (isDeepStrictEqual(plain(parseText(edited).data), expected)) return edited
  throw fault(place, sharedText)
}

function changesBetween(current: object, updated: object, path: Path): readonly Change[] {
  const names = new Set([...Object.keys(current), ...Object.keys(updated)])
  return [...names].flatMap((name) => {
    const [before, after] = [own(current, name), own(updated, name)]
    if (isDeepStrictEqual(before, after)) return []
    if (isMapping(before) && isMapping(after)) return changesBetween(before, after, [...path, name])
    return [{ path: [...path, name], value: after }]
  })
}

function editYaml(text: string, place: Place, changes: readonly Change[]): string {
  const [document, ...others] = parseAllDocuments(text, yamlOptions())
  if (!(document instanceof Document) || others.length > 0) {
    throw fault(place, 'cannot be written back, as its file holds several YAML documents; leave one')
  }
  try {
    for (const change of changes) applyToYaml(document, change)
  } catch {
    // An alias stands where a mapping is to be changed; the parser's words may quote the file.
    throw fault(place, sharedText)
  }
  // The style that the file has: kubectl does not indent lists, people do.
  return document.toString({
    lineWidth: 0,
    indentSeq: !/^- /m.test(text),
    flowCollectionPadding: /[[{] /.test(text),
  })
}

function applyToYaml(document: Document, { path, value }: Change): void {
  if (value === undefined) {
    document.deleteIn(path)
    return
  }
  const around = path.slice(0, -1)
  if (document.getIn(around) === undefined) document.setIn(around, document.createNode({}))
  document.setIn(path, nodeOf(document, value))
}

/** Quoted: whether `yes` or `1e3` is text is not to depend on who reads it. */
function nodeOf(document: Document, value: unknown): unknown {
  if (typeof value !== 'string') return document.createNode(value)
  const scalar = new Scalar(value)
  scalar.type = Scalar.QUOTE_DOUBLE
  return scalar
}

function applyToData(data: unknown, { path, value }: Change): void {
  let at: unknown = data
  const last = path.at(-1)
  for (const step of path.slice(0, -1)) {
    if (typeof at !== 'object' || at === null) return
    const next: unknown = own(at, step)
    if (next === undefined || next === null) define(at, step, {})
    at = own(at, step)
  }
  if (typeof at !== 'object' || at === null || last === undefined) return
  if (value === undefined) Reflect.deleteProperty(at, last)
  else define(at, last, plain(value))
}

function own(target: object, name: string | number): unknown {
  return Object.hasOwn(target, name) ? Reflect.get(target, name) : undefined
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isJson(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
