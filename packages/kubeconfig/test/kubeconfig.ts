import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'

/** The parts of a kubeconfig that a test is about; the rest works. */
export interface Parts {
  readonly cluster?: object
  readonly user?: object
  readonly context?: object
}

/** One cluster "k", one user "u", one context "c". */
export function kubeconfig({ cluster = {}, user = {}, context = {} }: Parts = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'k', cluster: { server: 'https://127.0.0.1:6443', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', ...context } }],
  }
}

/** The same as text, as a file has it. */
export function kubeconfigText(parts: Parts = {}): string {
  return JSON.stringify(kubeconfig(parts), undefined, 2)
}

export function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** Everything that a log could show of a value. */
export function everythingShown(value: unknown): string {
  const message =
    value instanceof Error ? `${value.message}\n${value.stack}\n${inspect(value.cause, { depth: 10 })}` : ''
  return `${message}\n${String(value)}\n${JSON.stringify(value)}\n${inspect(value, { depth: 10, showHidden: true })}`
}

export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('expected a rejection')
    },
    (error: unknown) => error,
  )
}
