import type { NamedExtension } from '@kubeclient/core/spec'
import { decodeBase64 } from './base64.ts'
import type { ClusterFields, ContextFields, Entry, ExecFields, KubeconfigDocument, UserFields } from './document.ts'
import { type Fields, fieldsOf } from './fields.ts'
import { limitSize } from './limit-size.ts'
import { type Source, fault, quote } from './place.ts'

/**
 * Checks the types of every field of every entry: kubectl refuses the whole file for one wrong type. What is only checked
 * for the chosen context is in `resolve-context.ts`.
 *
 * @throws {@link ConfigError}
 */
export function validate(data: unknown, source: Source): KubeconfigDocument {
  limitSize(data, source)
  const root = fieldsOf(data, { source, path: [], subject: 'the kubeconfig' })
  refuseOtherKinds(root)
  extensions(root) // like the next, checked only because kubectl checks them
  root.mapping('preferences')?.boolean('colors')
  const currentContext = root.string('current-context')
  return {
    clusters: entriesOf(root, 'clusters', 'cluster', clusterFields, clusterNames),
    users: entriesOf(root, 'users', 'user', userFields, userNames),
    contexts: entriesOf(root, 'contexts', 'context', contextFields, contextNames),
    ...(currentContext !== undefined && {
      currentContext: { name: currentContext, place: { ...root.place, path: ['current-context'] } },
    }),
  }
}

function refuseOtherKinds(root: Fields): void {
  const apiVersion = root.string('apiVersion') ?? 'v1'
  const kind = root.string('kind') ?? 'Config'
  if (apiVersion === 'v1' && kind === 'Config') return
  const found = `apiVersion ${quote(apiVersion)}, kind ${quote(kind)}`
  throw fault(
    root.place,
    `has ${found}; a kubeconfig has apiVersion "v1", kind "Config"`,
    kind === 'Config' ? 'apiVersion' : 'kind',
  )
}

function entriesOf<T extends object>(
  root: Fields,
  listName: 'clusters' | 'users' | 'contexts',
  kind: 'cluster' | 'user' | 'context',
  decode: (fields: Fields) => T,
  known: readonly string[],
): ReadonlyMap<string, Entry<T>> {
  const entries = new Map<string, Entry<T>>()
  for (const element of root.mappings(listName) ?? []) {
    const name = element.string('name') ?? ''
    const place = { ...element.place, subject: `${kind} ${quote(name)}` }
    if (entries.has(name)) throw fault(place, 'is in the file twice; remove one')
    const inner = { ...place, path: [...place.path, kind] }
    const fields = fieldsOf(element.raw(kind), inner)
    entries.set(name, {
      name,
      fields: decode(fields),
      place: inner,
      unknown: fields.names.filter((field) => !known.includes(field)),
    })
  }
  return entries
}

const clusterNames = [
  'server',
  'tls-server-name',
  'insecure-skip-tls-verify',
  'certificate-authority',
  'certificate-authority-data',
  'proxy-url',
  'disable-compression',
  'extensions',
]

function clusterFields(fields: Fields): ClusterFields {
  return defined({
    server: fields.string('server'),
    'tls-server-name': fields.string('tls-server-name'),
    'insecure-skip-tls-verify': fields.boolean('insecure-skip-tls-verify'),
    'certificate-authority': fields.string('certificate-authority'),
    'certificate-authority-data': base64(fields, 'certificate-authority-data'),
    'proxy-url': fields.string('proxy-url'),
    'disable-compression': fields.boolean('disable-compression'),
    extensions: extensions(fields),
  })
}

const contextNames = ['cluster', 'user', 'namespace', 'extensions']

function contextFields(fields: Fields): ContextFields {
  extensions(fields) // checked, and of no use to anybody here
  return defined({
    cluster: fields.string('cluster'),
    user: fields.string('user'),
    namespace: fields.string('namespace'),
  })
}

const userNames = [
  'client-certificate',
  'client-certificate-data',
  'client-key',
  'client-key-data',
  'token',
  'tokenFile',
  'username',
  'password',
  'as',
  'as-uid',
  'as-groups',
  'as-user-extra',
  'auth-provider',
  'exec',
  'extensions',
]

function userFields(fields: Fields): UserFields {
  const provider = fields.mapping('auth-provider')
  const exec = fields.mapping('exec')
  const extra = fields.mapping('as-user-extra')
  return defined({
    'client-certificate': fields.string('client-certificate'),
    'client-certificate-data': base64(fields, 'client-certificate-data'),
    'client-key': fields.string('client-key'),
    'client-key-data': base64(fields, 'client-key-data'),
    token: fields.string('token'),
    tokenFile: fields.string('tokenFile'),
    username: fields.string('username'),
    password: fields.string('password'),
    as: fields.string('as'),
    'as-uid': fields.string('as-uid'),
    'as-groups': fields.strings('as-groups'),
    'as-user-extra': extra && record(extra, (name) => extra.strings(name) ?? []),
    'auth-provider': provider && authProvider(provider),
    exec: exec && execFields(exec),
    extensions: extensions(fields),
  })
}

function authProvider(fields: Fields): NonNullable<UserFields['auth-provider']> {
  const config = fields.mapping('config')
  return defined({
    name: fields.string('name'),
    config: config && record(config, (name) => config.string(name) ?? ''),
  })
}

function execFields(fields: Fields): ExecFields {
  return defined({
    apiVersion: fields.string('apiVersion'),
    command: fields.string('command'),
    args: fields.strings('args'),
    env: fields
      .mappings('env')
      ?.map((entry) => ({ name: entry.string('name') ?? '', value: entry.string('value') ?? '' })),
    installHint: fields.string('installHint'),
    provideClusterInfo: fields.boolean('provideClusterInfo'),
    interactiveMode: fields.string('interactiveMode'),
  })
}

function extensions(fields: Fields): readonly NamedExtension[] | undefined {
  return fields.mappings('extensions')?.map((entry) => ({
    name: entry.string('name') ?? '',
    extension: entry.raw('extension'),
  }))
}

/** Still encoded, without the line breaks. */
function base64(fields: Fields, field: string): string | undefined {
  const text = fields.string(field)
  if (text === undefined) return undefined
  if (decodeBase64(text) !== undefined) return text.replaceAll(/[\r\n]/g, '')
  throw fault(fields.place, `${quote(field)} is not base64 (standard alphabet, with padding)`, field)
}

/** Without a prototype, so that `__proto__` is a key like any other. */
function record<T>(fields: Fields, read: (name: string) => T): Readonly<Record<string, T>> {
  const result: Record<string, T> = Object.create(null) // cast by annotation: an object without properties is an empty record
  for (const name of fields.names) result[name] = read(name)
  return result
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

/** Leaves out what is undefined: these objects are shown to plugins, whose types say "absent". */
function defined<T extends object>(fields: T): Defined<T> {
  // What is left after the filter has no undefined, which fromEntries cannot express.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>
}
