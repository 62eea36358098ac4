import type { AuthInfo } from '@kubeclient/core/spec'

/** What a kubeconfig from a file may do and one from text may not. The pure part of the package has none. */
export interface Host {
  /** Absolute. */
  resolve(directory: string, path: string): string
  /** A regular file of bounded size. What it throws has a short `message` without the content. */
  readFile(path: string): Promise<Uint8Array>
  /** What is wrong with a CA bundle, or `undefined`. */
  caFault(ca: string): string | undefined
  /** What is wrong with a certificate and its key, or `undefined`. */
  keyPairFault(cert: string, key: string): string | undefined
  /** Rewrites a user's entry in its file, under a lock. */
  rewriteUser(file: string, userName: string, update: UserUpdate): Promise<void>
}

/** `undefined`: nothing is to be written. */
export type UserUpdate = (current: AuthInfo) => Promise<AuthInfo | undefined>
