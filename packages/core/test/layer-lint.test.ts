import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A folder, and what a file in it imports. */
const refused = [
  ['core/src', '@kubeclient/kubeconfig'],
  ['core/src/spec', '../request/patch.ts'],
  ['core/src/spec', '../index.ts'],
  ['core/src/spec', 'node:fs'],
  ['core/src/spec', 'undici/index.js'],
  ['core/src/request', '../transport/retry.ts'],
  ['core/src/request', '../client/client.ts'],
  ['core/src/request', 'node:crypto'],
  ['core/src/transport', '../discovery/discovery.ts'],
  ['core/src/transport', '../client/client.ts'],
  ['core/src/transport', '../index.ts'],
  ['core/src/discovery', '../client/client.ts'],
  ['core/src/client', '@kubeclient/core'],
  ['core/src/client', '../index.ts'],
  ['kubeconfig/src', '@kubeclient/core'],
  ['kubeconfig/src', '@kubeclient/core/lite'],
  ['kubeconfig/src', '@kubeclient/testing'],
  ['auth-exec/src', '@kubeclient/kubeconfig'],
  ['resources/src', '@kubeclient/core'],
  ['testing/src', '@kubeclient/kubeconfig'],
  ['testing/src/api-server', '@kubeclient/core/dist/index.js'],
] as const

const allowed = [
  ['core/src', './client/create-client.ts'],
  ['core/src/spec', './errors.ts'],
  ['core/src/request', '../spec/errors.ts'],
  ['core/src/transport', '../request/query.ts'],
  ['core/src/transport', 'undici/index.js'],
  ['core/src/discovery', '../transport/retry.ts'],
  ['core/src/client', '../discovery/discovery.ts'],
  ['kubeconfig/src', '@kubeclient/core/spec'],
  ['auth-exec/src', '@kubeclient/core/spec'],
  ['resources/src/apps', '@kubeclient/core/spec'],
  ['type-generator/src', '@kubeclient/auth-exec'],
  ['testing/src', '@kubeclient/core'],
  ['testing/src/api-server', '@kubeclient/core/spec'],
] as const

interface Case {
  folder: string
  specifier: string
  path: string
}

const casesOf = (kind: string, places: readonly (readonly [string, string])[]): Case[] =>
  places.map(([folder, specifier], index) => ({ folder, specifier, path: `packages/${folder}/${kind}-${index}.ts` }))

const bad = casesOf('bad', refused)
const good = casesOf('good', allowed)

interface Report {
  diagnostics: { code: string; filename: string }[]
}

/** The project's own rules, without those that need types: the files import what does not exist. */
async function lintConfig(): Promise<string> {
  const config: { options: object } = JSON.parse(await readFile(join(root, '.oxlintrc.json'), 'utf8'))
  return JSON.stringify({ ...config, $schema: undefined, options: { ...config.options, typeAware: false } })
}

describe('the layer lint', () => {
  let directory = ''
  const codes = new Map<string, string[]>()

  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text)
  }

  const lint = async (): Promise<Report> => {
    const output = await new Promise<string>((resolve) => {
      // It exits with 1, as it should: only what it says counts.
      execFile(join(root, 'node_modules/.bin/oxlint'), ['--format=json', '.'], { cwd: directory }, (_, stdout) => {
        resolve(stdout)
      })
    })
    return JSON.parse(output)
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'layer-lint-'))
    await write('.oxlintrc.json', await lintConfig())
    for (const { specifier, path } of [...bad, ...good]) {
      await write(path, `import type { x } from '${specifier}'\n\nexport type y = x\n`)
    }
    await write('packages/core/src/client/chicken.ts', `import type { egg } from './egg.ts'\n\nexport type hen = egg\n`)
    await write(
      'packages/core/src/client/egg.ts',
      `import type { hen } from './chicken.ts'\n\nexport type egg = hen | 1\n`,
    )
    for (const { code, filename } of (await lint()).diagnostics) {
      const path = relative('.', filename)
      codes.set(path, [...(codes.get(path) ?? []), code])
    }
  })

  afterAll(async () => {
    await rm(directory, { recursive: true })
  })

  it.each(bad)('refuses in $folder an import of $specifier', ({ path }) => {
    expect(codes.get(path)).toEqual(['eslint(no-restricted-imports)'])
  })

  it.each(good)('lets $folder import $specifier', ({ path }) => {
    expect(codes.get(path)).toBeUndefined()
  })

  it('refuses a cycle, also one of types', () => {
    expect(codes.get('packages/core/src/client/egg.ts')).toEqual(['import(no-cycle)'])
  })
})
