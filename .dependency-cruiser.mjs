/**
 * The direction of imports in src/: http → access → features → (filters, pages, json, db). Type-only imports count too.
 * Run by `npm run lint:imports` and by test/unit/import-graph.test.ts, which also proves that each rule finds its case.
 */
const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: to },
})

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    forbid('features-not-http', 'features know nothing of HTTP', '^src/features/', '^src/http/'),
    forbid(
      'db-below-all',
      'db knows nothing of what it stores',
      '^src/db/',
      '^src/(http|access|features|jobs|commands|processes|supervisor)/',
    ),
    {
      name: 'http-from-entry-points-only',
      comment: 'only entry points (main, commands, processes) start HTTP; the supervisor must not even load it',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(http/|commands/|processes/|main\\.ts$)' },
      to: { path: '^src/http/' },
    },
    forbid('src-alone', 'the program runs without scripts and tests', '^(src|generated)/', '^(scripts|test)/'),
    {
      name: 'no-dev-dependency',
      comment: 'the image has no devDependencies (the embedded database is found by a computed name, on demand)',
      severity: 'error',
      from: { path: '^(src|generated)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '/@types/' },
    },
    { name: 'no-cycle', comment: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', comment: 'every import exists', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
