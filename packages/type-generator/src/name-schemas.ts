import { ConfigError } from '@kubeclient/core/spec'
import { typeName } from './literal.ts'
import { record } from './read-definition.ts'
import type { KindOfSchema, NamedSchema, Schema } from './schema.ts'

/** What refers to an object of any kind. No type is called so. */
export const anyObject = '#any-object'

/** Nested deeper than any API server would store it. */
const maxDepth = 64
/** The largest definitions in use have about 10 000. */
const maxSchemas = 100_000
/** The longest in use have about 100 characters. */
const maxNameLength = 200

export interface KindSchema {
  readonly kind: KindOfSchema
  /** What somebody wrote. */
  readonly schema: unknown
}

/**
 * Gives every object with fields of its own a type: that of `spec.template` of a Widget is `WidgetSpecTemplate`. Reads of the
 * schemas only what types are made of, and takes nothing in them for granted.
 *
 * @throws {@link ConfigError} for a schema that is too deep or too large
 */
export function nameSchemas(kinds: readonly KindSchema[]): NamedSchema[] {
  const names = new Names()
  // First those of the kinds: the part of a Cluster is not to take the name of the kind ClusterSpec.
  const named = kinds.map((each) => ({ ...each, name: names.unique(typeName(each.kind.kind)) }))
  return named.flatMap(({ kind, schema, name }) => kindAndParts(kind, new Namer(names), record(schema), name))
}

function kindAndParts(kind: KindOfSchema, namer: Namer, source: Readonly<Record<string, unknown>>, name: string) {
  const schema = namer.objectSchema(source, name, 0)
  const unknownFields = schema.properties === undefined || schema['x-kubernetes-preserve-unknown-fields']
  return [{ name, schema: { ...schema, 'x-kubernetes-preserve-unknown-fields': unknownFields }, kind }, ...namer.named]
}

/** Those of one module. */
class Names {
  readonly #taken = new Set<string>()
  /** The last number that was added to a name. */
  readonly #numbers = new Map<string, number>()

  unique(path: string): string {
    const wanted = path.slice(0, maxNameLength)
    let name = wanted
    let number = this.#numbers.get(wanted) ?? 1
    while (this.#taken.has(name)) name = `${wanted}${++number}`
    this.#numbers.set(wanted, number)
    this.#taken.add(name)
    return name
  }
}

/** Of the parts of one kind. */
class Namer {
  readonly named: NamedSchema[] = []
  readonly #names: Names
  #count = 0

  constructor(names: Names) {
    this.#names = names
  }

  /** A schema as a field has it: with a reference where it got a type. */
  schema(value: unknown, path: string, depth: number): Schema {
    this.#checkSize(path, depth)
    const source = record(value)
    const { description, nullable } = texts(source)
    const onField = { description, nullable }
    if (source['x-kubernetes-embedded-resource'] === true) return { $ref: anyObject, ...onField }
    if (Object.keys(record(source['properties'])).length === 0) return this.#plain(source, path, depth)
    const name = this.#names.unique(path)
    const place = this.named.push({ name, schema: {} }) - 1
    this.named[place] = { name, schema: this.objectSchema(source, name, depth) }
    return { $ref: name, ...onField }
  }

  objectSchema(source: Readonly<Record<string, unknown>>, name: string, depth: number): Schema {
    const entries = Object.entries(record(source['properties']))
    const fields = entries.map(([field, value]) => [field, this.schema(value, name + typeName(field), depth + 1)])
    const { required } = source
    return {
      ...texts(source),
      type: 'object',
      required: Array.isArray(required) ? required.filter((field) => typeof field === 'string') : [],
      // fromEntries makes `__proto__` a field like any other.
      ...(entries.length > 0 && { properties: Object.fromEntries(fields) as Record<string, Schema> }),
      'x-kubernetes-preserve-unknown-fields': source['x-kubernetes-preserve-unknown-fields'] === true,
    }
  }

  #plain(source: Readonly<Record<string, unknown>>, path: string, depth: number): Schema {
    const { items, additionalProperties } = source
    return {
      ...texts(source),
      ...(items !== undefined && { items: this.schema(items, path, depth + 1) }),
      ...(typeof additionalProperties === 'object' && {
        additionalProperties: this.schema(additionalProperties, path, depth + 1),
      }),
    }
  }

  #checkSize(path: string, depth: number): void {
    this.#count += 1
    if (depth <= maxDepth && this.#count <= maxSchemas) return
    const fault = depth > maxDepth ? `nested deeper than ${maxDepth} levels` : `more than ${maxSchemas} schemas`
    throw new ConfigError(`the schema of ${path.slice(0, 100)} is too large: ${fault}`)
  }
}

function texts(source: Readonly<Record<string, unknown>>): Schema {
  const { type, format, description, enum: values } = source
  return {
    type: typeof type === 'string' ? type : undefined,
    format: typeof format === 'string' ? format : undefined,
    description: typeof description === 'string' ? description : undefined,
    enum: Array.isArray(values) ? values : undefined,
    nullable: source['nullable'] === true,
    'x-kubernetes-int-or-string': source['x-kubernetes-int-or-string'] === true,
    'x-kubernetes-preserve-unknown-fields': source['x-kubernetes-preserve-unknown-fields'] === true,
  }
}
