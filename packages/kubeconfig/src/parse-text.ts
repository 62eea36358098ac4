import { type CST, Composer, Lexer, LineCounter, Parser, isAlias, isMap, isScalar, isSeq, visit } from 'yaml'
import type { Document, ErrorCode } from 'yaml'
import { type Path, type Source, fault } from './place.ts'
import { yamlOptions } from './yaml-options.ts'

/** Ours, not kubectl's, which has none. Characters; a kubeconfig of a thousand clusters has about 6 MB. */
const maxLength = 10 * 1024 * 1024
/** Each costs the YAML parser half a kilobyte; twenty thousand entries have about as many. */
const maxTokens = 500_000
/** The parser looks for the anchor of each among all there are. */
const maxAliases = 1000

/** Plain data, and a source that knows its lines. */
export interface ParsedText {
  readonly data: unknown
  readonly source: Source
}

export type Origin = Pick<Source, 'file' | 'directory'>

/** The first document of a YAML or JSON text, read as kubectl reads it. @throws {@link ConfigError} */
export function parseText(text: string, origin: Origin = {}): ParsedText {
  const readable = text.startsWith('\u{feff}') ? text.slice(1) : text
  refuseUnreadable(readable, origin)
  return parseJson(readable, origin) ?? parseYaml(readable, origin)
}

/** JSON is read without the YAML parser, which is asked for a line only when something is wrong. */
function parseJson(text: string, origin: Origin): ParsedText | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return undefined // a YAML mapping in braces, or broken: the YAML parser tells them apart, with a line and without quoting the text
  }
  let lines: Source | undefined
  const lineOf = (path: Path): number | undefined => {
    try {
      return (lines ??= parseYaml(text, origin).source).lineOf(path)
    } catch {
      return undefined // JSON that our YAML rules refuse; without a line the error is still the right one
    }
  }
  return { data, source: { ...origin, lineOf } }
}

function parseYaml(text: string, origin: Origin): ParsedText {
  const lines = new LineCounter()
  const document = firstDocument(text, lines, origin)
  if (document === undefined) return { data: null, source: { ...origin, lineOf: () => undefined } }
  const line = (offset: number): number => lines.linePos(offset).line
  refuseFaults(document, line, origin)
  const source: Source = { ...origin, lineOf: (path) => findLine(document, path, line) }
  return { data: toData(document, source), source }
}

/**
 * kubectl reads YAML 1.1 without timestamps and base-60 numbers. The parser is driven by hand since it has no call for "the
 * first document, and do not look at the rest". Its pretty errors quote the source, and with it the token on the line.
 */
function firstDocument(stream: string, lines: LineCounter, origin: Origin): Document.Parsed | undefined {
  const composer = new Composer(yamlOptions())
  const [text = ''] = stream.split(/^\.\.\.(?=\s|$)/m, 1) // errors after this mark would count for the document before it
  for (const document of composer.compose(boundedTokens(text, lines, origin), true, text.length)) return document
  return undefined
}

/** `Parser.parse`, which would take all the memory there is for ten megabytes of commas. */
function* boundedTokens(text: string, lines: LineCounter, origin: Origin): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  let count = 0
  for (const lexeme of new Lexer().lex(text)) {
    count += 1
    if (count > maxTokens) throw unreadable(origin, undefined, `has more than ${maxTokens} YAML tokens; split it`)
    yield* parser.next(lexeme)
  }
  yield* parser.end()
}

function refuseUnreadable(text: string, origin: Origin): void {
  if (text.length > maxLength) throw unreadable(origin, undefined, `is larger than ${maxLength / 1024 / 1024} MiB`)
  // What kubectl's reader refuses, and the line breaks that it knows and ours does not: both must see the same lines.
  const at = text.search(
    /[^\t\n\r\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u,
  )
  if (at === -1) return
  const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  throw unreadable(
    origin,
    text.slice(0, at).split('\n').length,
    `holds the character U+${code}, which YAML does not allow`,
  )
}

function refuseFaults(document: Document.Parsed, line: (offset: number) => number, origin: Origin): void {
  const [error] = [...document.errors, ...document.warnings.filter(({ code }) => code === 'BAD_DIRECTIVE')]
  if (error !== undefined) throw unreadable(origin, line(error.pos[0]), `is not valid YAML: ${wordsFor(error.code)}`)
  const { explicit, version } = document.directives.yaml
  if (explicit === true && version !== '1.1') throw unreadable(origin, 1, 'asks for another YAML than 1.1')
  let aliases = 0
  visit(document, {
    Alias: () => {
      aliases += 1
      if (aliases > maxAliases) throw unreadable(origin, undefined, `has more than ${maxAliases} YAML aliases`)
    },
    Node: (_, { tag, range }) => {
      // kubectl decodes the first; the others would come out as something else than the file says.
      if (!/^tag:yaml\.org,2002:(?:binary|set|omap|pairs)$/.test(tag ?? '')) return
      throw unreadable(
        origin,
        line(range?.[0] ?? 0),
        'uses a YAML tag for binary data, sets or ordered maps; write the plain value',
      )
    },
    Pair: (_, { key }) => {
      if (isAlias(key) || (isScalar(key) && key.value !== null)) return
      const offset = isScalar(key) || isMap(key) || isSeq(key) ? key.range?.[0] : undefined
      throw unreadable(origin, line(offset ?? 0), 'has a key that is not a name')
    },
  })
}

function toData(document: Document.Parsed, source: Source): unknown {
  try {
    // Its own bound would search the whole document for each alias. Whoever walks the data is protected by `limitSize`.
    return document.toJS({ maxAliasCount: -1 })
  } catch {
    // What was thrown quotes the file.
    const merge = 'merges ("<<") what is no mapping, or too much'
    throw unreadable(source, undefined, `uses a YAML alias that is not defined, or ${merge}`)
  }
}

/** Follows a path as far as it goes. A key that is there twice counts the last time, as its value does. */
function findLine(document: Document.Parsed, path: Path, line: (offset: number) => number): number | undefined {
  let node: unknown = document.contents
  let offset = document.contents?.range[0]
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === step)
      node = pair?.value
      offset = (isScalar(pair?.key) ? pair.key.range?.[0] : undefined) ?? offset
    } else {
      node = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined
      offset = (isMap(node) || isScalar(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined) ?? offset
    }
  }
  return offset === undefined ? undefined : line(offset)
}

function unreadable(origin: Origin, line: number | undefined, text: string): Error {
  return fault({ source: { ...origin, lineOf: () => line }, path: [], subject: 'the kubeconfig' }, text)
}

/** The parser's own messages may quote the file. */
function wordsFor(code: ErrorCode): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab is used to indent; use spaces'
    case 'BAD_INDENT':
      return 'the indentation is wrong, or a bracket or quote is not closed'
    case 'MISSING_CHAR':
      return 'a character is missing, such as the end of a quote'
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return 'a value holds ": "; quote it, or correct the indentation'
    case 'BAD_DQ_ESCAPE':
      return 'a backslash in double quotes begins no known escape; use single quotes'
    case 'BAD_SCALAR_START':
      return 'a value begins with a reserved character; quote it'
    case 'BAD_DIRECTIVE':
      return 'it has an unknown % directive'
    case 'RESOURCE_EXHAUSTION':
      return 'it is nested too deeply'
    default:
      return code.toLowerCase().replaceAll('_', ' ')
  }
}
