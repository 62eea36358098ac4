import { glob } from 'node:fs/promises'
import { createClient } from '@kubeclient/core'
import { SelfSubjectReview } from '@kubeclient/resources/authentication/v1'
import { startControlPlane } from '@kubeclient/testing'
import { describe, expect, it } from 'vitest'

interface Descriptor {
  readonly apiVersion: string
  readonly kind: string
  readonly resource: string
  readonly namespaced: boolean
}

/** Each descriptor, with the name that it is exported under. */
async function exported(): Promise<[string, Descriptor][]> {
  const folder = new URL('../src/', import.meta.url)
  const modules = await Array.fromAsync(glob('*/*.ts', { cwd: folder }), (path) => import(new URL(path, folder).href))
  return modules.flatMap((module: Readonly<Record<string, Descriptor>>) => Object.entries(module))
}

async function descriptors(): Promise<Descriptor[]> {
  return (await exported()).map(([, descriptor]) => descriptor)
}

function lineOf({ apiVersion, kind, resource, namespaced }: Descriptor): string {
  return `${apiVersion} ${kind} ${resource} ${namespaced ? 'namespaced' : 'of the cluster'}`
}

describe('the descriptors', () => {
  it('are called like their kinds', async () => {
    const found = await exported()

    expect(found.length).toBeGreaterThan(80)
    expect(found.filter(([name, { kind }]) => name !== kind)).toEqual([])
  })

  it('are one for each kind', async () => {
    const lines = (await descriptors()).map(lineOf)

    expect(new Set(lines).size).toBe(lines.length)
  })

  it.skipIf(!process.env['KUBEBUILDER_ASSETS'])(
    'are those of the kinds that a real API server serves, all its versions turned on',
    { timeout: 60_000 },
    async () => {
      await using controlPlane = await startControlPlane({ apiServerArgs: ['--runtime-config=api/all=true'] })
      await using client = createClient(controlPlane.config)

      const expected = (await client.discovery.resources()).map(lineOf)

      expect((await descriptors()).map(lineOf).toSorted()).toEqual(expected.toSorted())
    },
  )

  it.skipIf(!process.env['KUBEBUILDER_ASSETS'])(
    'address what a real API server serves: kinds are listed and a review is created without discovery',
    { timeout: 60_000 },
    async () => {
      await using controlPlane = await startControlPlane()
      await using client = createClient(controlPlane.config)
      const found = await descriptors()
      const infos = await client.discovery.resources()
      const listed = found.filter((each) =>
        infos.some((info) => lineOf(info) === lineOf(each) && info.verbs.includes('list')),
      )
      const fresh = createClient(controlPlane.config)

      const lists = await Promise.all(listed.map((descriptor) => fresh.resource(descriptor).list({ limit: 1 })))

      const review = await fresh.resource(SelfSubjectReview).create({})

      expect(lists.length).toBeGreaterThan(50)
      expect(review.status?.userInfo?.groups).toContain('system:masters')
      expect(fresh.discovery.loaded).toBe(false)
      await fresh.close()
    },
  )
})
