import { ConfigError } from '@kubeclient/core/spec'
import { Composer, type CST, Lexer, LineCounter, Parser } from 'yaml'
import { type Definition, readDefinition, record } from './read-definition.ts'

/** Characters. */
export const maxLength: number = 64 * 1024 * 1024
/** Each costs the YAML parser half a kilobyte; thirty megabytes of definitions have about as many. */
const maxTokens = 2_000_000
/** Each alias is looked for among all anchors and aliases, which takes seconds for as many. */
const maxAnchors = 20_000
/** Of YAML, which has three for each level of a schema. */
const maxNesting = 300

/**
 * The CustomResourceDefinitions in a YAML or JSON text, `List`s included; other manifests are passed over.
 *
 * @throws {@link ConfigError} for text that is no YAML, is too large, or defines no kind
 */
export function parseManifests(text: string, name: string): Definition[] {
  if (text.length > maxLength) throw new ConfigError(`${name} is larger than 64 MiB`)
  const definitions = (parseJson(text) ?? parseYaml(text, name)).flatMap(definitionsOf)
  if (definitions.length > 0) return definitions
  throw new ConfigError(`${name} holds no CustomResourceDefinition`)
}

function parseJson(text: string): unknown[] | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    return [JSON.parse(text)]
  } catch {
    return undefined // then it is YAML, which may begin so
  }
}

function parseYaml(text: string, name: string): unknown[] {
  try {
    limitTokens(text)
    const lines = new LineCounter()
    const composer = new Composer({ merge: true, stringKeys: true, uniqueKeys: false })
    return Array.from(composer.compose(boundedTokens(text, lines), true, text.length), (document) => {
      const [error] = document.errors
      if (error !== undefined) throw new Error(`line ${lines.linePos(error.pos[0]).line}: ${error.message}`)
      const value: unknown = document.toJS({ maxAliasCount: 100 })
      limitAliased(value)
      return value
    })
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`${name} cannot be read as YAML: ${fault}`)
  }
}

/** Before anything is made of them. */
function limitTokens(text: string): void {
  let count = 0
  let anchors = 0
  for (const lexeme of new Lexer().lex(text)) {
    count += 1
    if (count > maxTokens) throw new Error(`it has more than ${maxTokens} tokens; write it as JSON`)
    if (lexeme.startsWith('&') || lexeme.startsWith('*')) anchors += 1
    if (anchors > maxAnchors) throw new Error(`it has more than ${maxAnchors} anchors and aliases; write it as JSON`)
  }
}

/** What an alias stands for is written out where it stands: ten characters may be worth a megabyte, or have no end. */
function limitAliased(root: unknown): void {
  let length = 0
  const weigh = (value: unknown, depth: number): void => {
    if (depth > maxNesting) throw new Error(`it is nested deeper than ${maxNesting} levels`)
    length += typeof value === 'string' ? value.length : 1
    if (length > maxLength) throw new Error('it is larger than 64 MiB with its aliases written out')
    // Bytes of a `!!binary` hold no alias.
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
    for (const [key, child] of Object.entries(value)) {
      length += key.length
      weigh(child, depth + 1)
    }
  }
  weigh(root, 0)
}

/** `Parser.parse`, which would take hours for a text of brackets. */
function* boundedTokens(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    if (parser.stack.length > maxNesting) throw new Error(`it is nested deeper than ${maxNesting} levels`)
    yield* parser.next(lexeme)
  }
  yield* parser.end()
}

function definitionsOf(manifest: unknown): Definition[] {
  const { kind, items } = record(manifest)
  if (kind === 'List' || kind === 'CustomResourceDefinitionList')
    return (Array.isArray(items) ? items : []).flatMap((item: unknown) => definitionOf(kind, item))
  return definitionOf(kind, manifest)
}

/** Items of a CustomResourceDefinitionList may lack what the list says already. */
function definitionOf(kindOfList: unknown, manifest: unknown): Definition[] {
  const header =
    kindOfList === 'CustomResourceDefinitionList'
      ? { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }
      : {}
  const definition = readDefinition({ ...header, ...record(manifest) })
  return definition === undefined ? [] : [definition]
}
