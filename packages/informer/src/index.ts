/**
 * A watched, indexed, self-healing copy of a collection of Kubernetes objects.
 *
 * @module @kubeclient/informer
 */
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
