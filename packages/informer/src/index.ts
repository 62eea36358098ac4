/**
 * A watched, indexed, self-healing copy of a collection of Kubernetes objects.
 *
 * @module @kubeclient/informer
 */
export { hasCondition, isDeleted, isRolledOut } from './conditions.ts'
export { createInformer } from './create-informer.ts'
export type {
  Added,
  Deleted,
  Indexer,
  Informer,
  InformerChange,
  InformerFilter,
  InformerHandlers,
  InformerHealth,
  InformerOptions,
  Subscription,
  Updated,
  WaitForOptions,
  WaitOptions,
} from './informer.ts'
export {
  type Condition,
  ConditionTimeoutError,
  waitForCondition,
  type WaitForConditionOptions,
} from './wait-for-condition.ts'
export { withoutManagedFields } from './without-managed-fields.ts'
