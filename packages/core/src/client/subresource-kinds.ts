import type { KubeObject, ObjectMeta } from '../spec/object.ts'

/** `autoscaling/v1` Scale. */
export interface Scale extends KubeObject {
  apiVersion?: 'autoscaling/v1'
  kind?: 'Scale'
  metadata?: ObjectMeta
  spec?: { replicas?: number }
  status?: { replicas: number; selector?: string }
}

/** `policy/v1` Eviction. */
export interface Eviction extends KubeObject {
  apiVersion?: 'policy/v1'
  kind?: 'Eviction'
  metadata?: ObjectMeta
  /** How the pod is deleted, if its disruption budgets allow it. */
  deleteOptions?: {
    gracePeriodSeconds?: number
    propagationPolicy?: 'Foreground' | 'Background' | 'Orphan' | (string & {})
    preconditions?: { uid?: string; resourceVersion?: string }
    dryRun?: string[]
  }
}

/** `v1` Binding. */
export interface Binding extends KubeObject {
  apiVersion?: 'v1'
  kind?: 'Binding'
  metadata?: ObjectMeta
  /** The node. */
  target: { apiVersion?: string; kind?: string; name?: string }
}

/** `authentication.k8s.io/v1` TokenRequest. */
export interface TokenRequest extends KubeObject {
  apiVersion?: 'authentication.k8s.io/v1'
  kind?: 'TokenRequest'
  metadata?: ObjectMeta
  spec?: {
    /** @defaultValue the API server's */
    audiences?: string[]
    /** Seconds, at least 600. @defaultValue 3600 */
    expirationSeconds?: number
    /** The token ends with this object. */
    boundObjectRef?: { apiVersion?: string; kind?: string; name?: string; uid?: string }
  }
}

/** A TokenRequest that was granted. */
export interface IssuedToken extends TokenRequest {
  status: { token: string; expirationTimestamp: string }
}
