import { type Document, type DocumentOptions, type ParseOptions, type SchemaOptions, type Tags } from 'yaml'
import { parseAllDocuments, visit } from 'yaml'

/** Characters. A credential has a few thousand, and each of these may cost the parser half a kilobyte. */
const maxLength = 64 * 1024
/** The parser looks through the whole document for each. */
const maxAliases = 100

/** The first document of a text, as kubectl reads it; `undefined` when it is not YAML. No error quotes it. */
export function parseYaml(text: string): unknown {
  const [document] = text.length > maxLength ? [] : parseAllDocuments(text, options)
  if (document === undefined || document.errors.length > 0) return undefined
  // Among them are tags that nobody knows, and those below that kubectl would decode.
  if (document.warnings.length > 0) return undefined
  const { explicit, version } = document.directives.yaml
  if (explicit === true && version !== '1.1') return undefined
  if (aliasesIn(document) > maxAliases) return undefined
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch {
    return undefined // an alias that is not defined, or stands for too much
  }
}

function aliasesIn(document: Document.Parsed): number {
  let count = 0
  visit(document, {
    Alias: () => {
      count += 1
    },
  })
  return count
}

/** YAML 1.1 without what no JSON has: times and base-60 numbers are texts, and so is `e5`, which begins with no digit. */
const options: DocumentOptions & ParseOptions & SchemaOptions = {
  version: '1.1',
  merge: true,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
  customTags: (tags: Tags): Tags => tags.filter(isPlain).map(strictNumber),
}

function isPlain(tag: Tags[number]): boolean {
  return typeof tag === 'string' || (tag.format !== 'TIME' && !/:(?:timestamp|binary|set|omap|pairs)$/.test(tag.tag))
}

function strictNumber(tag: Tags[number]): Tags[number] {
  if (typeof tag === 'string' || !tag.tag.endsWith(':float') || tag.test === undefined) return tag
  return Object.assign({}, tag, { test: new RegExp(String.raw`^(?=[-+]?\.?[\diInN])(?:${tag.test.source})`) })
}
