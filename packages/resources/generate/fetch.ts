// Asks a real API server for its OpenAPI documents and keeps them: `KUBEBUILDER_ASSETS=… node fetch.ts`.
import { createClient } from '@kubeclient/core'
import { startControlPlane } from '@kubeclient/testing'
import { type OpenApiDocument, writeDocuments } from './documents.ts'

// Alpha and beta versions as well: whoever turns them on finds their types.
await using plane = await startControlPlane({ apiServerArgs: ['--runtime-config=api/all=true'] })
await using client = createClient(plane.config)

const { gitVersion } = await client.version()
const root = await client.request({ path: '/openapi/v3' })
const { paths } = await root.json<{ paths: Record<string, unknown> }>()
const documents: Record<string, OpenApiDocument> = {}
for (const path of Object.keys(paths)
  .filter((each) => /^(?:api|apis\/[^/]+)\/[^/]+$/.test(each))
  .toSorted()) {
  console.log(path)
  const response = await client.request({ path: `/openapi/v3/${path}` })
  documents[path] = await response.json<OpenApiDocument>()
}
await writeDocuments({ kubernetes: gitVersion, documents })
