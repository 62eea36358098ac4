/** As `namespace` of a read: every namespace. */
export const allNamespaces: unique symbol = Symbol.for('@kubeclient/core.allNamespaces')

/** The type of {@link allNamespaces}. */
export type AllNamespaces = typeof allNamespaces
