import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the packages, with a slash at its end. */
export const packagesFolder: string = fileURLToPath(new URL('../../', import.meta.url))

export interface Import {
  /** As written. */
  specifier: string
  /** Gone from the emitted JavaScript. */
  typeOnly: boolean
  /** `import('…')`: loaded when it is needed, not at the start. */
  lazy: boolean
}

/** The modules of one entry, by their path inside `packages/`. */
export type ModuleGraph = ReadonlyMap<string, readonly Import[]>

const statement = /^(?:import|export)\b(?<type> type\b)?(?:[^'"`;]*?\bfrom)? ?'(?<specifier>[^']+)'/gm
const dynamic = /\bimport\('(?<specifier>[^']+)'\)/g

/** What a module imports, read from its source: declarations at the start of a line, and `import('…')`. */
export function importsOf(source: string): Import[] {
  const found: Import[] = []
  for (const { groups } of source.matchAll(statement)) {
    found.push({ specifier: groups?.['specifier'] ?? '', typeOnly: groups?.['type'] !== undefined, lazy: false })
  }
  for (const { groups } of source.matchAll(dynamic)) {
    found.push({ specifier: groups?.['specifier'] ?? '', typeOnly: false, lazy: true })
  }
  return found
}

/** Follows relative imports: `all` of them, or only those that importing the entry loads `at start`. */
export async function moduleGraph(entry: string, which: 'all' | 'at start' = 'all'): Promise<ModuleGraph> {
  const graph = new Map<string, readonly Import[]>()
  const visit = async (path: string): Promise<void> => {
    if (graph.has(path)) return
    const all = importsOf(await readFile(join(packagesFolder, path), 'utf8'))
    const imports = all.filter(({ typeOnly, lazy }) => which === 'all' || (!typeOnly && !lazy))
    graph.set(path, imports)
    for (const { specifier } of imports) {
      if (specifier.startsWith('.')) await visit(resolveRelative(path, specifier))
    }
  }
  await visit(entry)
  return graph
}

function resolveRelative(from: string, specifier: string): string {
  return relative('/', join('/', dirname(from), specifier))
}

/** The packages and Node modules that a graph names, sorted. */
export function externalsOf(graph: ModuleGraph): string[] {
  const bare = [...graph.values()].flat().filter(({ specifier }) => !specifier.startsWith('.'))
  return [...new Set(bare.map(({ specifier }) => specifier))].toSorted()
}

/** A path through the graph that ends where it begins, if there is one. */
export function cycleIn(graph: ModuleGraph): string[] | undefined {
  const done = new Set<string>()
  const walk = (path: string, above: readonly string[]): string[] | undefined => {
    if (above.includes(path)) return [...above.slice(above.indexOf(path)), path]
    if (done.has(path)) return undefined
    for (const { specifier } of graph.get(path) ?? []) {
      if (!specifier.startsWith('.')) continue
      const cycle = walk(resolveRelative(path, specifier), [...above, path])
      if (cycle !== undefined) return cycle
    }
    done.add(path)
    return undefined
  }
  for (const path of graph.keys()) {
    const cycle = walk(path, [])
    if (cycle !== undefined) return cycle
  }
  return undefined
}
