import { DiscoveryError } from '../spec/errors.ts'
import type { ResourceInfo, ResourceRef } from '../spec/resource.ts'
import type { Discovered } from './discovered.ts'
import { matchRef, printRef } from './match-ref.ts'

/** What is not known because some group versions did not answer. */
export function unanswered(groupVersions: readonly string[], ref?: string): DiscoveryError {
  const subject =
    ref === undefined ? 'not all resources are known' : `whether the server has ${JSON.stringify(ref)} is not known`
  const why = `${groupVersions.join(', ')} did not answer discovery (an aggregated API server may be down)`
  return new DiscoveryError(`${subject}: ${why}`, { groupVersions })
}

/** What to say when the server does not have something: where it has that name instead, or what may be wrong. */
export function noMatch({ resources }: Discovered, ref: ResourceRef): string {
  const subject = `the server has no ${JSON.stringify(printRef(ref))}`
  const others = new Set(elsewhere(resources, ref).map((info) => `${info.resource} in ${info.apiVersion}`))
  if (others.size > 0) return `${subject}, but ${[...others].slice(0, 5).join(', ')}`
  return `${subject} (is its CustomResourceDefinition installed, and the name spelled right?)`
}

/** The same name in another group or version. */
function elsewhere(resources: readonly ResourceInfo[], ref: ResourceRef): ResourceInfo[] {
  const name = typeof ref === 'string' ? ref.split('.', 1)[0] : (ref.resource ?? ref.kind)
  return name === undefined ? [] : matchRef(resources, name)
}
