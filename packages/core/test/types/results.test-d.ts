// What a program that annotates nothing is given.
import type {
  BookmarkEvent,
  Client,
  DynamicObject,
  IssuedToken,
  KubeList,
  MetadataClient,
  ResourceClient,
  Scale,
  Status,
  Stored,
  SubresourceClient,
  WatchEvent,
} from '@kubeclient/core'
import { expectTypeOf } from 'vitest'
import { client } from './client.ts'
import { Pod, ServiceAccount } from './sample-kinds.ts'

const pods = client.resource(Pod)
expectTypeOf(pods).toEqualTypeOf<ResourceClient<Pod>>()
expectTypeOf(client.resource('pods')).toEqualTypeOf<ResourceClient<DynamicObject>>()
expectTypeOf(client.with({ dryRun: true })).toEqualTypeOf<Client>()

const pod = await pods.get('p')
expectTypeOf(pod).toEqualTypeOf<Stored<Pod>>()
expectTypeOf(pod.metadata.name).toEqualTypeOf<string>()
expectTypeOf(pod.metadata.uid).toEqualTypeOf<string>()
expectTypeOf(pod.metadata.namespace).toEqualTypeOf<string | undefined>()
expectTypeOf(pod.kind).toEqualTypeOf<'Pod'>()
expectTypeOf(await pods.find('p')).toEqualTypeOf<Stored<Pod> | undefined>()
expectTypeOf(await pods.list()).toEqualTypeOf<KubeList<Stored<Pod>>>()
expectTypeOf(pods.items()).toEqualTypeOf<AsyncIterable<Stored<Pod>>>()
expectTypeOf(pods.watch()).toEqualTypeOf<AsyncIterable<WatchEvent<Stored<Pod>>>>()
expectTypeOf(pods.watch({ allowBookmarks: true })).toEqualTypeOf<
  AsyncIterable<WatchEvent<Stored<Pod>> | BookmarkEvent>
>()
expectTypeOf(await pods.delete('p')).toEqualTypeOf<Stored<Pod> | Status>()
expectTypeOf(pods.metadata()).toEqualTypeOf<MetadataClient>()
expectTypeOf(pods.subresource('status')).toEqualTypeOf<SubresourceClient<Pod>>()
expectTypeOf(pods.subresource('scale')).toEqualTypeOf<SubresourceClient<Scale>>()
expectTypeOf(await pods.subresource('eviction').create('p', {})).toEqualTypeOf<Status>()
expectTypeOf(
  await client.resource(ServiceAccount).subresource('token').create('s', { spec: {} }),
).toEqualTypeOf<IssuedToken>()
