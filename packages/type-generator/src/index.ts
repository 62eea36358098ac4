export { emitModule, type ImportedType, type TypeModule } from './emit-module.ts'
export type { KindOfSchema, NamedSchema, Schema, Served } from './schema.ts'
