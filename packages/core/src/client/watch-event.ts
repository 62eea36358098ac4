/** A change; `object` is the whole object after it, or as it was at its end. */
export interface WatchEvent<O> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: O
}

/** Nothing changed up to this version. */
export interface BookmarkEvent {
  type: 'BOOKMARK'
  object: Bookmark
}

/** Has a version, and no name, spec or status. */
export interface Bookmark {
  apiVersion: string
  kind: string
  metadata: { resourceVersion: string; annotations?: Record<string, string> }
}
