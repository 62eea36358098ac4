import { type Place, fault, quote } from './place.ts'

/** Reads the fields of one mapping with Go's strictness: a value of another type is an error, `null` is absent. */
export interface Fields {
  /** `''` is absent too. */
  string(field: string): string | undefined
  boolean(field: string): boolean | undefined
  /** `null` elements become `''`. */
  strings(field: string): readonly string[] | undefined
  mapping(field: string): Fields | undefined
  /** One reader per element; a `null` element is an empty mapping. */
  mappings(field: string): readonly Fields[] | undefined
  /** Whatever is there. */
  raw(field: string): unknown
  readonly names: readonly string[]
  readonly place: Place
}

/** @throws {@link ConfigError} when `value` is no mapping */
export function fieldsOf(value: unknown, place: Place): Fields {
  const data: object = asMapping(value ?? {}, place)
  const raw = (field: string): unknown => {
    // Own properties only: a field named like a method of Object is absent unless the file has it.
    const found: unknown = Object.hasOwn(data, field) ? Reflect.get(data, field) : undefined
    return found ?? undefined
  }
  const list = (field: string): readonly unknown[] | undefined => asList(raw(field), place, field)
  return {
    place,
    raw,
    names: Object.keys(data),
    string: (field) => asString(raw(field), place, field) || undefined,
    boolean: (field) => asBoolean(raw(field), place, field),
    strings: (field) => list(field)?.map((element) => asString(element ?? '', place, field) ?? ''),
    mapping: (field) => (raw(field) === undefined ? undefined : fieldsOf(raw(field), inside(place, field))),
    mappings: (field) => list(field)?.map((element, index) => fieldsOf(element, inside(place, field, index))),
  }
}

function inside(place: Place, field: string, index?: number): Place {
  const path = index === undefined ? [field] : [field, index]
  const subject = `${place.subject}, ${index === undefined ? quote(field) : quote(`${field}[${index}]`)}`
  return { ...place, path: [...place.path, ...path], subject }
}

function asMapping(value: unknown, place: Place): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fault(place, `must be a mapping, not ${typeName(value)}`)
  return value
}

function asString(value: unknown, place: Place, field: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  const remedy = typeof value === 'object' ? '' : '; put it in quotes'
  throw fault(place, `${quote(field)} must be a string, not ${typeName(value)}${remedy}`, field)
}

function asBoolean(value: unknown, place: Place, field: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  throw fault(place, `${quote(field)} must be true or false, not ${typeName(value)}`, field)
}

function asList(value: unknown, place: Place, field: string): readonly unknown[] | undefined {
  if (value === undefined) return undefined
  if (Array.isArray(value)) return value
  throw fault(place, `${quote(field)} must be a list, not ${typeName(value)}`, field)
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`
}
