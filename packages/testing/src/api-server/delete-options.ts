import { isObject, type JsonObject, textOf } from './json.ts'
import { checkJsonBody, syntaxMessage } from './read-manifest.ts'
import type { ServedRequest } from './served-request.ts'
import { badRequest, invalidOptions, invalidValue, quote, unsupportedValue, type FieldCause } from './status-failure.ts'

export interface DeleteOptions {
  readonly dryRun: boolean
  readonly gracePeriodSeconds?: number
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan'
  readonly preconditions: { readonly uid?: string; readonly resourceVersion?: string }
}

/**
 * DeleteOptions of the body, or without one of the query.
 *
 * @throws {@link StatusFailure} 400, 415, 422
 */
export function deleteOptionsOf(request: ServedRequest): DeleteOptions {
  const options = request.body === '' ? fromQuery(request.query) : parseOptions(request)
  const [policy, orphans] = [options['propagationPolicy'], options['orphanDependents']]
  const causes = [
    ...policyCauses(policy, orphans),
    ...dryRunCauses(options['dryRun'] ?? request.query.getAll('dryRun')),
  ]
  if (causes.length > 0) throw invalidOptions('DeleteOptions', causes)
  const [grace, preconditions] = [options['gracePeriodSeconds'], options['preconditions']]
  const propagation = policy ?? (orphans === undefined ? undefined : orphans === true ? 'Orphan' : 'Background')
  return {
    dryRun: isAll(options['dryRun']) || isAll(request.query.getAll('dryRun')),
    ...(typeof grace === 'number' && { gracePeriodSeconds: Math.max(grace, grace < 0 ? 1 : 0) }),
    // A cast: policyCauses() refused every other value.
    ...(propagation !== undefined && { propagation: propagation as 'Foreground' | 'Background' | 'Orphan' }),
    preconditions: isObject(preconditions) ? textsOf(preconditions) : {},
  }
}

function parseOptions(request: ServedRequest): JsonObject {
  checkJsonBody(request)
  let options: unknown
  try {
    options = JSON.parse(request.body)
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${syntaxMessage(error)}`)
  }
  if (!isObject(options))
    throw badRequest("couldn't get version/kind; json parse error: DeleteOptions must be an object")
  const { kind = 'DeleteOptions', apiVersion = 'meta.k8s.io/v1' } = options
  if (kind !== 'DeleteOptions') {
    const version = quote(textOf(apiVersion))
    throw badRequest(
      `no kind ${quote(textOf(kind))} is registered for version ${version} in scheme "pkg/runtime/scheme.go:111"`,
    )
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null))
}

function fromQuery(query: URLSearchParams): JsonObject {
  const [grace, policy, orphans] = ['gracePeriodSeconds', 'propagationPolicy', 'orphanDependents'].map((name) =>
    query.get(name),
  )
  return {
    ...(grace && { gracePeriodSeconds: Number(grace) }),
    ...(policy && { propagationPolicy: policy }),
    ...(orphans && { orphanDependents: orphans === 'true' || orphans === '1' }),
  }
}

function policyCauses(policy: unknown, orphans: unknown): FieldCause[] {
  const supported = ['Foreground', 'Background', 'Orphan']
  if (policy === undefined) return []
  if (orphans !== undefined) {
    return [invalidValue('propagationPolicy', policy, 'orphanDependents and deletionPropagation cannot be both set')]
  }
  return supported.includes(textOf(policy))
    ? []
    : [unsupportedValue('propagationPolicy', policy, [...supported, 'nil'])]
}

/** `dryRun` of any write. @throws {@link StatusFailure} 422 for anything but `All` */
export function dryRunOf(query: URLSearchParams, optionsKind: string): boolean {
  const values = query.getAll('dryRun')
  const causes = dryRunCauses(values)
  if (causes.length > 0) throw invalidOptions(optionsKind, causes)
  return isAll(values)
}

function dryRunCauses(values: unknown): FieldCause[] {
  const isFine = Array.isArray(values) && values.every((value) => value === 'All')
  return isFine ? [] : [unsupportedValue('dryRun', values, ['All'])]
}

function isAll(values: unknown): boolean {
  return Array.isArray(values) && values.includes('All')
}

function textsOf({ uid, resourceVersion }: JsonObject): DeleteOptions['preconditions'] {
  return { ...(typeof uid === 'string' && { uid }), ...(typeof resourceVersion === 'string' && { resourceVersion }) }
}
