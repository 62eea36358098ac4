import { describe, expect, it } from 'vitest'
import { discover } from '../../src/discovery/discover.ts'
import { matchRef, printRef } from '../../src/discovery/match-ref.ts'
import type { ResourceInfo, ResourceRef } from '../../src/spec/index.ts'
import { aggregated, Recorded } from './recorded.ts'

const { resources } = await discover(new Recorded(aggregated).fetch)

function first(ref: ResourceRef, among: readonly ResourceInfo[] = resources): string | undefined {
  const [info] = matchRef(among, ref)
  return info && `${info.resource} ${info.apiVersion}`
}

function thing(more: Partial<ResourceInfo>): ResourceInfo {
  return {
    group: 'example.com',
    version: 'v1',
    apiVersion: 'example.com/v1',
    kind: 'Thing',
    resource: 'things',
    singular: 'thing',
    namespaced: true,
    verbs: [],
    shortNames: [],
    categories: [],
    subresources: [],
    ...more,
  }
}

describe('references', () => {
  it.each<[ResourceRef, string | undefined]>([
    ['pods', 'pods v1'],
    ['pod', 'pods v1'],
    ['po', 'pods v1'],
    ['Pod', 'pods v1'],
    ['POD', 'pods v1'],
    ['PODS', 'pods v1'],
    ['pods.v1', 'pods v1'],
    ['pods.v1.', 'pods v1'],
    ['po.v1', 'pods v1'],
    ['pods.v2', undefined],
    ['pods.apps', undefined],
    ['deployments', 'deployments apps/v1'],
    ['deploy', 'deployments apps/v1'],
    ['Deployment', 'deployments apps/v1'],
    ['deployments.apps', 'deployments apps/v1'],
    ['deploy.apps', 'deployments apps/v1'],
    ['Deployment.apps', 'deployments apps/v1'],
    ['deployments.v1.apps', 'deployments apps/v1'],
    ['deployments.v2.apps', undefined],
    ['deployments.v1', undefined],
    ['hpa', 'horizontalpodautoscalers autoscaling/v2'],
    ['hpa.v1.autoscaling', 'horizontalpodautoscalers autoscaling/v1'],
    ['events', 'events v1'],
    ['ev', 'events v1'],
    ['events.events.k8s.io', 'events events.k8s.io/v1'],
    ['events.v1.events.k8s.io', 'events events.k8s.io/v1'],
    ['events.v1', 'events v1'],
    [{ apiVersion: 'v1', kind: 'Pod' }, 'pods v1'],
    [{ apiVersion: 'v1', kind: 'pod' }, undefined],
    [{ apiVersion: 'v2', kind: 'Pod' }, undefined],
    [{ apiVersion: 'apps/v1', kind: 'Pod' }, undefined],
    [{ apiVersion: 'v1', resource: 'pods' }, 'pods v1'],
    [{ apiVersion: 'v1', resource: 'po' }, undefined],
    [{ apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler' }, 'horizontalpodautoscalers autoscaling/v1'],
    ['widgets', undefined],
    ['pods/log', undefined],
    ['', undefined],
    ['.', undefined],
    ['...', undefined],
    ['.apps', undefined],
    ['pods..', undefined],
    ['__proto__', undefined],
    ['constructor', undefined],
  ])('%j is %s', (ref, wanted) => {
    expect(first(ref)).toBe(wanted)
  })

  it('a discovered resource is one itself', () => {
    for (const info of resources) expect(matchRef(resources, info)[0]).toBe(info)
  })

  it("the server's order decides between groups and versions", () => {
    const both = [thing({ group: 'b.com', apiVersion: 'b.com/v1' }), thing({ group: 'a.com', apiVersion: 'a.com/v1' })]
    expect(first('things', both)).toBe('things b.com/v1')
    expect(first('Thing', both.toReversed())).toBe('things a.com/v1')
    const versions = [thing({ version: 'v2', apiVersion: 'example.com/v2' }), thing({})]
    expect(first('things', versions)).toBe('things example.com/v2')
  })

  it('a short name loses to an exact name, wherever it stands', () => {
    const short = thing({
      group: 'a.com',
      apiVersion: 'a.com/v1',
      resource: 'others',
      singular: 'other',
      kind: 'Other',
      shortNames: ['thing'],
    })
    expect(first('thing', [short, thing({})])).toBe('things example.com/v1')
    expect(first('thing.a.com', [short, thing({})])).toBe('others a.com/v1')
  })

  it('a group whose name looks like a version is found, after the version', () => {
    const odd = thing({ group: 'v1.com', apiVersion: 'v1.com/v3', version: 'v3' })
    expect(first('things.v1.com', [odd])).toBe('things v1.com/v3')
    expect(first('things.v1.com', [odd, thing({ group: 'com', apiVersion: 'com/v1' })])).toBe('things com/v1')
  })

  it.each<[ResourceRef, string]>([
    ['pods', 'pods'],
    [{ apiVersion: 'apps/v1', kind: 'Deployment' }, 'apps/v1 Deployment'],
    [{ apiVersion: 'apps/v1', resource: 'deployments' }, 'apps/v1 deployments'],
  ])('%j is printed as %s', (ref, words) => {
    expect(printRef(ref)).toBe(words)
  })
})
