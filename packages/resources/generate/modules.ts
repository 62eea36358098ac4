import type { KindOfSchema, NamedSchema, Schema } from '@kubeclient/type-generator'
import type { Documents, GroupVersionKind, GroupVersionKinds } from './documents.ts'
import { placeOf, typeFromElsewhere } from './places.ts'
import { refine } from './refine.ts'
import { servedKinds } from './served-kinds.ts'

type ApiSchema = Schema & GroupVersionKinds

/** The types of each module, `core/v1` and so on, in the order of their names: those of the kinds, and all that these refer to. */
export function schemasOfModules({ documents }: Documents): Map<string, NamedSchema[]> {
  const modules = new Map<string, NamedSchema[]>()
  const seen = new Set<string>()
  for (const document of Object.values(documents)) {
    const schemas = document.components?.schemas ?? {}
    const served = servedKinds(document)
    for (const name of reachable(kindNames(schemas), schemas)) {
      if (seen.has(name) || typeFromElsewhere(name) !== undefined) continue
      seen.add(name)
      const { module, type } = placeOf(name)
      const schema: ApiSchema = refine(type, schemas[name] ?? {})
      modules.set(module, [...(modules.get(module) ?? []), { name: type, schema, kind: kindOf(schema, served) }])
    }
  }
  for (const types of modules.values()) types.sort((a, b) => (a.name < b.name ? -1 : 1))
  return modules
}

/** Kinds are objects that stand alone; lists are `KubeList`s of core. */
function kindNames(schemas: Readonly<Record<string, ApiSchema>>): string[] {
  return Object.keys(schemas).filter((name) => ownKind(schemas[name]) !== undefined && !name.includes('.apimachinery.'))
}

function ownKind({ properties = {}, ...schema }: ApiSchema = {}): GroupVersionKind | undefined {
  const [first, ...more] = schema['x-kubernetes-group-version-kind'] ?? []
  return more.length === 0 && properties['metadata'] !== undefined && properties['items'] === undefined
    ? first
    : undefined
}

function reachable(names: readonly string[], schemas: Readonly<Record<string, ApiSchema>>): Set<string> {
  const found = new Set<string>()
  const visit = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    for (const [, ref = ''] of JSON.stringify(schemas[name] ?? {}).matchAll(
      /"\$ref":"#\/components\/schemas\/([^"]+)"/g,
    ))
      visit(ref)
  }
  names.forEach(visit)
  return found
}

function kindOf(schema: ApiSchema, served: ReturnType<typeof servedKinds>): KindOfSchema | undefined {
  const own = ownKind(schema)
  if (own === undefined) return undefined
  const { group, version, kind } = own
  const apiVersion = group === '' ? version : `${group}/${version}`
  return { apiVersion, kind, served: served.get(`${apiVersion}/${kind}`) }
}
