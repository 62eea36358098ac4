export interface ExportedNames {
  values: string[]
  types: string[]
  /** What is neither a comment nor a list of named exports. */
  rest: string
}

const comment = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm
const statement = /^export (?<type>type )?\{(?<names>[^}]*)\} from '[^']+'$/gm

/** Reads what an `index.ts` exports, types included, which no running program could see. */
export function exportedNames(source: string): ExportedNames {
  const code = source.replaceAll(comment, '')
  const names = { values: new Array<string>(), types: new Array<string>() }
  for (const { groups } of code.matchAll(statement)) {
    for (const item of (groups?.['names'] ?? '').split(',')) {
      const name = item.trim().replace(/^.* as /, '')
      if (name === '') continue
      const isType = groups?.['type'] !== undefined || name.startsWith('type ')
      names[isType ? 'types' : 'values'].push(name.replace(/^type /, ''))
    }
  }
  const rest = code.replaceAll(statement, '').trim()
  return { values: names.values.toSorted(), types: names.types.toSorted(), rest }
}
