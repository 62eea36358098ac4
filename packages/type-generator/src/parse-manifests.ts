import { ConfigError } from '@kubeclient/core/spec'
import { parseAllDocuments } from 'yaml'
import { type Definition, readDefinition, record } from './read-definition.ts'

const maxBytes = 64 * 1024 * 1024

/**
 * The CustomResourceDefinitions in a YAML or JSON text, `List`s included; other manifests are passed over.
 *
 * @throws {@link ConfigError} for text that is no YAML, is too large, or defines no kind
 */
export function parseManifests(text: string, name: string): Definition[] {
  if (text.length > maxBytes) throw new ConfigError(`${name} is larger than 64 MiB`)
  const definitions = plainDocuments(text, name).flatMap(definitionsOf)
  if (definitions.length > 0) return definitions
  throw new ConfigError(`${name} holds no CustomResourceDefinition`)
}

function plainDocuments(text: string, name: string): unknown[] {
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
