import { ConfigError } from '@kubeclient/core/spec'
import { parseAllDocuments } from 'yaml'
import { type Definition, readDefinition, record } from './read-definition.ts'

const mebibyte = 1024 * 1024
const maxJson = 64 * mebibyte
/** A parser of YAML takes 500 times as much memory as it is given text. */
const maxYaml = 6 * mebibyte

/**
 * The CustomResourceDefinitions in a YAML or JSON text, `List`s included; other manifests are passed over.
 *
 * @throws {@link ConfigError} for text that is no YAML, is too large, or defines no kind
 */
export function parseManifests(text: string, name: string): Definition[] {
  if (text.length > maxJson) throw new ConfigError(`${name} is larger than 64 MiB`)
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
  if (text.length > maxYaml) throw new ConfigError(`${name} is larger than 6 MiB; write it as JSON`)
  try {
    return parseAllDocuments(text, { merge: true, stringKeys: true, uniqueKeys: false }).map((document) => {
      const [error] = document.errors
      if (error !== undefined) throw error
      return document.toJS({ maxAliasCount: 100 }) as unknown // whatever the text says
    })
  } catch (error) {
    // Nested without end, it is a RangeError.
    const fault = error instanceof RangeError ? 'it is nested too deeply' : String(error)
    throw new ConfigError(`${name} is no YAML: ${fault}`)
  }
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
