import type { CreateDiscoveryOptions, KindDiscovery } from './create-discovery.ts'

/**
 * Discovery whose code is loaded with its first use: a program that names its kinds by descriptors never needs it, and a
 * cold start does not pay for it.
 */
export function lazyDiscovery(options: CreateDiscoveryOptions): KindDiscovery {
  let loaded: KindDiscovery | undefined
  let loading: Promise<KindDiscovery> | undefined

  const real = (): Promise<KindDiscovery> => {
    loading ??= import('./create-discovery.ts').then(({ createDiscovery }) => (loaded = createDiscovery(options)))
    return loading
  }

  return {
    get loaded() {
      return loaded?.loaded ?? false
    },
    resolve: async (ref) => (await real()).resolve(ref),
    has: async (ref) => (await real()).has(ref),
    resources: async (filter) => (await real()).resources(filter),
    groups: async () => (await real()).groups(),
    openApi: async (groupVersion) => (await real()).openApi(groupVersion),
    refresh: async () => (await real()).refresh(),
    recheck: async (ref, known) => (await real()).recheck(ref, known),
  }
}
