import { isAlreadyExists, isConflict, isNotFound, isStatus, retryOnConflict } from '@kubeclient/core'
import { ConfigMap } from '@kubeclient/resources/core/v1'
import { expect } from 'vitest'
import { failure } from './failure.ts'
import { namesOf } from './names-of.ts'
import type { Scenario } from './scenario.ts'

export const objects: readonly Scenario[] = [
  {
    title: 'an object is created, read, listed, replaced and deleted',
    async run({ client, namespace }) {
      const configMaps = client.resource(ConfigMap)

      const created = await configMaps.create({ metadata: { name: 'settings' }, data: { colour: 'red' } })
      expect(created).toMatchObject({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings', namespace },
        data: { colour: 'red' },
      })
      expect(await configMaps.get('settings')).toEqual(created)
      expect(await configMaps.find('settings')).toEqual(created)
      expect((await configMaps.list()).items).toEqual([created])

      const replaced = await configMaps.replace({ ...created, data: { colour: 'blue' } })
      expect(replaced.data).toEqual({ colour: 'blue' })
      expect(replaced.metadata.uid).toBe(created.metadata.uid)
      expect(replaced.metadata.resourceVersion).not.toBe(created.metadata.resourceVersion)

      const deleted = await configMaps.delete('settings')
      expect(isStatus(deleted) && deleted.status).toBe('Success')
      expect((await configMaps.list()).items).toEqual([])
    },
  },
  {
    title: 'a kind is addressed by its plural as well as by a descriptor',
    async run({ client }) {
      await client.resource('configmaps').create({ metadata: { name: 'settings' }, data: { colour: 'red' } })

      expect(await client.resource(ConfigMap).get('settings')).toMatchObject({ data: { colour: 'red' } })
      expect(await client.resource('cm').get('settings')).toMatchObject({ data: { colour: 'red' } })
    },
  },
  {
    title: 'items of a list say their kind and version',
    async run({ client }) {
      await client.resource(ConfigMap).create({ metadata: { name: 'settings' } })

      const list = await client.resource('configmaps').list()

      expect(list).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMapList' })
      expect(list.items).toEqual([expect.objectContaining({ apiVersion: 'v1', kind: 'ConfigMap' })])
    },
  },
  {
    title: 'what is absent is undefined for find, and a 404 that names it for get',
    async run({ client }) {
      expect(await client.resource(ConfigMap).find('absent')).toBeUndefined()

      const error = await failure(client.resource(ConfigMap).get('absent'), 'KUBE_API')

      expect(isNotFound(error)).toBe(true)
      expect(error).toMatchObject({ status: 404, reason: 'NotFound', details: { name: 'absent', kind: 'configmaps' } })
      expect(error.message).toContain('configmaps "absent" not found')
    },
  },
  {
    title: 'find does not take a path that the server does not know for an absent object',
    async run({ client }) {
      const unserved = { apiVersion: 'unserved.example.com/v1', kind: 'Thing', resource: 'things', namespaced: true }

      const error = await failure(client.resource(unserved).find('absent'), 'KUBE_API')

      expect(isNotFound(error)).toBe(true)
    },
  },
  {
    title: 'creating what exists is AlreadyExists, and no conflict',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'settings' } })

      const error = await failure(configMaps.create({ metadata: { name: 'settings' } }), 'KUBE_API')

      expect(error).toMatchObject({ status: 409, reason: 'AlreadyExists' })
      expect([isAlreadyExists(error), isConflict(error)]).toEqual([true, false])
    },
  },
  {
    title: 'replacing a stale version is a conflict, and the newer one stays',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      const stale = await configMaps.create({ metadata: { name: 'settings' }, data: { colour: 'red' } })
      await configMaps.replace({ ...stale, data: { colour: 'blue' } })

      const error = await failure(configMaps.replace({ ...stale, data: { colour: 'green' } }), 'KUBE_API')

      expect(error).toMatchObject({ status: 409, reason: 'Conflict', details: { name: 'settings' } })
      expect([isConflict(error), isAlreadyExists(error)]).toEqual([true, false])
      expect((await configMaps.get('settings')).data).toEqual({ colour: 'blue' })
    },
  },
  {
    title: 'rivals who read, change and replace lose no change when each tries again on a conflict',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'settings' } })
      const names = ['a', 'b', 'c', 'd']

      await Promise.all(
        names.map((name) =>
          retryOnConflict(
            async () => {
              const found = await configMaps.get('settings')
              return configMaps.replace({ ...found, data: { ...found.data, [name]: 'here' } })
            },
            { attempts: 50 },
          ),
        ),
      )

      expect(Object.keys((await configMaps.get('settings')).data ?? {}).toSorted()).toEqual(names)
    },
  },
  {
    title: 'replacing without a version overwrites whatever is there',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'settings' }, data: { colour: 'red' } })

      await configMaps.replace({ metadata: { name: 'settings' }, data: { size: '1' } })

      expect((await configMaps.get('settings')).data).toEqual({ size: '1' })
    },
  },
  {
    title: 'an object is deleted only while it has the uid that the caller saw',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      const { metadata } = await configMaps.create({ metadata: { name: 'settings' } })
      const preconditions = { uid: '00000000-0000-4000-8000-000000000000' }

      const error = await failure(configMaps.delete('settings', { preconditions }), 'KUBE_API')
      expect(isConflict(error)).toBe(true)

      await configMaps.delete('settings', { preconditions: { uid: metadata.uid } })
      expect(await configMaps.find('settings')).toBeUndefined()
    },
  },
  {
    title: 'an object with a finalizer is returned by delete, and gone once the finalizer is',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'settings', finalizers: ['example.com/hold'] } })

      const held = await configMaps.delete('settings')
      expect(isStatus(held) ? held : held.metadata.deletionTimestamp).toEqual(expect.any(String))
      expect(await configMaps.find('settings')).toBeDefined()

      await configMaps.patch('settings', { merge: { metadata: { finalizers: null } } })
      expect(await configMaps.find('settings')).toBeUndefined()
    },
  },
  {
    title: 'the server completes a generateName',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      const [one, two] = await Promise.all([
        configMaps.create({ metadata: { generateName: 'settings-' } }),
        configMaps.create({ metadata: { generateName: 'settings-' } }),
      ])

      const names = namesOf([one, two])
      expect(names).toEqual([
        expect.stringMatching(/^settings-[a-z0-9]{5}$/),
        expect.stringMatching(/^settings-[a-z0-9]{5}$/),
      ])
      expect(new Set(names).size).toBe(2)
    },
  },
  {
    title: 'an invalid object is a 422 whose cause names the field',
    async run({ client }) {
      const error = await failure(client.resource(ConfigMap).create({ metadata: { name: 'Not A Name' } }), 'KUBE_API')

      expect(error).toMatchObject({ status: 422, reason: 'Invalid' })
      expect(error.causes).toEqual([expect.objectContaining({ field: 'metadata.name', reason: 'FieldValueInvalid' })])
    },
  },
  {
    title: 'creating in a namespace that does not exist is a 404 of the namespace',
    async run({ client, namespace }) {
      const options = { namespace: `${namespace}-absent` }

      const error = await failure(client.resource(ConfigMap).create({ metadata: { name: 'a' } }, options), 'KUBE_API')

      expect(error).toMatchObject({ status: 404, details: { kind: 'namespaces', name: `${namespace}-absent` } })
    },
  },
]
