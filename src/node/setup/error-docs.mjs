// Makes docs/errors.md of the table of codes in src/errors.ts: its hints and the comments above them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const HEAD = `# Errors

Every error of this package is an \`EraError\` with a \`code\` that is stable across releases, a \`message\` for people, \`details\` without secrets, and a \`hint\`,
the last column below. Match the code: \`isEraError(error, 'quota')\`. A cancelled call rejects with its signal’s own reason instead. Where something less can
answer, a search answers with it and says why in \`answer.source.degraded\`; the element’s console line has the code.

Made of [src/errors.ts](../src/errors.ts) by \`npm run docs\`.

| code | cause | what a visitor sees | what to do |
|---|---|---|---|
`;

/**
 * @param {string} root of the repository
 * @returns {string} Markdown
 * @throws Error for a code without a comment of both kinds
 */
export function errorDocs(root) {
  const path = join(root, 'src/errors.ts');
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  /** @type {string[]} */
  const rows = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === 'HINTS' && node.initializer) {
      const table = ts.isAsExpression(node.initializer) ? node.initializer.expression : node.initializer;
      if (ts.isObjectLiteralExpression(table)) rows.push(...table.properties.map(rowOf));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  if (rows.length === 0) throw new Error('src/errors.ts has no table HINTS.');
  return `${HEAD}${rows.join('\n')}\n`;
}

/** @param {ts.ObjectLiteralElementLike} property */
function rowOf(property) {
  if (!ts.isPropertyAssignment(property) || !ts.isStringLiteral(property.initializer))
    throw new Error('A hint is a text.');
  const code = ts.isStringLiteral(property.name) ? property.name.text : property.name.getText();
  const [comment] = property.getChildren().filter(ts.isJSDoc);
  const cause = line(comment && ts.getTextOfJSDocComment(comment.comment));
  const visitor = line(
    ts.getTextOfJSDocComment(comment?.tags?.find(({ tagName }) => tagName.text === 'visitor')?.comment),
  );
  if (cause === '' || visitor === '') throw new Error(`The code “${code}” needs a cause and what a visitor sees.`);
  return `| \`${code}\` | ${cause} | ${visitor} | ${property.initializer.text} |`;
}

/** @param {string | undefined} text */
function line(text) {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}
