import type { AllNamespaces } from '@kubeclient/core'

/** Registered, so that it is core's: an import of core itself would bring a transport that the application may not use. */
export const allNamespaces: AllNamespaces = Symbol.for('@kubeclient/core.allNamespaces') as AllNamespaces // which is that symbol
