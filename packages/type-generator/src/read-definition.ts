import { ConfigError } from '@kubeclient/core/spec'

/** What a CustomResourceDefinition says of the kind that it defines. */
export interface Definition {
  readonly group: string
  readonly kind: string
  /** Plural, as in URLs. */
  readonly resource: string
  readonly namespaced: boolean
  /** Served versions; a schema is what somebody wrote, and not checked yet. */
  readonly versions: readonly { readonly name: string; readonly schema: unknown }[]
}

const label = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?'
const patterns = {
  group: new RegExp(`^${label}(?:\\.${label}){0,30}$`),
  version: new RegExp(`^${label}$`),
  resource: new RegExp(`^${label}$`),
  kind: /^[A-Za-z][-A-Za-z0-9]{0,62}$/,
}

/**
 * Reads a manifest: `undefined` for one of another kind.
 *
 * @throws {@link ConfigError} for a definition that no API server would take, since its names become file names and code
 * @see https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/
 */
export function readDefinition(manifest: unknown): Definition | undefined {
  const { apiVersion, kind, metadata, spec } = record(manifest)
  if (kind !== 'CustomResourceDefinition') return undefined
  const where = `CustomResourceDefinition ${quoted(record(metadata)['name'])}`
  if (apiVersion !== 'apiextensions.k8s.io/v1')
    throw new ConfigError(`${where}: its apiVersion is ${quoted(apiVersion)}; write it as "apiextensions.k8s.io/v1"`)
  const { group, names, scope, versions } = record(spec)
  const { kind: kindName, plural } = record(names)
  return {
    group: checked(group, 'group', `${where}: spec.group`),
    kind: checked(kindName, 'kind', `${where}: spec.names.kind`),
    resource: checked(plural, 'resource', `${where}: spec.names.plural`),
    namespaced: scope !== 'Cluster',
    versions: served(versions).map(({ name, schema }) => ({
      name: checked(name, 'version', `${where}: the name of a version`),
      schema: record(schema)['openAPIV3Schema'],
    })),
  }
}

function served(versions: unknown): Readonly<Record<string, unknown>>[] {
  return (Array.isArray(versions) ? versions : []).map(record).filter((version) => version['served'] !== false)
}

function checked(value: unknown, what: keyof typeof patterns, where: string): string {
  if (typeof value === 'string' && patterns[what].test(value)) return value
  throw new ConfigError(`${where} is ${quoted(value)}, which is no ${what} that an API server takes`)
}

function quoted(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return JSON.stringify(value).slice(0, 100)
}

/** Fields of an object; none of anything else. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  return value as Record<string, unknown> // an object's fields are what they are
}
