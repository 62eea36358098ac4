import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { packagesFolder } from './module-graph.ts'

interface Manifest {
  version: string
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  engines: { node: string }
  sideEffects: boolean
  files: string[]
  exports: Record<string, string>
  publishConfig: { exports: Record<string, string> }
}

interface Lockfile {
  importers: Record<string, { dependencies?: Record<string, { version: string }> }>
  snapshots: Record<string, { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> }>
}

// The lockfile's own format, read with the parser that kubeconfig depends on: core has none.
const yaml: { parse(text: string): Lockfile } = createRequire(`${packagesFolder}kubeconfig/package.json`)('yaml')
const lock = yaml.parse(readFileSync(`${packagesFolder}../pnpm-lock.yaml`, 'utf8'))

const manifestOf = (name: string): Manifest =>
  JSON.parse(readFileSync(`${packagesFolder}${name}/package.json`, 'utf8')) satisfies Manifest

/** What `npm install` of some of our packages puts on the disk: they and all that they need, by name and version. */
function installed(names: readonly string[]): string[] {
  const found = new Set<string>()
  const addExternal = (id: string): void => {
    if (found.has(id)) return
    found.add(id)
    const { dependencies = {}, optionalDependencies = {} } = lock.snapshots[id] ?? {}
    for (const [name, version] of Object.entries({ ...dependencies, ...optionalDependencies })) {
      addExternal(`${name}@${version}`)
    }
  }
  const addOurs = (name: string): void => {
    found.add(`@kubeclient/${name}`)
    for (const [dependency, { version }] of Object.entries(lock.importers[`packages/${name}`]?.dependencies ?? {})) {
      if (version.startsWith('link:')) addOurs(version.replace('link:../', ''))
      else addExternal(`${dependency}@${version}`)
    }
  }
  for (const name of names) addOurs(name)
  return [...found].toSorted()
}

const built = (path: string): string => path.replace(/^\.\/src\/(.*)\.ts$/, './dist/$1.js')

const nameOf = (id: string): string => id.replace(/(?<=.)@.*/, '')

describe('runtime dependencies', () => {
  it.each([
    ['core', ['undici']],
    ['kubeconfig', ['@kubeclient/core', 'yaml']],
    ['resources', ['@kubeclient/core']],
    ['testing', ['@kubeclient/core', '@peculiar/asn1-schema', '@peculiar/asn1-x509', 'rfc6902']],
    ['type-generator', ['@kubeclient/auth-exec', '@kubeclient/core', '@kubeclient/kubeconfig', 'yaml']],
  ])('of %s are %j', (name, dependencies) => {
    const manifest = manifestOf(name)
    expect(Object.keys(manifest.dependencies ?? {}).toSorted()).toEqual(dependencies)
    expect(manifest.optionalDependencies).toBeUndefined()
    expect(manifest.peerDependencies).toBeUndefined()
  })

  it('of core and kubeconfig are four packages, themselves included', () => {
    expect(installed(['core', 'kubeconfig']).map(nameOf)).toEqual([
      '@kubeclient/core',
      '@kubeclient/kubeconfig',
      'undici',
      'yaml',
    ])
  })
})

describe.each(['core', 'kubeconfig', 'resources', 'testing', 'type-generator'])('the manifest of %s', (name) => {
  const { exports, publishConfig, files, engines, version, sideEffects } = manifestOf(name)

  it('publishes, under each name, the build of what the name means here', () => {
    const expected = Object.fromEntries(Object.entries(exports).map(([entry, path]) => [entry, built(path)]))
    expect(publishConfig.exports).toEqual(expected)
  })

  it('is like that of its siblings', () => {
    const core = manifestOf('core')
    expect({ files, engines, version, sideEffects }).toEqual({
      files: core.files,
      engines: { node: '>=22.19' },
      version: core.version,
      sideEffects: false,
    })
  })
})
