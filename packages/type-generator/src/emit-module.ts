import { type CoreNames, emitSchema } from './emit-schema.ts'
import { literal } from './literal.ts'
import type { NamedSchema } from './schema.ts'

export interface TypeModule {
  /** Says where it comes from; a line of it for each line of the comment. */
  readonly header: readonly string[]
  readonly schemas: readonly NamedSchema[]
  /** Type that a `$ref` of the schemas means: TypeScript, or a type of another module. */
  readonly resolve: (ref: string) => string | ImportedType
}

export interface ImportedType {
  readonly from: string
  readonly name: string
}

const core = '@kubeclient/core/spec'

/** The source of a module: one interface for each schema, and for each kind a descriptor of the same name. */
export function emitModule({ header, schemas, resolve }: TypeModule): string {
  const imports = new Imports(new Set(schemas.map(({ name }) => name)))
  const coreName = (name: string): string => imports.add({ from: core, name })
  const coreNames: CoreNames = {
    get KubeObject() {
      return coreName('KubeObject')
    },
    get ObjectMeta() {
      return coreName('ObjectMeta')
    },
    get ResourceDescriptor() {
      return coreName('ResourceDescriptor')
    },
    get CreateOnlyDescriptor() {
      return coreName('CreateOnlyDescriptor')
    },
  }
  const local = (ref: string): string => {
    const type = resolve(ref)
    return typeof type === 'string' ? type : imports.add(type)
  }
  const declarations = schemas.map((schema) => emitSchema(schema, local, coreNames))
  return [...header.map((line) => `// ${line}\n`), imports.source(), ...declarations]
    .filter((part) => part !== '')
    .join('\n')
}

/** What a module takes from others. A name that the module has itself gets another. */
class Imports {
  readonly #own: ReadonlySet<string>
  readonly #names = new Map<string, Map<string, string>>()

  constructor(own: ReadonlySet<string>) {
    this.#own = own
  }

  /** What the type is called here. */
  add({ from, name }: ImportedType): string {
    const names = this.#names.get(from) ?? new Map<string, string>()
    this.#names.set(from, names)
    const known = names.get(name)
    if (known !== undefined) return known
    const imported = [...this.#names.values()].flatMap((each) => Array.from(each.values()))
    const taken = new Set([...this.#own, ...imported])
    let local = name
    while (taken.has(local)) local = `Imported${local}`
    names.set(name, local)
    return local
  }

  source(): string {
    const modules = [...this.#names].toSorted(([a], [b]) => compare(a, b))
    return modules.map(([from, names]) => importLine(from, names)).join('')
  }
}

function importLine(from: string, names: ReadonlyMap<string, string>): string {
  const list = [...names]
    .toSorted(([a], [b]) => compare(a, b))
    .map(([name, local]) => (name === local ? name : `${name} as ${local}`))
  return `import type { ${list.join(', ')} } from ${literal(from)}\n`
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
