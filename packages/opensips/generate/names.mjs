/** Words that JavaScript does not take as the name of an export in a module. */
const reserved = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof undefined var void while with yield`.split(/\s+/),
)

/** A subpath of the package that is not a module. */
const OTHER_SUBPATH = 'package.json'

/**
 * The export of a module: its own name. What JavaScript does not take in a name becomes `_`, and a reserved word gets a
 * `_` at its end. (Commands and parameters are properties, which may have any name.)
 * @param {string} module
 */
export function exportName(module) {
  const name = module.replace(/[^\w$]/g, '_').replace(/^(?=\d)/, '_')
  return reserved.has(name) ? `${name}_` : name
}

/**
 * @param {readonly string[]} modules
 * @throws TypeError when two modules would have one name, or one has a name that cannot be a file or a subpath here
 */
export function assertDistinct(modules) {
  /** @type {Map<string, string>} */
  const byExport = new Map()
  for (const module of modules) {
    const name = exportName(module)
    const other = byExport.get(name)
    if (other !== undefined)
      throw new TypeError(`the modules '${other}' and '${module}' would both be exported as '${name}'`)
    byExport.set(name, module)
    if (!/^\w[\w.-]*$/.test(module) || module === OTHER_SUBPATH) {
      throw new TypeError(`the module '${module}' cannot have the subpath '@mi/opensips/${module}'`)
    }
  }
}
