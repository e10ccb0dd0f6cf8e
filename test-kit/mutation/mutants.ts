/** Small changes of code that some test should notice. */
import ts from 'typescript'

export interface Mutant {
  file: string
  /** From 1. */
  line: number
  start: number
  end: number
  before: string
  after: string
}

const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '+=': ['-='],
  '-=': ['+='],
  '||=': ['&&='],
  '&&=': ['||='],
}

const METHODS: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  min: 'max',
  max: 'min',
}

/** Without these calls the value stays what it was: `text.trim()` becomes `text`. */
const DROPPED = ['filter', 'reverse', 'slice', 'sort', 'toLowerCase', 'toUpperCase', 'trim']

export const makeMutants = (file: string, text: string): Mutant[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: Mutant[] = []
  const add = (node: ts.Node, after: string): void => {
    const start = node.getStart(source)
    const line = source.getLineAndCharacterOfPosition(start).line + 1
    found.push({ file, line, start, end: node.end, before: node.getText(source), after })
  }
  const visit = (node: ts.Node): void => {
    if (isNotRun(node)) return
    for (const [part, after] of changesOf(node)) add(part, after)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

export const applyMutant = (text: string, { start, end, after }: Mutant): string =>
  text.slice(0, start) + after + text.slice(end)

const isNotRun = (node: ts.Node): boolean =>
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node) ||
  ts.isTypeNode(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node)

/** What is replaced, and by what. */
type Change = readonly [ts.Node, string]

const changesOf = (node: ts.Node): Change[] => {
  if (ts.isBinaryExpression(node)) return operators(node)
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [[node, 'false']]
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [[node, 'true']]
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return [[node, node.operand.getText()]]
  }
  if (ts.isNumericLiteral(node)) return numbers(node)
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return strings(node)
  if (ts.isTemplateExpression(node)) return [[node, '``']]
  if (ts.isRegularExpressionLiteral(node)) return anchors(node)
  if (ts.isIfStatement(node)) return always(node.expression)
  if (ts.isConditionalExpression(node)) return always(node.condition)
  if (ts.isExpressionStatement(node)) return [[node, ';']]
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) return [[node, '[]']]
  if (ts.isCallExpression(node)) return calls(node)
  return []
}

const operators = ({ left, operatorToken, right }: ts.BinaryExpression): Change[] => {
  const operator = operatorToken.getText()
  const isConcatenation = operator === '+' && [left, right].some(ts.isStringLiteralLike)
  return isConcatenation
    ? []
    : (OPERATORS[operator] ?? []).map((after) => [operatorToken, after] as const)
}

const numbers = (node: ts.NumericLiteral): Change[] => {
  const value = Number(node.text)
  return [value + 1, value - 1].map((after) => [node, `(${after})`] as const)
}

/** Not the names of members and modules, which are no values. */
const strings = (node: ts.StringLiteralLike): Change[] => {
  const { parent } = node
  const isName =
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword)
  return isName ? [] : [[node, node.text === '' ? "'mutated'" : "''"]]
}

const anchors = (node: ts.RegularExpressionLiteral): Change[] => {
  const [, body = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? []
  return [
    ...(body.startsWith('^') ? [body.slice(1)] : []),
    ...(/(?<!\\)\$$/.test(body) ? [body.slice(0, -1)] : []),
  ].map((after) => [node, `/${after}/${flags}`] as const)
}

const always = (condition: ts.Expression): Change[] => [
  [condition, 'true'],
  [condition, 'false'],
]

const calls = ({ expression }: ts.CallExpression): Change[] => {
  if (!ts.isPropertyAccessExpression(expression)) return []
  const { name, expression: subject, parent } = expression
  const other = METHODS[name.text]
  return [
    ...(other === undefined ? [] : [[name, other] as const]),
    ...(DROPPED.includes(name.text) ? [[parent, subject.getText()] as const] : []),
  ]
}
