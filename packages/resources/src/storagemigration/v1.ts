// Generated from the OpenAPI documents of Kubernetes v1.37.2: change the generator, not this file.

import type { Condition, GroupResource } from '../meta/v1.ts'
import type { KubeObject, ObjectMeta, ResourceDescriptor } from '@kubeclient/core/spec'

/** StorageVersionMigration represents a migration of stored data to the latest storage version. */
export interface StorageVersionMigration extends KubeObject {
  apiVersion?: 'storagemigration.k8s.io/v1'
  kind?: 'StorageVersionMigration'
  metadata?: ObjectMeta
  /** Specification of the migration. */
  spec?: StorageVersionMigrationSpec
  /** Status of the migration. */
  status?: StorageVersionMigrationStatus
}
export const StorageVersionMigration: ResourceDescriptor<StorageVersionMigration> = {
  apiVersion: 'storagemigration.k8s.io/v1',
  kind: 'StorageVersionMigration',
  resource: 'storageversionmigrations',
  namespaced: false,
}

/** Spec of the storage version migration. */
export interface StorageVersionMigrationSpec {
  /**
   * The resource that is being migrated. The migrator sends requests to the endpoint serving the resource. Immutable.
   */
  resource: GroupResource
}

/** Status of the storage version migration. */
export interface StorageVersionMigrationStatus {
  /** The latest available observations of the migration's current state. */
  conditions?: Condition[]
  /**
   * ResourceVersion to compare with the GC cache for performing the migration. This is the current resource version
   * of given group, version and resource when kube-controller-manager first observes this StorageVersionMigration
   * resource.
   */
  resourceVersion?: string
}
