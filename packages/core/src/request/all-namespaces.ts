/** As `namespace` of a read: every namespace. */
export const allNamespaces: unique symbol = Symbol.for('@kubeclient/core.allNamespaces')

export type AllNamespaces = typeof allNamespaces
