import { InvalidRequestError } from '../spec/errors.ts'
import type { KubeObject } from '../spec/object.ts'
import type { RequestHeaders } from '../spec/request.ts'
import { allNamespaces, type AllNamespaces } from './all-namespaces.ts'
import type { FieldValidation } from './options.ts'

/** A kind as URLs need it. Descriptors and discovered resources both are one. */
export interface ResourceTarget {
  readonly apiVersion: string
  readonly kind: string
  readonly resource: string
  readonly namespaced: boolean
}

/** What a client adds to its requests unless a call says otherwise. */
export interface RequestDefaults {
  /** Of the server's URL, without a trailing slash: `/k8s/clusters/c-1`. */
  readonly pathPrefix: string
  readonly namespace: string
  /** Impersonation, and what `client.with({ headers })` added. */
  readonly headers: RequestHeaders
  readonly fieldManager: string
  readonly fieldValidation?: FieldValidation | undefined
  readonly dryRun?: boolean | undefined
}

/** Where in the API a call goes. */
export interface Place {
  readonly target: ResourceTarget
  /** Absent: a cluster-scoped kind, or every namespace. */
  readonly namespace?: string | undefined
  readonly defaults: RequestDefaults
  /** Asks for another rendering of the same objects. @defaultValue plain JSON */
  readonly rendering?: Rendering | undefined
}

/** Renderings that the API server offers besides whole objects. @see https://kubernetes.io/docs/reference/using-api/api-concepts/ */
export type Rendering = 'PartialObjectMetadata' | 'Table'

/** The place of a call, from the namespaces that the call, the resource client and the client name. */
export function placeOf(
  target: ResourceTarget,
  wanted: string | AllNamespaces | undefined,
  defaults: RequestDefaults,
): Place {
  if (target.namespaced) {
    if (wanted === '') throw new InvalidRequestError('the namespace is empty: `allNamespaces` stands for all of them')
    return { target, defaults, namespace: wanted === allNamespaces ? undefined : (wanted ?? defaults.namespace) }
  }
  if (wanted !== undefined && wanted !== allNamespaces) {
    throw new InvalidRequestError(
      `${target.resource} are not namespaced: leave \`namespace\` (${JSON.stringify(wanted)}) out of the call`,
    )
  }
  return { target, defaults }
}

/**
 * The place of an object that a call carries: its own namespace counts where neither the call nor the resource client names
 * one, and two different ones are a mistake.
 */
export function placeOfObject(
  target: ResourceTarget,
  object: KubeObject,
  wanted: string | AllNamespaces | undefined,
  defaults: RequestDefaults,
): Place {
  checkObject(object, target.kind)
  const own = target.namespaced ? object.metadata?.namespace || undefined : undefined
  const named = wanted === allNamespaces ? undefined : wanted
  if (own !== undefined && named !== undefined && own !== named) {
    throw new InvalidRequestError(
      `${target.kind} ${JSON.stringify(object.metadata?.name ?? '')} has the namespace ${JSON.stringify(own)}, ` +
        `and the call names ${JSON.stringify(named)}`,
    )
  }
  return placeOf(target, own ?? wanted, defaults)
}

/** @throws {@link InvalidRequestError} for what cannot be a manifest */
export function checkObject(object: unknown, kind: string): void {
  if (typeof object === 'object' && object !== null && !Array.isArray(object)) return
  throw new InvalidRequestError(`no ${kind} was given`)
}

/** A call on one object, or one that creates it, needs to know which namespace. */
export function oneNamespace(place: Place, verb: string): void {
  if (!place.target.namespaced || place.namespace !== undefined) return
  throw new InvalidRequestError(
    `cannot ${verb} ${place.target.resource} in all namespaces at once: name one as \`namespace\``,
  )
}
