import { randomInt } from 'node:crypto'
import { qualifiedPlural, type ResourceType } from './resource-type.ts'
import { invalidValue, type FieldCause } from './status-failure.ts'

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/

const subdomainRule = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`
const labelRule = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`

/** Kinds whose names are DNS labels. */
const labelled = new Set(['namespaces', 'services'])

/** What is wrong with a name; empty: nothing. */
export function nameCauses(type: ResourceType, name: string): FieldCause[] {
  const cause = (why: string): FieldCause => invalidValue('metadata.name', name, why)
  if (type.group === 'rbac.authorization.k8s.io') return pathSegmentCauses(name)
  if (!labelled.has(qualifiedPlural(type))) {
    if (name.length > 253) return [cause('must be no more than 253 characters')]
    return subdomain.test(name) ? [] : [cause(subdomainRule)]
  }
  if (name.includes('.')) return [cause('must not contain dots')]
  if (name.length > 63) return [cause('must be no more than 63 characters')]
  return label.test(name) ? [] : [cause(labelRule)]
}

/** Names of roles and bindings: anything that is one segment of a path. */
function pathSegmentCauses(name: string): FieldCause[] {
  if (name === '.' || name === '..') return [invalidValue('metadata.name', name, `may not be '${name}'`)]
  return ['/', '%']
    .filter((character) => name.includes(character))
    .map((character) => invalidValue('metadata.name', name, `may not contain '${character}'`))
}

/** No vowels and nothing that looks like something else: what the API server picks from. */
const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789'

export function generateName(prefix: string): string {
  const suffix = Array.from({ length: 5 }, () => suffixAlphabet[randomInt(suffixAlphabet.length)])
  return prefix.slice(0, 58) + suffix.join('')
}
