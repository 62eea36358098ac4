import { connections } from './connections.ts'
import { customResources } from './custom-resources.ts'
import { dryRuns } from './dry-runs.ts'
import { fieldValidation } from './field-validation.ts'
import { manifests } from './manifests.ts'
import { metadataOnly } from './metadata-only.ts'
import { names } from './names.ts'
import { objects } from './objects.ts'
import { orders } from './orders.ts'
import { paging } from './paging.ts'
import { patches } from './patches.ts'
import { rawRequests } from './raw-requests.ts'
import { rights } from './rights.ts'
import type { Scenario } from './scenario.ts'
import { scopes } from './scopes.ts'
import { selectors } from './selectors.ts'
import { serverSideApply } from './server-side-apply.ts'
import { subresources } from './subresources.ts'
import { tables } from './tables.ts'
import { versionAndDiscovery } from './version-and-discovery.ts'
import { watches } from './watches.ts'

/** All of them, in no order that they depend on. */
export const scenarios: readonly Scenario[] = [
  ...versionAndDiscovery,
  ...objects,
  ...dryRuns,
  ...patches,
  ...serverSideApply,
  ...selectors,
  ...scopes,
  ...watches,
  ...connections,
  ...paging,
  ...customResources,
  ...subresources,
  ...orders,
  ...metadataOnly,
  ...tables,
  ...manifests,
  ...rawRequests,
  ...names,
  ...rights,
  ...fieldValidation,
]
