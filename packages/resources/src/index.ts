/**
 * What all kinds have in common. The kinds are in modules of their own: `@kubeclient/resources/core/v1`, `…/apps/v1`.
 *
 * @module @kubeclient/resources
 */
export { defineResource } from './define-resource.ts'
export type {
  Condition,
  IntOrString,
  LabelSelector,
  LabelSelectorRequirement,
  ListMeta,
  ManagedFieldsEntry,
  ObjectMeta,
  OwnerReference,
  PartialObjectMetadata,
  Quantity,
  Status,
  StatusCause,
  StatusDetails,
  Table,
} from './meta/v1.ts'
