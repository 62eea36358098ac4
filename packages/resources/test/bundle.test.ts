import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { describe, expect, it } from 'vitest'

const program = (imported: string, used: string): string =>
  `import { createClient } from '@kubeclient/core/spec-free'\n${imported}\nexport default createClient(${used})\n`

/** Bytes of a program, minified, with what of the package it takes along. */
async function bundled(source: string): Promise<string> {
  const bundle = await rolldown({
    input: 'program',
    external: /^@kubeclient\/core/,
    plugins: [
      {
        name: 'program',
        resolveId(id) {
          if (id === 'program') return id
          const path = /^@kubeclient\/resources\/(.+)$/.exec(id)?.[1]
          return path === undefined ? null : fileURLToPath(new URL(`../src/${path}.ts`, import.meta.url))
        },
        load: (id) => (id === 'program' ? source : null),
      },
    ],
  })
  const { output } = await bundle.generate({ minify: true })
  await bundle.close()
  return output[0].code
}

describe('a bundle', () => {
  it('grows by less than 200 bytes with Pod, and by less than 300 with three kinds', async () => {
    const without = await bundled(program('', '{}'))
    const pod = await bundled(program(`import { Pod } from '@kubeclient/resources/core/v1'`, 'Pod'))
    const three = await bundled(
      program(
        `import { Pod, Service } from '@kubeclient/resources/core/v1'
         import { Deployment } from '@kubeclient/resources/apps/v1'`,
        '[Pod, Service, Deployment]',
      ),
    )

    expect(pod).toContain('`pods`')
    expect(pod.length - without.length).toBeLessThan(200)
    expect(three.length - without.length).toBeLessThan(300)
    expect(gzipSync(pod).length - gzipSync(without).length).toBeLessThan(100)
  })
})
