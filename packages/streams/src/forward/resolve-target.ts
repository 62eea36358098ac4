import type { Client, KubeObject, LabelSelector, Stored } from '@kubeclient/core'
import { InvalidRequestError } from '@kubeclient/core/spec'
import { abortable } from '../abortable.ts'
import { type PodPlace, podPlace } from '../pod-target.ts'
import { podsOf } from '../pods.ts'
import { type NamedTarget, namedTarget, type PortTarget } from './port-target.ts'

/** A port of a pod that is there. */
export interface PodPort {
  readonly pod: PodPlace
  readonly port: number
}

export interface ResolveOptions {
  readonly namespace?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** What is read of a pod. */
interface Pod extends KubeObject {
  spec?: { containers?: { ports?: { name?: string; containerPort: number }[] }[] }
  status?: { phase?: string; conditions?: { type: string; status: string }[] }
}

/** What is read of a service and of what owns pods. */
interface Selecting extends KubeObject {
  spec?: {
    selector?: Record<string, string> | LabelSelector
    ports?: { name?: string; port: number; targetPort?: number | string }[]
  }
}

/**
 * The pod and port that a target means now: of a service or a workload a pod that is ready.
 *
 * @throws {@link InvalidRequestError} when there is none, or the port has no such name
 */
export async function resolveTarget(
  client: Client,
  target: PortTarget,
  port: number | string,
  { namespace: own, signal }: ResolveOptions,
): Promise<PodPort> {
  const { resource, name, namespace: ofObject } = namedTarget(target)
  const place = podPlace({ metadata: { name, namespace: ofObject } }, own, client)
  const options = { namespace: place.namespace, signal }
  if (isPod(resource)) return podPort(client, place, port, signal)
  const kind = await abortable(client.discovery.resolve(resource), signal)
  if (kind.group === '' && kind.resource === 'pods') return podPort(client, place, port, signal)
  const object = await client.resource<Selecting>(kind).get(name, options)
  const pod = await readyPod(client, object, options)
  const isService = kind.group === '' && kind.resource === 'services'
  return {
    pod: { name: pod.metadata.name, namespace: place.namespace },
    port: containerPort(pod, isService ? targetPort(object, port) : port),
  }
}

/** As far as that can be told without the server. */
function isPod(resource: NamedTarget['resource']): boolean {
  if (typeof resource === 'string') return ['po', 'pod', 'pods'].includes(resource)
  return resource.apiVersion === 'v1' && resource.kind === 'Pod'
}

async function podPort(
  client: Client,
  place: PodPlace,
  port: number | string,
  signal: AbortSignal | undefined,
): Promise<PodPort> {
  if (typeof port === 'number') return { pod: place, port }
  const pod = await client.resource(podsOf<Pod>()).get(place.name, { namespace: place.namespace, signal })
  return { pod: place, port: containerPort(pod, port) }
}

async function readyPod(
  client: Client,
  object: Stored<Selecting>,
  options: { readonly namespace: string; readonly signal: AbortSignal | undefined },
): Promise<Stored<Pod>> {
  const labelSelector = selectorOf(object)
  for await (const pod of client.resource(podsOf<Pod>()).items({ ...options, labelSelector }))
    if (isReady(pod)) return pod
  throw new InvalidRequestError(`${label(object)} has no pod that is ready`)
}

function isReady({ metadata, status }: Stored<Pod>): boolean {
  if (metadata.deletionTimestamp !== undefined) return false
  return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true
}

/** A service has a map of labels, a workload a selector; neither may select everything. */
function selectorOf(object: Stored<Selecting>): LabelSelector {
  const { selector = {} } = object.spec ?? {}
  const isSelector = 'matchLabels' in selector || 'matchExpressions' in selector
  const labels = isSelector ? (selector as LabelSelector) : { matchLabels: selector as Record<string, string> } // told apart by the fields
  const count = Object.keys(labels.matchLabels ?? {}).length + (labels.matchExpressions ?? []).length
  if (count > 0) return labels
  throw new InvalidRequestError(`${label(object)} selects no pods, so there is none to forward to`)
}

/** What the port of a service is called in its pods. */
function targetPort(service: Stored<Selecting>, port: number | string): number | string {
  const { ports = [] } = service.spec ?? {}
  const found = ports.find((each) => each.port === port || each.name === port)
  if (found !== undefined) return found.targetPort ?? found.port
  const known = ports.map((each) => (each.name === undefined ? each.port : `${each.name} (${each.port})`)).join(', ')
  throw new InvalidRequestError(`${label(service)} has no port ${port}; it has ${known === '' ? 'none' : known}`)
}

function containerPort(pod: Stored<Pod>, port: number | string): number {
  if (typeof port === 'number') return port
  const ports = (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? [])
  const found = ports.find(({ name }) => name === port)
  if (found !== undefined) return found.containerPort
  const known = ports.flatMap(({ name }) => name ?? []).join(', ')
  throw new InvalidRequestError(
    `${label(pod)} has no port ${JSON.stringify(port)}; named ones: ${known === '' ? 'none' : known}`,
  )
}

function label({ kind, metadata }: Stored<KubeObject>): string {
  return `${kind} ${JSON.stringify(metadata.name)}`
}
