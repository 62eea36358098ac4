import { env as processEnv } from 'node:process'

/** A variable, if it has a value. */
export type Env = (name: string) => string | undefined

interface Variable {
  readonly name: string
  readonly value: string
}

/** The environment of this process, looked at when it is asked: programs change it. Those of a kubeconfig's entry win. */
export function envWith(own: readonly Variable[] = [], ofProcess: NodeJS.ProcessEnv = processEnv): Env {
  const overlay = new Map(own.map(({ name, value }) => [name, value]))
  return (name) => (overlay.has(name) ? overlay.get(name) : ofProcess[name]) || undefined
}
