import { type Client, type ClientConfig, createClient } from '@kubeclient/core'
import { createClient as createLiteClient } from '@kubeclient/core/lite'

/** The entries of core whose clients can upgrade connections. */
export const entries: readonly (readonly [name: string, create: (config: ClientConfig) => Client])[] = [
  ['core', createClient],
  ['core/lite', createLiteClient],
]
