import { ConfigError } from '@kubeclient/core/spec'

type Type = readonly [rule: string, holds: (value: unknown) => boolean]

const text: Type = ['is no text', isText]
const aFunction: Type = ['is a function', isFunction]

const types: Readonly<Record<string, Type>> = {
  persist: ['is true or false', (value) => typeof value === 'boolean'],
  store: ['is an object with a function `update`', (value) => isFunction(Object(value).update)],
  onWarning: aFunction,
  onRotated: aFunction,
  clientSecret: text,
  idToken: text,
  ca: text,
  scopes: ['is a list of texts', (value) => Array.isArray(value) && value.every(isText)],
}

/** What JavaScript lets through. No message holds a value. @throws {@link ConfigError} */
export function checkOptions(caller: string, options: unknown = {}): void {
  if (typeof options !== 'object' || options === null) throw new ConfigError(`${caller}(): the options are an object`)
  for (const [name, [rule, holds]] of Object.entries(types)) {
    const value: unknown = Reflect.get(options, name)
    if (value !== undefined && !holds(value)) throw new ConfigError(`${caller}(): \`${name}\` ${rule}`)
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}
